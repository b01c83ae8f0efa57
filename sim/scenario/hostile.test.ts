/** Files made to hurt: without end, without sense, or cut at any place. Each is refused with bounded work, never thrown. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { prop } from "../../properties/prop.ts";
import { scenario, told } from "./testing.ts";
import { starterScenario } from "../cli/starter.ts";

describe("hostile files", () => {
  test("an alias bomb is refused after a bounded amount of work", () => {
    const bomb = ["a: &a [x, x, x, x, x, x, x, x, x]"];
    for (let index = 0; index < 12; index += 1) {
      const [name, below] = [String.fromCharCode(98 + index), String.fromCharCode(97 + index)];
      bomb.push(`${name}: &${name} [${new Array(9).fill(`*${below}`).join(", ")}]`);
    }
    const lines = told(`${bomb.join("\n")}\n`);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(
      /^s\.yaml:\d+:\d+: the aliases of this file unfold to more than 20000 values; write out what is meant$/,
    );
  });

  test.each([
    ["brackets", "[".repeat(100_000)],
    ["closed brackets", `${"[".repeat(50_000)}${"]".repeat(50_000)}`],
    ["maps", Array.from({ length: 1_000 }, (_, depth) => `${" ".repeat(depth)}a:`).join("\n")],
  ])("%s without end are refused, not overflown", (_, text) => {
    const lines = told(text);
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) expect(line).toMatch(/^s\.yaml:\d+:\d+: (nested|expected YAML)/);
  });

  test("a hundred thousand keys take linear time", () => {
    const lines = told(scenario(...Array.from({ length: 100_000 }, (_, index) => `k${index}: 1`)));
    expect(lines).toHaveLength(21);
    expect(lines[20]).toBe("... and 99980 more");
  });

  prop(
    "a damaged scenario is read or refused with places, never thrown",
    fc.record({
      at: fc.nat(2_000),
      length: fc.nat(30),
      insert: fc.oneof(
        fc.string({ maxLength: 12 }),
        fc.constantFrom("*a", "&a ", "- ", "{", "]", ": ", "\t", "!!set ", "|\n", "? ", "%", "null"),
      ),
    }),
    ({ at, length, insert }) => {
      const whole = starterScenario("story");
      const text = whole.slice(0, at) + insert + whole.slice(at + length);
      for (const line of told(text)) expect(line).toMatch(/^s\.yaml:\d+:\d+: .|^\.\.\. and \d+ more$/);
    },
    { numRuns: 300 },
  );
});
