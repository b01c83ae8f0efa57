/** Choosing a protocol on the command line, and comparing two. */
import { cpSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { openWorkplace } from "./testing.ts";

const place = openWorkplace();
cpSync(fileURLToPath(new URL("../../workloads/fifo-shortcut.yaml", import.meta.url)), join(place.path, "fifo.yaml"));
afterAll(() => {
  place.remove();
});

test("the scenario's protocol runs, and the report names it", async () => {
  const { code, out } = await place.run("run", "fifo.yaml", "--json");
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({
    protocol: "fifo",
    properties: { "causal-delivery": { verdict: "violated" } },
  });
});

test("another one can be named, and the run is another; its replay remembers it", async () => {
  const { code, out } = await place.run("run", "fifo.yaml", "--protocol", "causeway");
  expect(code).toBe(1);
  expect(out).toContain("causal-delivery was to be seen violated, and was not");
  const [name = ""] = /causeway-replay-\w+\.json/.exec(out) ?? [];
  expect(readFileSync(join(place.path, name), "utf8")).toContain('"protocol": "causeway"');
  expect((await place.run("replay", name)).err).toContain("the digest is the recorded one");
});

test("a run under FIFO forwarding repeats itself", async () => {
  const { err } = await place.run("run", "fifo.yaml", "--protocol", "fifo-handshake", "--twice");
  expect(err).toContain("twice the same");
});

test.each([
  [
    ["run", "fifo.yaml", "--protocol", "fiffo"],
    "--protocol fiffo: protocol: expected causeway, fifo or fifo-handshake",
  ],
  [["run", "fifo.yaml", "--plant", "apply-on-arrival"], "planted bugs are the core's, and the scenario runs fifo"],
  [["compare", "--seeds", "0"], "expected a whole number from 1"],
  [["compare", "--only", "tre"], "did you mean tree?"],
])("%j is refused", async (argv, why) => {
  const { code, err } = await place.run(...argv);
  expect(code).toBe(2);
  expect(err).toContain(why);
});

test("a comparison prints counts as an object", async () => {
  const { code, out } = await place.run("compare", "--seeds", "3", "--only", "tree", "expiry", "--json");
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({
    seeds: 3,
    situations: [
      { name: "tree", fifo: { violating: 0, losing: 0 }, core: { violating: 0, losing: 0 }, surprises: [] },
      { name: "expiry", fifo: { protocol: "fifo", violating: 3 }, core: { violating: 0, losing: 0 } },
    ],
  });
});
