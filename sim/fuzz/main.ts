/** The entry of `npm run fuzz -- --inputs COUNT --seed SEED`: a long attack, what it met, and whether anything gave way. */
import { parseArgs } from "node:util";
import { wallclockMilliseconds } from "../cli/wallclock.ts";
import { mustMeet, runCampaign } from "./campaign.ts";

const { values } = parseArgs({
  options: { inputs: { type: "string", default: "1000000" }, seed: { type: "string", default: "1" } },
});
const inputs = Number(values.inputs);
if (!Number.isSafeInteger(inputs) || inputs < 1 || values.seed === "") {
  process.stderr.write(
    `--inputs: expected a whole number of at least 1, found ${values.inputs}; and --seed must not be empty\n`,
  );
  process.exit(2);
}
const began = wallclockMilliseconds();
const { flaws, met } = runCampaign(values.seed, inputs);
const seconds = (wallclockMilliseconds() - began) / 1_000;
const lines = [...met]
  .sort(([, one], [, other]) => other - one)
  .map(([name, times]) => `${String(times).padStart(9)}  ${name}`);
const missed = mustMeet.filter((name) => !met.has(name));
process.stdout.write(`seed ${values.seed}\n${lines.join("\n")}\n`);
for (const flaw of flaws) process.stdout.write(`flaw: ${flaw}\n`);
for (const name of missed) process.stdout.write(`never met: ${name}\n`);
const isPassed = flaws.length === 0 && missed.length === 0;
process.stdout.write(
  `${isPassed ? "passed" : "failed"}: ${inputs} inputs, ${Math.round(inputs / seconds)} per second, ${flaws.length} flaws, ${met.size} classes met\n`,
);
process.exitCode = isPassed ? 0 : 1;
