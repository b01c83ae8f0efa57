// Planted bugs of the control layer: each a rule of it in a form that looks right, and what of a small world shows it.

import type { ControlRules } from "../../model/control/rules.ts";

/** One wrong rule. */
export interface ControlPlant {
  readonly name: string;
  readonly says: string;
  readonly rules: () => Partial<ControlRules>;
  /** What is said where it shows. */
  readonly symptom: RegExp;
  /** In so many hard worlds it shows at least once. */
  readonly within: number;
}

/** All of them. */
export const controlPlants: readonly ControlPlant[] = [
  {
    name: "heeds-nobody",
    says: "Operations are accepted whoever asks.",
    rules: () => ({ heedsAuthority: () => false }),
    symptom: /was accepted: a tenant's/,
    within: 40,
  },
  {
    name: "intent-after-deed",
    says: "A plane is told before that is written down.",
    rules: () => ({ storesIntent: () => false }),
    symptom: /handed to a plane twice/,
    within: 100,
  },
  {
    name: "tells-again",
    says: "After a restart a plane is told again of what it was at.",
    rules: () => ({ asksAfterRestart: () => false }),
    symptom: /handed to a plane twice/,
    within: 100,
  },
  {
    name: "never-waits",
    says: "An operation does not wait for those that it comes after.",
    rules: () => ({ awaitsAfter: () => false }),
    symptom: /began before .* was done/,
    within: 60,
  },
  {
    name: "never-cascades",
    says: "An operation is carried out though what it comes after was not.",
    rules: () => ({ cascades: () => false }),
    symptom: /was carried out though/,
    within: 60,
  },
  {
    name: "end-beats-done",
    says: "What expired elsewhere while it was done is told as expired.",
    rules: () => ({ doneBeatsEnd: () => false }),
    symptom: /and had begun/,
    within: 200,
  },
  {
    name: "tells-provisional",
    says: "An end is told before the target has confirmed it.",
    rules: () => ({ tellsProvisional: () => true }),
    symptom: /and had begun/,
    within: 200,
  },
  {
    name: "begins-late",
    says: "An operation begins though its time is over.",
    rules: () => ({ beginsLate: () => true }),
    symptom: /began when its time was over/,
    within: 60,
  },
  {
    name: "keeps-all",
    says: "Queues take more than they may hold.",
    rules: () => ({ keepsCaps: () => false }),
    symptom: /keeps \d+ operations/,
    within: 60,
  },
  {
    name: "removes-unreceipted",
    says: "A custodian takes its copy away before the next one has said that it has one.",
    rules: () => ({ awaitsReceipt: () => false }),
    symptom: /was accepted and has no end/,
    within: 60,
  },
  {
    name: "planes-need-uppers",
    says: "A plane of its own does nothing while the upper is out of reach.",
    rules: () => ({ executor: (right, isUpperReachable) => (isUpperReachable ? right : "noPlane") }),
    symptom: /was accepted and has no end/,
    within: 20,
  },
  {
    name: "planes-out-of-nothing",
    says: "A cloudlet without planes carries operations out all the same.",
    rules: () => ({ executor: (right) => (right === "noPlane" ? "own" : right) }),
    symptom: /by a plane that is not there/,
    within: 60,
  },
];

/** Those that show where targets are closed. */
export const closingPlants: readonly ControlPlant[] = [
  {
    name: "closes-nothing",
    says: "What was given up stays open though its target is confirmed as failed.",
    rules: () => ({ closes: () => false }),
    symptom: /was accepted and has no end/,
    within: 60,
  },
  {
    name: "begins-closed",
    says: "A target that comes back begins what stands there, without word from whoever issued it.",
    rules: () => ({ awaitsClearance: () => false }),
    symptom: /began, and had ended since its target was closed/,
    within: 400,
  },
];

/** A bug that costs nothing but room: no world is wrong with it. */
export const keepsHanded = {
  name: "keeps-handed",
  says: "A custodian keeps what it has handed on.",
  rules: (): Partial<ControlRules> => ({ removesHanded: () => false }),
} as const;

/** The planted bug of that name, or null. */
export function controlPlantNamed(name: string): ControlPlant | null {
  return [...controlPlants, ...closingPlants].find((plant) => plant.name === name) ?? null;
}
