// All facts that rows of the catalogue name.

import { bestKnownFact } from "./best-known-fact.ts";
import { capsFact } from "./caps-fact.ts";
import { catalogueFacts } from "./catalogue-facts.ts";
import { conflictsFact } from "./conflicts-fact.ts";
import { dataClassesFact } from "./data-classes-fact.ts";
import { deploymentFacts } from "./deployment-facts.ts";
import type { Fact } from "./fact.ts";
import { innerQuorumFact } from "./inner-quorum-fact.ts";
import { layerFact } from "./layer-fact.ts";
import { managingFact } from "./managing-fact.ts";
import { markFacts } from "./mark-facts.ts";
import { metadataFact } from "./metadata-fact.ts";
import { offlineFact } from "./offline-fact.ts";
import { oneRecordFact } from "./one-record-fact.ts";
import { oneWayFact } from "./one-way-fact.ts";
import { operationFacts } from "./operation-facts.ts";
import { personasFact } from "./personas-fact.ts";
import { runFacts } from "./run-facts.ts";
import { topologyFacts } from "./topology-facts.ts";
import { upgradeFacts } from "./upgrade-facts.ts";

/** All of them. */
export const facts: readonly Fact[] = [
  ...topologyFacts,
  ...runFacts,
  ...operationFacts,
  ...markFacts,
  metadataFact,
  bestKnownFact,
  managingFact,
  offlineFact,
  personasFact,
  capsFact,
  ...catalogueFacts,
  oneRecordFact,
  conflictsFact,
  ...upgradeFacts,
  oneWayFact,
  dataClassesFact,
  innerQuorumFact,
  layerFact,
  ...deploymentFacts,
];

/** The fact of that name, or null. */
export function factNamed(name: string): Fact | null {
  return facts.find((fact) => fact.name === name) ?? null;
}
