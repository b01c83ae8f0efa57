// A swarm put into a scenario: as settings for a run, and as the text of a file that says all of it, so that what was drawn is a value
// that a person can read, keep and cut down. Both say the same, and running the one is running the other.
//
// Expectations of a swarm run are the properties. What a scenario asks of its own story (marks, bounds) cannot be asked of another
// one, and what its faults make impossible is suspended: both are said in words.

import { Document, isMap, parseDocument } from "yaml";
import { type FaultRow, faultTable } from "../faults/table.ts";
import type { Setting } from "../scenario/read.ts";
import { quirkNamed } from "../quirks/table.ts";
import type { OracleName } from "../oracles/names.ts";
import { quirkForm } from "../scenario/form-of.ts";
import type { QuirkForm } from "../scenario/resolve-quirks.ts";
import type { Scenario } from "../scenario/scenario.ts";
import type { Swarm } from "./draw-swarm.ts";

/** Sections of the scenario that a swarm brings. */
export interface SwarmSections {
  readonly faults: readonly unknown[];
  /** Those of the scenario and the drawn ones, as a form has them. */
  readonly quirks: readonly QuirkForm[];
  readonly core: readonly string[];
  readonly expectations: {
    readonly always: readonly OracleName[];
    readonly eventually: readonly OracleName[];
  };
  /** Marks that the scenario lists: not asked of one run, whose story is another, but of many together. */
  readonly listed: readonly string[];
  /** What is not expected of the run, and why: one sentence each. */
  readonly suspended: readonly string[];
}

/** The sections, with the faults that the text has already, as it has them or settings do, before the drawn ones. */
export function swarmSections(
  ownFaults: readonly unknown[],
  { expectations: expected, quirks: own = [] }: Pick<Scenario, "expectations" | "quirks">,
  swarm: Swarm,
): SwarmSections {
  const faults = [...ownFaults, ...swarm.faults];
  const named = new Set(faults.flatMap((fault) => Object.keys(fault as object)));
  const ownNames = new Set(own.map(({ quirk }) => quirk));
  const quirks = [...own, ...swarm.quirks.filter(({ quirk }) => !ownNames.has(quirk))];
  const rows: readonly Pick<FaultRow, "name" | "suspends">[] = [
    ...faultTable,
    ...quirks.map(({ quirk }) => quirkNamed(quirk)),
  ];
  for (const { quirk } of quirks) named.add(quirk);
  const suspended: string[] = [];
  const impossible = new Set<string>();
  for (const { name, suspends } of rows) {
    if (suspends === undefined || !named.has(name)) continue;
    for (const property of suspends.properties) {
      // Records that disks took are excused one by one (oracles/suspended.ts).
      if (property === "durability" || impossible.has(property) || !expected.always.includes(property)) continue;
      impossible.add(property);
      suspended.push(`${property} is suspended because of ${name}: ${suspends.why}`);
    }
  }
  if (expected.sometimes.length > 0) suspended.push("marks of the scenario's own story are not asked for");
  if (expected.bounds.length > 0) suspended.push("bounds of the scenario's own story are not asked for");
  const always = expected.always.filter((property) => !impossible.has(property));
  const expectations = { always, eventually: expected.eventually };
  return {
    faults,
    quirks: quirks.map(quirkForm),
    core: swarm.core,
    expectations,
    listed: expected.sometimes,
    suspended,
  };
}

/** The sections as `--set` would give them. */
export function swarmSettings(
  { faults, quirks, core, expectations }: SwarmSections,
  label: string,
): readonly Setting[] {
  const set = (path: string, data: unknown): Setting => ({ label, path, data });
  return [set("faults", faults), set("quirks", quirks), set("core", core), set("expectations", expectations)];
}

/** The text with these sections in place of its own; its comments stay. */
export function withSections(text: string, sections: SwarmSections, seed: string): string {
  const { faults, quirks, core, expectations } = sections;
  const document = parseDocument(text);
  if (!isMap(document.contents)) return text;
  document.set("seed", /^(0|[1-9][0-9]{0,14})$/.test(seed) ? Number(seed) : seed);
  const lines = new Document(faults);
  const { contents } = lines;
  if (contents !== null && "items" in contents) {
    for (const item of contents.items) if (isMap(item)) item.flow = true;
  }
  document.set("faults", contents);
  document.set("quirks", document.createNode(quirks, { flow: true }));
  document.set("core", document.createNode(core, { flow: true }));
  document.set("expectations", expectations);
  return document.toString({ lineWidth: 0 });
}

/** What was drawn, for people: kinds, faults as a scenario has them, the core, what is not expected. */
export function describeSwarm(seed: string, swarm: Swarm, { suspended }: SwarmSections): string {
  const { on, off, faults, quirks, core } = swarm;
  const head = [`swarm ${seed}: kinds on: ${on.join(", ")}`, `off: ${off.join(", ") || "none"}`].join("\n  ");
  const drawn = faults.map((fault) => {
    const node = new Document(fault);
    if (isMap(node.contents)) node.contents.flow = true;
    return `  - ${node.toString({ lineWidth: 0 }).trimEnd()}\n`;
  });
  const rest = suspended.map((sentence) => `  ${sentence}\n`);
  return `${head}\n${drawn.join("")}  quirks: ${quirks.map(({ quirk }) => quirk).join(", ") || "none"}\n  core: ${core.join(", ")}\n${rest.join("")}\n`;
}
