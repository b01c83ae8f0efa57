/** `causeway export` as a caller sees it; and what it writes, imported again, is the same network. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { importText } from "../../importing/import-text.ts";
import { readScenario } from "../../scenario/read.ts";
import { renderReplay } from "../replay-file.ts";
import { openWorkplace, type Workplace } from "../testing.ts";

let place: Workplace;
beforeAll(() => {
  place = openWorkplace();
  writeFileSync(
    join(place.path, "s.yaml"),
    `causeway: 1
name: small
seed: 1
topology: { tree: { hub: { mid: { far: null }, edge: null } } }
scopes: [{ name: state, prefix: state/ }]
flows: [{ scope: state, between: tree, direction: both }]
links:
  list:
    - { between: [hub, mid], delay: 10ms, bandwidth: 1Gbit }
    - { between: [mid, far], delay: 250us, bandwidth: 1500bit, loss: 15ppm, jitter: 1ms, back: { delay: 7ms, loss: 2% } }
    - { between: [hub, edge], delay: 20ms }
clients: [{ name: people, at: all, think: 1s, mix: [{ put: state/, keys: 5 }] }]
faults:
  - { linkDown: [hub, mid], direction: forth, from: 1s, until: 3s }
  - { isolate: edge, from: 2s, until: 4s }
  - { degrade: [mid, far], loss: 50%, delay: 5ms, from: 2s, until: 4s }
  - { crash: far, at: 1s, for: 1s }
duration: 5s
`,
  );
});
afterAll(() => {
  place.remove();
});

function links(text: string, compat: "enos-2018" | "enoslib-head"): readonly string[] {
  const outcome = importText(text, { compat, root: "hub" });
  if (outcome.kind === "refused") throw new Error(JSON.stringify(outcome.problems));
  return outcome.topology.links
    .map(({ a, b, forth, back = forth }) =>
      [a, b, ...[forth, back].flatMap(({ delay, bandwidth = 0, loss = 0 }) => [delay, bandwidth, loss])].join(" "),
    )
    .sort();
}

const whole = [
  "hub edge 20000 10000000000 0 20000 10000000000 0",
  "hub mid 10000 1000000000 0 10000 1000000000 0",
  "mid far 250 1500 15 7000 1500 20000",
];

test("what is exported has the same delays, rates and losses when it is imported, in both readings", async () => {
  const { code, out, err } = await place.run("export", "s.yaml", "--to", "enoslib", "--out", "e.yaml");
  expect({ code, out }).toEqual({ code: 0, out: "wrote e.yaml: 4 cloudlets and 3 links as enoslib\n" });
  expect(err).toBe(
    [
      "s.yaml: 2 directions of links have no limit, and a rate has to be said: it is 10gbit",
      "s.yaml: jitter of 2 directions of links is left out: the format does not have it",
      "s.yaml: cloudlets without a link lose everything to each other, so that what they say goes over links alone",
      "s.yaml: who is above whom, scopes and flows are left out: the format does not have them",
      "s.yaml: faults that are left out: 4; the format has no time; --at shows links as they are at one moment",
      "",
    ].join("\n"),
  );
  const text = readFileSync(join(place.path, "e.yaml"), "utf8");
  expect(links(text, "enos-2018")).toEqual(whole);
  expect(links(text, "enoslib-head")).toEqual(whole);
  expect((await place.run("export", "s.yaml", "--to", "enoslib", "--out", "e.yaml")).code).toBe(2);
});

test("at one moment links are as faults have left them", async () => {
  const { out, err } = await place.run("export", "s.yaml", "--to", "enoslib", "--at", "2s");
  const rule = (src: string, dst: string): string =>
    new RegExp(String.raw`src: ${src}, dst: ${dst}, (.*?) \}`, "u").exec(out)?.[1]?.replaceAll('"', "") ?? "";
  expect(rule("hub", "mid")).toBe("delay: 10ms, rate: 1gbit, loss: 100%");
  expect(rule("mid", "hub")).toBe("delay: 10ms, rate: 1gbit, loss: 0%");
  expect(rule("hub", "edge")).toBe("delay: 20ms, rate: 10gbit, loss: 100%");
  expect(rule("far", "mid")).toBe("delay: 12ms, rate: 1.5kbit, loss: 51%");
  expect(err).toContain("s.yaml: faults that are left out: 1; what is shown is one moment\n");
});

test("what happens at a time goes along where the format has time: a schedule, or profiles beside the file", async () => {
  const kollaps = await place.run("export", "s.yaml", "--to", "kollaps");
  expect(kollaps.out.split("\n").filter((line) => line.includes("<schedule"))).toMatchInlineSnapshot(`
    [
      "    <schedule time="0" name="far" action="join"/>",
      "    <schedule time="1" name="far" action="crash"/>",
      "    <schedule time="1" origin="hub" dest="mid" drop="1"/>",
      "    <schedule time="2" name="far" action="join"/>",
      "    <schedule time="2" origin="mid" dest="far" latency="5.25" drop="0.500008"/>",
      "    <schedule time="2" origin="far" dest="mid" latency="12" drop="0.51"/>",
      "    <schedule time="2" origin="hub" dest="edge" action="leave"/>",
      "    <schedule time="2" origin="edge" dest="hub" action="leave"/>",
      "    <schedule time="3" origin="hub" dest="mid" drop="0"/>",
      "    <schedule time="4" origin="mid" dest="far" latency="0.25" drop="0.000015"/>",
      "    <schedule time="4" origin="far" dest="mid" latency="7" drop="0.02"/>",
      "    <schedule time="4" origin="hub" dest="edge" action="join"/>",
      "    <schedule time="4" origin="edge" dest="hub" action="join"/>",
    ]
  `);
  const { code, out, err } = await place.run("export", "s.yaml", "--to", "simgrid", "--out", "p.xml");
  expect({ code, out }).toEqual({
    code: 0,
    out: "wrote p.xml: 4 cloudlets and 3 links as simgrid, with 6 profiles beside it\n",
  });
  expect(err).toContain("s.yaml: loss and jitter that faults add are left out: the format does not have them\n");
  const platform = readFileSync(join(place.path, "p.xml"), "utf8");
  const profiles = [...platform.matchAll(/id="(\S+)".*? (\w+)_file="(\S+)"/gu)].map(
    ([, of = "", what = "", path = ""]) =>
      `${of} ${what}: ${readFileSync(join(place.path, path), "utf8").trim().replaceAll("\n", ", ")}`,
  );
  expect(profiles).toMatchInlineSnapshot(`
    [
      "far state: 1 0, 2 1",
      "hub:mid state: 1 0, 3 1",
      "mid:far latency: 2 0.00525, 4 0.00025",
      "far:mid latency: 2 0.012, 4 0.007",
      "hub:edge state: 2 0, 4 1",
      "edge:hub state: 2 0, 4 1",
    ]
  `);
  const again = await place.run("export", "s.yaml", "--to", "simgrid", "--out", "q.xml");
  expect(again.err).toContain("small-profiles/far.state: it exists and is not overwritten");
  expect(existsSync(join(place.path, "q.xml"))).toBe(false);
  expect((await place.run("export", "s.yaml", "--to", "simgrid")).err).toContain(
    "6 profiles that the text names are not written; name a file with --out",
  );
});

test("the replay of a run is written as the scenario that it holds", async () => {
  const read = readScenario(readFileSync(join(place.path, "s.yaml"), "utf8"), { file: "s.yaml" });
  if (read.kind === "invalid") throw new Error(JSON.stringify(read.problems));
  const { scenario } = read;
  const text = renderReplay({ engine: "other", digest: "0", verdict: "failed", plant: null, drawn: [], scenario });
  writeFileSync(join(place.path, "found.json"), text);
  const [replay, whole] = [
    await place.run("export", "found.json", "--to", "kollaps"),
    await place.run("export", "s.yaml", "--to", "kollaps"),
  ];
  expect(replay.out).toBe(whole.out);
  writeFileSync(join(place.path, "spoilt.json"), text.replace("hub", "hut"));
  const spoilt = await place.run("export", "spoilt.json", "--to", "kollaps");
  expect({ code: spoilt.code, out: spoilt.out }).toEqual({ code: 2, out: "" });
  expect(spoilt.err).toContain("spoilt.json: ");
});

test.each([
  [["export", "s.yaml"], "required option '--to <name>' not specified"],
  [["export", "s.yaml", "--to", "svg"], "Allowed choices are enoslib"],
  [["export", "s.yaml", "--to", "enoslib", "--at", "soon"], "expected a duration"],
  [["export", "none.yaml", "--to", "enoslib"], "none.yaml: "],
  [["export", "s.yaml", "--to", "enoslib", "--out", "s.yaml", "--overwrite"], "s.yaml: "],
])("%j is refused in words, with exit code 2", async (words, expected) => {
  const { code, err } = await place.run(...words);
  expect(code).toBe(2);
  expect(err).toContain(expected);
});
