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
  nextConfirmation,
  readConfirmation,
  standing,
  takenBack,
} from "./confirmations.ts";
import {
  evidenceInEvent,
  evidenceInReports,
  evidenceInSchema,
  fences,
  type FencingEvidence,
  fencingPolicy,
} from "./fencing.ts";

const name = fc.constantFrom("0.1.1", "0.1.2", "0.2.1", "1.1.1", "2.3.1");
const some: fc.Arbitrary<Confirmation> = fc.record({
  says: fc.constantFrom(...confirmationKinds, "clear" as const),
  id: name,
  why: fc.constantFrom(...confirmationReasons),
  about: fc.array(fc.constantFrom("cloned:life-3", "wireRefused:wire-1-2"), { maxLength: 2 }),
  revokes: fc.array(name, { maxLength: 2 }),
  detail: fc.string({ unit: "grapheme", maxLength: 12 }),
});

prop("what is written of a confirmation is read again", some, (confirmation) => {
  expect(readConfirmation(confirmationText(confirmation))).toEqual(confirmation);
});

test.each([
  "",
  "mark",
  "mark dead 0.1.1 why=operator",
  "mark failed why=operator",
  "mark failed 0.1.1 why=silence",
  "op vm.create vm7 to=3 by=tenant",
  "mark failed 0.1.1",
])("%j is no confirmation", (text) => {
  expect(readConfirmation(text)).toBeNull();
});

describe("of several that stand", () => {
  prop("the gravest counts that nobody has taken back, in whatever order they come", fc.array(some), (all) => {
    const lifeOf = (id: string): readonly string[] => id.split(".");
    const isOver = (id: string, other: string): boolean =>
      lifeOf(id)[0] === lifeOf(other)[0] && (lifeOf(id)[1] ?? "") < (lifeOf(other)[1] ?? "");
    const left = all
      .filter(({ id }) => all.every((other) => !other.revokes.includes(id) && !isOver(id, other.id)))
      .map(({ says }) => says);
    const [gravest = null] = (["fenced", "failed", "disconnected"] as const).filter((kind) => left.includes(kind));
    expect(standing(all)).toBe(gravest);
    expect(standing(all.toReversed())).toBe(gravest);
  });

  const plain = { why: "operator", about: [], detail: "" } as const;

  test("a clear takes back what its writer had, and nothing else", () => {
    const failed = nextConfirmation({ ...plain, says: "failed", id: "1.1.1" }, []);
    const fenced = nextConfirmation({ ...plain, says: "fenced", id: "0.1.1", about: ["cloned:life-3"] }, []);
    expect(standing([failed, fenced])).toBe("fenced");
    const early = nextConfirmation({ ...plain, says: "clear", id: "1.1.2" }, [failed]);
    expect(standing([early, fenced])).toBe("fenced");
    const late = nextConfirmation({ ...plain, says: "clear", id: "1.1.3" }, [early, fenced]);
    expect(late).toMatchObject({ revokes: ["1.1.1", "0.1.1"], about: ["cloned:life-3"] });
    // Where the center's own word is still there beside it.
    expect(standing([fenced, late])).toBeNull();
  });

  test("what a writer said in a later life takes the place of what its disk may have lost; within one life only what it names", () => {
    const failed = nextConfirmation({ ...plain, says: "failed", id: "0.1.1" }, []);
    expect(standing([failed, nextConfirmation({ ...plain, says: "clear", id: "0.2.1" }, [])])).toBeNull();
    expect(standing([failed, nextConfirmation({ ...plain, says: "disconnected", id: "0.2.1" }, [])])).toBe(
      "disconnected",
    );
    expect(standing([failed, nextConfirmation({ ...plain, says: "clear", id: "0.1.2" }, [])])).toBe("failed");
    expect(standing([failed, nextConfirmation({ ...plain, says: "clear", id: "1.2.1" }, [])])).toBe("failed");
    expect(takenBack([failed, nextConfirmation({ ...plain, says: "clear", id: "0.2.1" }, [])])).toEqual(["0.1.1"]);
  });

  test("what was taken back stays so when the clear is replaced by another word", () => {
    const failed = nextConfirmation({ ...plain, says: "failed", id: "0.1.1" }, []);
    const clear = nextConfirmation({ ...plain, says: "clear", id: "1.1.1" }, [failed]);
    const apart = nextConfirmation({ ...plain, says: "disconnected", id: "1.1.2" }, [clear]);
    expect(standing([failed, apart])).toBe("disconnected");
    const after = nextConfirmation({ ...plain, says: "disconnected", id: "1.1.1" }, [failed]);
    expect(standing([failed, after])).toBe("disconnected");
    // Without that the center would still say that it has failed.
    expect(standing([failed, { ...apart, revokes: [] }])).toBe("failed");
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
    ["a later life that knows all that was told", [1, 7, 0], [2, 8, 7], false],
    ["a later life that has counted on from less", [1, 7, 0], [2, 9, 5], true],
    ["the same, told the other way round", [2, 9, 5], [1, 7, 0], true],
    ["a later life on an empty disk, which knows it", [1, 7, 0], [2, 3, 0], false],
    ["one life, in order", [2, 7, 5], [2, 8, 5], false],
    ["one life, overtaken", [2, 8, 5], [2, 7, 5], false],
  ] as const)("%s", (_name, before, after, isBack) => {
    const life = ([incarnation, number, base]: readonly [number, number, number]) => ({ incarnation, number, base });
    const evidence = evidenceInReports(6 as CloudletId, life(before), life(after));
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
  const record: Confirmation = {
    says: "fenced",
    id: "0.1.1",
    why: "cloned",
    about: ["cloned:life-3"],
    revokes: [],
    detail: "",
  };
  test.each<[string, readonly Confirmation[], boolean]>([
    ["nothing stands", [], true],
    ["it is fenced already", [{ ...record, about: ["wentBack:life-3"] }], false],
    ["it has failed", [{ ...record, says: "failed", why: "operator", about: [] }], true],
    ["the same was cleared", [{ ...record, says: "clear" }], false],
    ["an earlier life was cleared", [{ ...record, says: "clear", about: ["cloned:life-2"] }], true],
    ["something else of that life was cleared", [{ ...record, says: "clear", about: ["wentBack:life-3"] }], true],
  ])("when %s", (_name, confirmations, expected) => {
    expect(fences(evidence, confirmations, fencingPolicy)).toBe(expected);
    expect(fences(evidence, confirmations, { ...fencingPolicy, on: ["wentBack"] })).toBe(false);
  });
});
