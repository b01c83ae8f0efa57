// Planted bugs of the control layer: each a rule of it in a form that looks right, and what of a small world, or of a whole run, shows it.

import type { ControlRules } from "../../model/control/rules.ts";
import type { OracleName } from "../oracles/names.ts";

/** What a small world says of a wrong rule. */
interface SmallSymptom {
  /** What is said where it shows. */
  readonly symptom: RegExp;
  /** In so many hard worlds it shows at least once. */
  readonly within: number;
}

/** One wrong rule. */
export interface ControlPlant {
  readonly name: string;
  readonly says: string;
  readonly rules: () => Partial<ControlRules>;
  /** Properties of whole runs that notice it; left out where only small worlds do. */
  readonly catches?: readonly OracleName[];
  /** How small worlds notice it; left out where only whole runs do. */
  readonly small?: SmallSymptom;
}

/** All of them. */
export const controlPlants: readonly ControlPlant[] = [
  {
    name: "heeds-nobody",
    says: "Operations are accepted whoever asks.",
    rules: () => ({ heedsAuthority: () => false }),
    catches: ["operation-authority"],
    small: { symptom: /was accepted: a tenant's/, within: 40 },
  },
  {
    name: "intent-after-deed",
    says: "A plane is told before that is written down, and not asked afterwards.",
    rules: () => ({ storesIntent: () => false, asksOfFormerLives: () => false }),
    catches: ["at-most-one-effect"],
    small: { symptom: /handed to a plane twice/, within: 100 },
  },
  {
    name: "tells-again",
    says: "After a restart a plane is told again of what it was at.",
    rules: () => ({ asksAfterRestart: () => false }),
    catches: ["at-most-one-effect"],
    small: { symptom: /handed to a plane twice/, within: 100 },
  },
  {
    name: "gives-up-silent",
    says: "What a plane does not answer for is given up, though somebody waits for it.",
    rules: () => ({ asksAgain: () => false }),
    small: { symptom: /nobody had given it up/, within: 200 },
  },
  {
    name: "never-waits",
    says: "An operation does not wait for those that it comes after.",
    rules: () => ({ awaitsAfter: () => false }),
    catches: ["operation-order"],
    small: { symptom: /began before .* was done/, within: 60 },
  },
  {
    name: "never-cascades",
    says: "An operation is carried out though what it comes after was not.",
    rules: () => ({ cascades: () => false }),
    catches: ["operation-order"],
    small: { symptom: /was carried out though/, within: 60 },
  },
  {
    name: "end-beats-done",
    says: "What expired elsewhere while it was done is told as expired.",
    rules: () => ({ doneBeatsEnd: () => false }),
    catches: ["operation-ends"],
    small: { symptom: /and had begun/, within: 200 },
  },
  {
    name: "tells-provisional",
    says: "An end is told before the target has confirmed it.",
    rules: () => ({ tellsProvisional: () => true }),
    catches: ["operation-ends"],
    small: { symptom: /and had begun/, within: 200 },
  },
  {
    name: "begins-late",
    says: "An operation begins though its time is over.",
    rules: () => ({ beginsLate: () => true }),
    small: { symptom: /began when its time was over/, within: 60 },
  },
  {
    name: "keeps-all",
    says: "Queues take more than they may hold.",
    rules: () => ({ keepsCaps: () => false }),
    catches: ["queue-caps"],
    small: { symptom: /keeps \d+ operations/, within: 60 },
  },
  {
    name: "removes-unreceipted",
    says: "A custodian takes its copy away before the next one has said that it has one.",
    rules: () => ({ awaitsReceipt: () => false }),
    catches: ["operations-over"],
    small: { symptom: /was accepted and has no end/, within: 60 },
  },
  {
    name: "planes-need-uppers",
    says: "A plane of its own does nothing while the upper is out of reach.",
    rules: () => ({ executor: (right, isUpperReachable) => (isUpperReachable ? right : "noPlane") }),
    small: { symptom: /was accepted and has no end/, within: 20 },
  },
  {
    name: "planes-out-of-nothing",
    says: "A cloudlet without planes carries operations out all the same.",
    rules: () => ({ executor: (right) => (right === "noPlane" ? "own" : right) }),
    catches: ["operation-authority"],
    small: { symptom: /by a plane that is not there/, within: 60 },
  },
  {
    name: "forgets-beside",
    says: "An operation does not wait for earlier ones of its issuer on the same object.",
    rules: () => ({ awaitsBeside: () => false }),
    catches: ["operation-order"],
  },
  {
    name: "accepts-online-only",
    says: "Nothing is accepted while the upper cannot be reached.",
    rules: () => ({ acceptsWhile: (isUpperReachable) => isUpperReachable }),
    catches: ["operation-answers"],
  },
  {
    name: "answers-online-only",
    says: "Who asks while the upper cannot be reached is not answered.",
    rules: () => ({ answersWhile: (isUpperReachable) => isUpperReachable }),
    catches: ["operation-answers"],
  },
];

/** Those that show where targets are closed. */
export const closingPlants: readonly (ControlPlant & Required<Pick<ControlPlant, "small">>)[] = [
  {
    name: "closes-nothing",
    says: "What was given up stays open though its target is confirmed as failed.",
    rules: () => ({ closes: () => false }),
    small: { symptom: /was accepted and has no end/, within: 60 },
  },
  {
    name: "begins-closed",
    says: "A target that comes back begins what stands there, without word from whoever issued it.",
    rules: () => ({ awaitsClearance: () => false }),
    small: { symptom: /began, and had ended since its target was closed/, within: 400 },
  },
];

/** Those that show where plans change. */
export const replanPlants: readonly (ControlPlant & Required<Pick<ControlPlant, "small">>)[] = [
  {
    name: "keeps-old-authority",
    says: "A target begins what somebody issued who is not above it any more.",
    rules: () => ({ judgesOnArrival: () => false }),
    small: { symptom: /which is not above \d+ any more/, within: 60 },
  },
  {
    name: "forgets-detached",
    says: "What was issued for somebody who was detached since stays open.",
    rules: () => ({ closes: () => false }),
    small: { symptom: /was accepted and has no end/, within: 60 },
  },
  {
    name: "leaves-beside",
    says: "What was given back after a change of plans goes on from nowhere.",
    rules: () => ({ takesBack: () => false }),
    small: { symptom: /was accepted and has no end/, within: 200 },
  },
];

/** Those that show where operations need a later version than their targets have. */
export const upgradePlants: readonly ControlPlant[] = [
  {
    name: "begins-unread",
    says: "A site begins what it is too old for.",
    rules: () => ({ awaitsVersion: () => false }),
    catches: ["operation-order"],
  },
];

/** Those that show where disks lose what was written of operations. */
export const disklessPlants: readonly ControlPlant[] = [
  {
    name: "trusts-its-disk",
    says: "What nothing stands of is taken for new, whatever the disk may have lost.",
    rules: () => ({ asksOfFormerLives: () => false }),
    catches: ["at-most-one-effect"],
  },
];

/** Those that show where planes forget with the disks that are lost. */
export const forgetfulPlants: readonly ControlPlant[] = [
  {
    name: "begins-without-answer",
    says: "A target that has lost its disk begins what comes again before whoever issued it has answered.",
    rules: () => ({ awaitsAnswer: () => false }),
    catches: ["at-most-one-effect"],
  },
  {
    name: "keeps-forgotten",
    says: "What lay with a custodian that has lost its disk stays open at its issuer.",
    rules: () => ({ givesUpForgotten: () => false }),
    catches: ["operations-over"],
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
  return [...controlPlants, ...closingPlants, ...replanPlants].find((plant) => plant.name === name) ?? null;
}
