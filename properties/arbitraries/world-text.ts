// A world in a few lines for people: what fast-check prints of a counterexample. Leaves out what is at its default.

import { renderMicros } from "../../sim/cli/tables.ts";
import { episodesOf } from "../../sim/report/episodes.ts";
import type { Scenario, ScriptStep } from "../../sim/scenario/scenario.ts";

/** The world's lines, each with a newline before it. */
export function describeWorld(world: Scenario): string {
  const { topology, script, clocks, duration, settle } = world;
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
    ...episodesOf(world, duration + settle).map(
      ({ text, from, until }) => `${renderMicros(from)}: ${text}${until > from ? ` until ${renderMicros(until)}` : ""}`,
    ),
    ...script.map((step) => `${renderMicros(step.at)}: ${step.session} at ${step.cloudlet}: ${operationText(step)}`),
  ];
  return lines.map((line) => `\n  ${line}`).join("");
}

function operationText({ op }: ScriptStep): string {
  if (!("key" in op)) return op.kind;
  return `${op.kind} ${op.key}${"value" in op ? ` = ${op.value}` : ""}`;
}
