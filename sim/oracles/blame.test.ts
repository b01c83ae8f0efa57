/** The operation that an end names as its cause: which can be one. */
import { expect, test } from "vitest";
import type { End } from "../../model/control/ends.ts";
import type { OperationId } from "../../model/control/operation.ts";
import type { CloudletId } from "../../model/ids.ts";
import { flawOfCause } from "./blame.ts";

const [site, other] = [3, 4] as CloudletId[] as [CloudletId, CloudletId];
const cause = "1.1.7" as OperationId;
const update = { target: site, kind: "vm.update", object: "vm7" };

function said(
  end: Partial<End>,
  blamed: { readonly target: CloudletId; readonly kind: string; readonly object: string } | null,
  { after = [], beside = [] }: { after?: readonly OperationId[]; beside?: readonly OperationId[] } = {},
): string | null {
  const full = { kind: "superseded", why: "conflict", cause, ...end } as const;
  return flawOfCause({ ...update, after }, beside, full, () => blamed);
}

test("what is superseded has one of its object above it by the table, of which its issuer did not know", () => {
  const remove = { ...update, kind: "vm.delete" };
  expect(said({}, remove)).toBeNull();
  expect(said({}, { ...remove, target: other })).toMatch(/not about its object/);
  expect(said({}, { ...remove, object: "vm8" })).toMatch(/not about its object/);
  expect(said({}, { ...remove, kind: "user.delete" })).toMatch(/not about its object/);
  expect(said({}, null)).toMatch(/not about its object/);
  expect(said({ cause: null }, remove)).toMatch(/for the sake of nothing/);
  expect(said({}, remove, { beside: [cause] })).toMatch(/of which its issuer knew/);
  expect(said({}, { ...update, kind: "vm.stop" })).toMatch(/does not stand above it/);
  expect(said({ why: "executed" }, remove)).toBe("and nothing stood above it");
});

test("what ends as another one did comes after that", () => {
  expect(said({ kind: "failed", why: "after" }, null, { after: [cause] })).toBeNull();
  expect(said({ kind: "superseded", why: "after" }, null, { after: [cause] })).toBeNull();
  expect(said({ kind: "failed", why: "after" }, update)).toMatch(/which it does not come after/);
  expect(said({ kind: "failed", why: "after", cause: null }, update, { after: [cause] })).toMatch(
    /for want of nothing/,
  );
});

test("other ends name nobody", () => {
  expect(said({ kind: "expired", why: "time", cause: null }, null)).toBeNull();
});
