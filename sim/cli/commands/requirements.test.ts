/** `causeway requirements` in process: what it takes, its table, its JSON, and what it ends with. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { requirements } from "../../../model/requirements/index.ts";
import type { MatrixRow } from "../../requirements/matrix.ts";
import { renderRequirements } from "../requirements-table.ts";
import { openWorkplace, type Workplace } from "../testing.ts";

let place: Workplace;
beforeAll(() => {
  place = openWorkplace();
});
afterAll(() => {
  place.remove();
});

const counted = (kind: string) => requirements.filter(({ coverage }) => coverage.kind === kind).length;

test("without options it prints every row, runs nothing, and adds up", async () => {
  const { code, out, err } = await place.run("requirements");
  expect({ code, err }).toEqual({ code: 0, err: "" });
  for (const { id } of requirements) expect(out).toMatch(new RegExp(`^${id} +(covered|exempt|not yet covered) `, "m"));
  const sums = `${counted("covered")} covered, ${counted("exempt")} exempt, ${counted("open")} not yet covered`;
  expect(out.endsWith(`\npassed: ${sums}\n`)).toBe(true);
  expect(out).toMatch(/^R4 is exempt: ./m);
});

test("with --run and --turn a row says whether it holds, and what turns it", async () => {
  const { code, out } = await place.run("requirements", "--run", "--turn", "--only", "D14", "D16", "--workers", "1");
  expect(code).toBe(0);
  expect(out).toMatch(/^D14 +covered and holding .* upper-by-depth in fact figure-1-pairs$/m);
  expect(out).toContain("\npassed: 2 covered and holding, 2 of 2 turned\n");
});

test("as JSON it says the same", async () => {
  const { code, out } = await place.run("requirements", "--run", "--only", "D16", "R4", "--json", "--workers", "1");
  expect(code).toBe(0);
  const { requirements: rows } = JSON.parse(out) as { requirements: readonly Record<string, unknown>[] };
  expect(rows.map(({ id, status, turned }) => [id, status, turned])).toEqual([
    ["D16", "covered and holding", null],
    ["R4", "exempt", null],
  ]);
});

test("a row that fails is named with its evidence, and so is one that nothing turns; both fail the matrix", () => {
  const [requirement] = requirements.filter(({ id }) => id === "D12");
  if (requirement === undefined) throw new Error("D12 is in the catalogue");
  const row: MatrixRow = { requirement, status: "failing", evidence: "oracle direction: it went up", turned: null };
  expect(renderRequirements([row])).toMatch(
    /\nD12 fails: oracle direction: it went up\nfailed: 1 covered and failing\n$/,
  );
  const idle: MatrixRow = { requirement, status: "holding", evidence: null, turned: { evidence: null } };
  expect(renderRequirements([idle])).toMatch(
    /\nD12 is not turned by forwards-everything in oracle direction\nfailed: 1 covered and holding, 0 of 1 turned\n$/,
  );
});

test("an id that is none is refused, with the nearest", async () => {
  const { code, err } = await place.run("requirements", "--only", "D1O");
  expect(code).toBe(2);
  expect(err).toMatch(/did you mean D\d+\?/);
});
