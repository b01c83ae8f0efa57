/** The page of a run: whole in one file, safe whatever names it shows, and the same for the same run. */
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runResultSchema } from "../cli/run-result.ts";
import { openWorkplace } from "../cli/testing.ts";
import type { RunReport } from "../run/report.ts";

const place = openWorkplace();
afterAll(() => {
  place.remove();
});

const hostile = "</script><script>alert(1)</script>";
const scenario = (name: string): string => `causeway: 1
name: ${JSON.stringify(name)}
seed: 1
topology: { tree: { a: { b: { c: }, d: } } }
scopes: [{ name: s, prefix: "s<i>/", resolver: return-them-all }]
flows: [{ scope: s, between: tree, direction: both }]
links: { defaults: { delay: 10ms, loss: 5% } }
clients: [{ name: all, at: all, think: 50ms, mix: [{ put: "s<i>/", keys: 2 }, { get: "s<i>/", keys: 2 }] }]
faults: [{ linkDown: [a, b], from: 1s, until: 2s }, { crash: c, at: 500ms, for: 100ms }]
duration: 3s
`;

function write(file: string, text: string): void {
  writeFileSync(join(place.path, file), text);
}

async function pageOf(...argv: string[]): Promise<{ readonly text: string; readonly code: number }> {
  const { code } = await place.run("run", ...argv, "--html", "page.html");
  return { text: readFileSync(join(place.path, "page.html"), "utf8"), code };
}

const dataOf = (text: string): Record<string, unknown> => {
  const [, json = ""] = /<script type="application\/json" id="data">(.*?)<\/script>/s.exec(text) ?? [];
  return JSON.parse(json) as Record<string, unknown>;
};

describe("a page", () => {
  let text = "";
  beforeAll(async () => {
    write("s.yaml", scenario("plain"));
    text = (await pageOf("s.yaml", "--set", "duration=4s")).text;
  });

  test("needs nothing beside itself", () => {
    expect(text).toMatch(/^<!doctype html>/);
    expect(text).not.toMatch(/\b(?:src|href)="(?!data:,)/);
    expect(text).not.toMatch(/https?:\/\/(?!www\.w3\.org\/2000\/svg)/);
    expect(text).toContain("default-src 'none'");
  });

  test("has all its parts", () => {
    const parts = [
      "verdict",
      "topology-title",
      "conflicts-title",
      "faults",
      "visible-p50",
      "visible-p99",
      "links",
      "redundant",
      "siblings",
      "waiting",
    ];
    for (const id of parts) expect(text).toContain(`id="${id}"`);
    for (const caption of ["Metrics", "Marks", "Visibility by flow", "Traffic by link"])
      expect(text).toContain(caption);
    for (const label of ["link down a - b", "crash c", "layer 1", "a -&gt; b"]) expect(text).toContain(label);
  });

  test("tells of each fault when it was and what it hit, as the report has it", () => {
    const { report } = dataOf(text) as { readonly report: RunReport };
    const [crash, cut] = report.faults.events;
    expect([crash?.kind, cut?.kind]).toEqual(["crash", "linkDown"]);
    expect(cut?.hits).toContainEqual({ what: "ways closed", count: 2 });
    expect(text).toContain("<title>link down a - b, 1s to 2s; hit: 2 ways closed");
    expect(crash?.hits).toEqual([]);
    expect(text).toContain("<title>crash c, 500ms to 600ms; hit: nothing</title>");
  });

  test("names the command that repeats its run", () => {
    expect(text).toContain("<code>npx causeway run s.yaml --set duration=4s</code>");
  });

  test("holds its report as data", async () => {
    const { out } = await place.run("run", "s.yaml", "--set", "duration=4s", "--json");
    const { digest } = JSON.parse(out) as { readonly digest: string };
    expect(dataOf(text)).toMatchObject({ report: { digest, scenario: "plain" }, end: expect.any(Number) as number });
  });

  test("is the same for the same run, to the byte", async () => {
    expect((await pageOf("s.yaml", "--set", "duration=4s")).text).toBe(text);
  });
});

test("decisions about members are a table, and on the timeline from the decision to the return; as data they keep the schema", async () => {
  const away = scenario("away").replace("return-them-all", "return-them-all, collect: 100ms");
  write("away.yaml", `${away}detachments: [{ at: 1500ms, decides: a, detach: b }]\n`);
  const { text } = await pageOf("away.yaml");
  expect(text).toContain("Decisions about members, and what came of them");
  expect(text).toContain("a detaches b");
  const { absences = [] } = runResultSchema.parse(JSON.parse((await place.run("run", "away.yaml", "--json")).out));
  expect(absences.map(({ kind, cloudlet, member }) => `${kind} ${cloudlet} ${member}`)).toEqual([
    "detached a b",
    "returned b b",
  ]);
  expect((await place.run("run", "away.yaml")).out).toMatch(/^1\.5s +a +detached +b +in scope s$/m);
});

test("names cannot break out of the page", async () => {
  write("hostile.yaml", scenario(hostile));
  const { text } = await pageOf("hostile.yaml");
  expect(text).not.toContain(hostile);
  expect(text).toContain("&lt;/script&gt;&lt;script&gt;alert(1)");
  expect(text).not.toContain("s<i>");
  expect(dataOf(text)).toMatchObject({ report: { scenario: hostile } });
});

test("a run that fails leaves its page too, with its evidence and the replay", async () => {
  write("s.yaml", scenario("plain"));
  const { text, code } = await pageOf("s.yaml", "--plant", "apply-on-arrival");
  expect(code).toBe(1);
  expect(text).toContain("Not as expected");
  expect(text).toMatch(/<code>causal-delivery<\/code> was violated/);
  expect(text).toMatch(/npx causeway replay causeway-replay-\w+\.json/);
  const [name = ""] = /causeway-replay-\w+\.json/.exec(text) ?? [];
  expect((await place.run("replay", name, "--html", "again.html")).code).toBe(1);
  expect(readFileSync(join(place.path, "again.html"), "utf8")).toContain("Not as expected");
});

describe("a page is not written", () => {
  test.each([
    [["--html", "s.yaml"], "--html s.yaml: it is the file that this command reads"],
    [["--html", "none/page.html"], "--html none/page.html: there is no directory"],
    [["--html", "x.out", "--trace", "x.out"], "--html x.out: it is the file that --trace names"],
  ])("with %j", async (argv, why) => {
    write("s.yaml", scenario("plain"));
    const before = statSync(join(place.path, "s.yaml")).mtimeMs;
    const { code, err, out } = await place.run("run", "s.yaml", ...argv);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain(why);
    expect(statSync(join(place.path, "s.yaml")).mtimeMs).toBe(before);
  });
});
