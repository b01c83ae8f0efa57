// Confirmations: their text, which of several counts, who may say so, and what fences by itself.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { prop } from "../../properties/prop.ts";
import type { CloudletId, Incarnation, StreamId } from "../ids.ts";
import type { ReplicaEvent } from "../replication/io.ts";
import { buildTopology } from "../topology/build.ts";
import { figure1 } from "../topology/figure-1.ts";
import {
  type Confirmation,
  confirmationKinds,
  confirmationReasons,
  confirmationRefusal,
  confirmationText,
  readConfirmation,
  standing,
} from "./confirmations.ts";
import {
  evidenceInEvent,
  evidenceInReports,
  evidenceInSchema,
  fences,
  type FencingEvidence,
  fencingPolicy,
} from "./fencing.ts";

const some: fc.Arbitrary<Confirmation> = fc.record({
  says: fc.constantFrom(...confirmationKinds, "clear" as const),
  by: fc.nat({ max: 999 }).map((id) => id as CloudletId),
  why: fc.constantFrom(...confirmationReasons),
  about: fc.option(fc.constantFrom("life-3", "wire-1-2", "schema-1")),
  detail: fc.string({ unit: "grapheme", maxLength: 12 }),
});

prop("what is written of a confirmation is read again", some, (confirmation) => {
  expect(readConfirmation(confirmationText(confirmation))).toEqual(confirmation);
});

test.each([
  "",
  "mark",
  "mark dead by=0 why=operator about=-",
  "mark failed by=x why=operator about=-",
  "mark failed by=0 why=silence about=-",
  "op vm.create vm7 to=3 by=tenant",
  "mark failed by=0 why=operator",
])("%j is no confirmation", (text) => {
  expect(readConfirmation(text)).toBeNull();
});

describe("of several that stand", () => {
  prop(
    "the gravest counts, in whatever order; a clear takes back nothing that it did not replace",
    fc.array(some),
    (all) => {
      const says = all.map((one) => one.says);
      const expected = says.includes("fenced")
        ? "fenced"
        : says.includes("failed")
          ? "failed"
          : says.includes("disconnected")
            ? "disconnected"
            : null;
      expect(standing(all)).toBe(expected);
      expect(standing(all.toReversed())).toBe(expected);
    },
  );

  test("which the latest alone would not do", () => {
    const failed: Confirmation = { says: "failed", by: 0 as CloudletId, why: "operator", about: null, detail: "" };
    const clear: Confirmation = { ...failed, says: "clear" };
    expect(standing([failed, clear])).toBe("failed");
    expect(standing([clear])).toBeNull();
  });
});

test("only who is above may confirm", () => {
  const built = buildTopology(figure1());
  if (built.kind === "refused") throw new Error("Figure 1 is well formed");
  const id = (name: string): CloudletId => built.topology.cloudletNamed(name) as CloudletId;
  const refusal = (self: string, about: string) => confirmationRefusal(built.topology, id(self), id(about));
  expect(refusal("EAL4", "cloudlet3")).toBeNull();
  expect(refusal("EAL1", "cloudlet3")).toBeNull();
  expect(refusal("cloudlet3", "EAL4")).toMatch(/^only who is above EAL4 may say so: .*operations flow down only/);
  expect(refusal("cloudlet3", "cloudlet4")).toMatch(/neither is above the other/);
  expect(refusal("EAL4", "EAL4")).toMatch(/itself/);
});

describe("what fences by itself", () => {
  const dot = { origin: 4 as CloudletId, incarnation: 3 as Incarnation, stream: 0 as StreamId, sequence: 9 };

  test.each<[ReplicaEvent, FencingEvidence | null]>([
    [
      { kind: "dotCollision", dot },
      { cloudlet: 4 as CloudletId, why: "cloned", about: "life-3" },
    ],
    [
      { kind: "noCommonVersion", peer: 5 as CloudletId, speaks: { least: 3, most: 4 } },
      { cloudlet: 5 as CloudletId, why: "wireRefused", about: "wire-3-4" },
    ],
    // Of its own name: it stops by itself, and cannot be above itself.
    [{ kind: "fenced", dot }, null],
    [{ kind: "streamsOpened" }, null],
  ])("%j", (event, expected) => {
    expect(evidenceInEvent(event)).toEqual(expected);
  });

  test.each([
    ["a later life that counts on", 1, 7, 2, 8, false],
    ["a later life that counts no further", 1, 7, 2, 7, true],
    ["a later life that begins anew", 1, 7, 2, 1, true],
    ["the same, told the other way round", 2, 1, 1, 7, true],
    ["one life, in order", 2, 7, 2, 8, false],
    ["one life, overtaken", 2, 8, 2, 7, false],
  ])("%s", (_name, life, number, otherLife, otherNumber, isBack) => {
    const about = 6 as CloudletId;
    const evidence = evidenceInReports(
      about,
      { incarnation: life, number },
      { incarnation: otherLife, number: otherNumber },
    );
    expect(evidence).toEqual(isBack ? { cloudlet: 6, why: "wentBack", about: "life-2" } : null);
  });

  test("software that is older than operators allow; by default they allow all", () => {
    const about = 1 as CloudletId;
    expect(evidenceInSchema(about, 1, fencingPolicy)).toBeNull();
    const strict = { ...fencingPolicy, schemaMin: 2 };
    expect(evidenceInSchema(about, 2, strict)).toBeNull();
    expect(evidenceInSchema(about, 1, strict)).toEqual({ cloudlet: 1, why: "policy", about: "schema-1" });
  });

  const evidence: FencingEvidence = { cloudlet: 1 as CloudletId, why: "cloned", about: "life-3" };
  const record: Confirmation = { says: "fenced", by: 0 as CloudletId, why: "cloned", about: "life-3", detail: "" };
  test.each<[string, readonly Confirmation[], boolean]>([
    ["nothing stands", [], true],
    ["it is fenced already", [record], false],
    ["it has failed", [{ ...record, says: "failed", why: "operator", about: null }], true],
    ["the same was cleared", [{ ...record, says: "clear" }], false],
    ["an earlier life was cleared", [{ ...record, says: "clear", about: "life-2" }], true],
    ["something else under that name was cleared", [{ ...record, says: "clear", why: "wentBack" }], true],
  ])("when %s", (_name, confirmations, expected) => {
    expect(fences(evidence, confirmations, fencingPolicy)).toBe(expected);
    expect(fences(evidence, confirmations, { ...fencingPolicy, on: ["wentBack"] })).toBe(false);
  });
});
