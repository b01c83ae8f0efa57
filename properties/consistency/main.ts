/**
 * The entry of `npm run twins -- [--histories N] [--model NAME] [--seed SEED]`: fast checkers against their twins, for as long as one
 * likes. Exit code 1 with the smallest history on which two of them differ, 2 for bad usage.
 */
import { parseArgs } from "node:util";
import { wallclockMilliseconds } from "../../sim/cli/wallclock.ts";
import { RngRoot } from "../../sim/kernel/rng.ts";
import { compareOnce, twins } from "./agreement.ts";

const HISTORIES = 100_000;
const SECOND = 1_000;

const { values } = parseArgs({
  options: {
    histories: { type: "string", default: String(HISTORIES) },
    model: { type: "string" },
    seed: { type: "string", default: "1" },
  },
});
const histories = Number(values.histories);
const chosen = twins.filter(({ model }) => values.model === undefined || model === values.model);
if (!Number.isSafeInteger(histories) || histories < 1 || values.seed === "") {
  process.stderr.write(
    `--histories: expected a whole number of at least 1, found ${values.histories}; and --seed must not be empty\n`,
  );
  process.exit(2);
}
if (chosen.length === 0) {
  process.stderr.write(
    `--model: expected one of ${twins.map(({ model }) => model).join(", ")}, found ${values.model ?? ""}\n`,
  );
  process.exit(2);
}
process.stdout.write(`seed ${values.seed}\n`);
for (const twin of chosen) {
  const rng = new RngRoot(`${values.seed} ${twin.model}`).stream;
  const census = new Map<string, number>();
  let told = wallclockMilliseconds();
  for (let done = 0; done < histories; done += 1) {
    const found = compareOnce(twin, rng, census);
    if (found !== null) {
      process.stdout.write(
        `${found.model}: the checker says ${found.checker}, the twin ${found.twin}, after ${done} histories:\n  ${found.text}\n`,
      );
      process.exit(1);
    }
    if (wallclockMilliseconds() - told < SECOND || !process.stderr.isTTY) continue;
    told = wallclockMilliseconds();
    process.stderr.write(`\r${twin.model} ${done} of ${histories} `);
  }
  const met = [...census].sort().map(([verdict, times]) => `${times} ${verdict}`);
  process.stdout.write(`${twin.model.padEnd(12)} agrees with its twin on ${histories} histories: ${met.join(", ")}\n`);
}
