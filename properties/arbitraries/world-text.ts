// A world in a few lines for people: what fast-check prints of a counterexample. Leaves out what is at its default.

import { renderMicros } from "../../sim/cli/tables.ts";
import { faultText } from "../../sim/report/episodes.ts";
import { wordsOf } from "../../sim/run/fault-timeline.ts";
import type { Fault, Scenario, ScriptStep } from "../../sim/scenario/scenario.ts";

/** The world's lines, each with a newline before it. */
export function describeWorld(world: Scenario): string {
  const { topology, script, clocks, faults } = world;
  const arrow = { up: "<-", down: "->", both: "<->" } as const;
  const lines = [
    `world of seed ${world.seed}`,
    ...topology.cloudlets.map(({ name, upper }) => `cloudlet ${name}${upper === undefined ? "" : ` under ${upper}`}`),
    ...topology.scopes.map(({ prefix, resolver }) => `scope ${prefix} ${resolver ?? "lww-hlc"}`),
    ...topology.flows.map(
      ({ scope, upper, lower, direction }) => `flow of ${scope}: ${upper} ${arrow[direction]} ${lower}`,
    ),
    ...topology.links.map(({ a, b, forth }) => `link ${a} ${b}, ${renderMicros(forth.delay)}`),
    ...clocks.map(
      ({ cloudlet, offset }) => `clock of ${cloudlet} ${offset < 0 ? "-" : "+"}${renderMicros(Math.abs(offset))}`,
    ),
    ...faults.map(plannedText),
    ...script.map((step) => `${renderMicros(step.at)}: ${step.session} at ${step.cloudlet}: ${operationText(step)}`),
  ];
  return lines.map((line) => `\n  ${line}`).join("");
}

// Until everything is healed, where no end is told.
function plannedText(fault: Fault): string {
  const from = "from" in fault ? fault.from : fault.at;
  const until = "until" in fault ? fault.until : "after" in fault ? fault.at + fault.after : null;
  return `${renderMicros(from)}: ${faultText(wordsOf(fault))}${until === null ? "" : ` until ${renderMicros(until)}`}`;
}

function operationText({ op }: ScriptStep): string {
  if (!("key" in op)) return op.kind;
  return `${op.kind} ${op.key}${"value" in op ? ` = ${op.value}` : ""}`;
}
