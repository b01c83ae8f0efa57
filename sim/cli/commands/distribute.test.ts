/** `causeway distribute` as a caller sees it: a scenario as well as a map, every site, JSON, and what is refused. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openWorkplace, type Workplace } from "../testing.ts";

let place: Workplace;
beforeAll(() => {
  place = openWorkplace();
  const scenario = (tree: string): string =>
    `causeway: 1
name: two
seed: 1
topology: { tree: ${tree} }
scopes: [{ name: state, prefix: state/ }]
flows: [{ scope: state, between: tree, direction: both }]
links: { defaults: { delay: 20ms, bandwidth: 100Mbit } }
duration: 1s
`;
  writeFileSync(join(place.path, "two.yaml"), scenario("{ center: { west: { hut: } } }"));
  writeFileSync(join(place.path, "forest.yaml"), scenario("{ center: { west: }, other: { east: } }"));
});
afterAll(() => {
  place.remove();
});

test("the links of a scenario, site by site", async () => {
  const { code, out, err } = await place.run("distribute", "two.yaml", "--way", "relayed", "--sites");
  expect({ code, err }).toEqual({ code: 0, err: "" });
  expect(out).toMatchInlineSnapshot(`
    "map       sites  way      last  simulated  theory  differs  sent again
    two.yaml      3  relayed  hut   200ms      200ms   0.00 %            0

    two.yaml, relayed
    site    simulated  theory
    center  0us        0us
    west    100ms      100ms
    hut     200ms      200ms
    "
  `);
});

test("the same for programs", async () => {
  const { out } = await place.run("distribute", "two.yaml", "--way", "direct", "--json");
  const [found, ...others] = JSON.parse(out) as readonly { readonly way: string; readonly sites: readonly unknown[] }[];
  expect(others).toEqual([]);
  expect(found).toMatchObject({ map: "two.yaml", way: "direct", repeated: 0 });
  expect(found?.sites.slice(0, 2)).toMatchObject([
    { site: "center", upper: null, simulated: 0, expected: 0 },
    { site: "west", upper: "center", expected: 100_000 },
  ]);
});

test.each([
  [
    "nothing.json",
    [],
    "nothing.json: expected a file, a folder or a .tar.gz, found nothing there; name one that exists",
  ],
  ["forest.yaml", [], "forest.yaml: expected one tree of two sites or more, found 2 trees with 4 sites in all"],
  ["two.yaml", ["--size", "1GB"], "--size: expected at most 100MB, since it is sent as one record; take a smaller one"],
  ["two.yaml", ["--size", "0B"], "option '--size <size>' argument '0B' is invalid. expected more than nothing."],
])("%s %j is refused", async (map, words, said) => {
  const { code, out, err } = await place.run("distribute", map, ...words);
  expect({ code, out }).toEqual({ code: 2, out: "" });
  expect(err).toContain(said);
});

test("where one map is refused the others are shown, and the exit code says so", async () => {
  const { code, out } = await place.run("distribute", "forest.yaml", "two.yaml", "--way", "relayed");
  expect(code).toBe(2);
  expect(out).toContain("two.yaml");
});
