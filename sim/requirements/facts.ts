// All facts that rows of the catalogue name.

import { bestKnownFact } from "./best-known-fact.ts";
import type { Fact } from "./fact.ts";
import { markFacts } from "./mark-facts.ts";
import { metadataFact } from "./metadata-fact.ts";
import { operationFacts } from "./operation-facts.ts";
import { runFacts } from "./run-facts.ts";
import { topologyFacts } from "./topology-facts.ts";

/** All of them. */
export const facts: readonly Fact[] = [
  ...topologyFacts,
  ...runFacts,
  ...operationFacts,
  ...markFacts,
  metadataFact,
  bestKnownFact,
];

/** The fact of that name, or null. */
export function factNamed(name: string): Fact | null {
  return facts.find((fact) => fact.name === name) ?? null;
}
