// Who can read whom, and what follows for operations: what nobody on the way can read may stay open, and nothing else.

import { expect, test } from "vitest";
import type { CloudletId, Incarnation, OpId } from "../../model/ids.ts";
import { operationId } from "../../model/control/operation.ts";
import { instant } from "../../model/units.ts";
import { generateOperations } from "../run/generate-operations.ts";
import { firstPlanOf } from "../run/run.ts";
import { OperationTruth } from "./operation-truth.ts";
import { SpokenForms } from "./spoken-forms.ts";

const topology = firstPlanOf(generateOperations("forms"));
const [top, one] = [0, 1] as CloudletId[] as [CloudletId, CloudletId];
const upgraded = { kind: "versionChanged", former: 1, version: 2 } as const;

test("what is written in a newer form is read once its reader is upgraded, and what was written before always", () => {
  const forms = new SpokenForms(topology, []);
  forms.wrote(one, 1);
  forms.changed(one, upgraded);
  forms.wrote(one, 2);
  expect([forms.reads(top, 1), forms.reads(top, 2), forms.reads(one, 2)]).toEqual([true, false, true]);
  expect(forms.unreadAmong([top, one])).toEqual({ writer: one, reader: top });
  forms.changed(top, upgraded);
  expect(forms.reads(top, 2)).toBe(true);
  expect(forms.unreadAmong([top, one])).toBeNull();
});

test("an operation may stay open while its issuer cannot read its target, and no longer", () => {
  const truth = new OperationTruth(topology, null);
  const at = instant(1);
  const planes = { control: "healthy", management: "healthy" } as const;
  truth.asked(at, top, 1 as OpId, { target: one, kind: "vm.create", object: "vm", actor: "owner" });
  const operation = operationId(top, 1 as Incarnation, 1);
  truth.answered(at, 1 as OpId, { kind: "accepted", operation }, planes);
  expect(truth.isSettled).toBe(false);
  truth.machineChanged(at, one, upgraded);
  expect(truth.isSettled).toBe(true);
  truth.machineChanged(at, top, upgraded);
  expect(truth.isSettled).toBe(false);
});
