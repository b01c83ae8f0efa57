// Tables of the control layer's decisions: who may ask for what, who makes room, which of two operations stands, and who carries
// one out.

import { describe, expect, test } from "vitest";
import { assert } from "../assert.ts";
import type { CloudletId } from "../ids.ts";
import { buildPlans } from "../topology/plans.ts";
import type { Topology } from "../topology/topology.ts";
import { bytes, millis, seconds } from "../units.ts";
import { judgeRequest, type IssuedState, type OperationRefusal, type OperationRequest } from "./authority.ts";
import { catalogueOf, operationKinds, type Verb } from "./catalogue.ts";
import { conflictRules, judgeConflict } from "./conflicts.ts";
import { endText, readWord, type End } from "./ends.ts";
import { operationId, operationText, readOperation, type Operation, type OperationId } from "./operation.ts";
import { executorOf, healthyPlanes, type Planes } from "./planes.ts";
import { roomFor, type CapPolicy, type Queued } from "./queue.ts";
import { withOperations } from "./scopes.ts";

function family(): Topology {
  const link = (a: string, b: string) => ({ a, b, forth: { delay: millis(1) } });
  const built = buildPlans(
    withOperations([
      {
        cloudlets: [
          { name: "root" },
          { name: "east", upper: "root" },
          { name: "west", upper: "root" },
          { name: "leaf", upper: "east" },
        ],
        scopes: [],
        flows: [],
        links: [link("root", "east"), link("root", "west"), link("east", "leaf")],
      },
    ]),
  );
  assert(built.kind === "plans", "the family is well formed");
  return built.plans[0] as Topology;
}

const [root, east, west, leaf] = [0, 1, 2, 3] as CloudletId[] as [CloudletId, CloudletId, CloudletId, CloudletId];
const topology = family();
const catalogue = catalogueOf(operationKinds);

describe("a request is judged where it is made", () => {
  const plain: OperationRequest = { target: leaf, kind: "vm.create", object: "vm1", actor: "tenant" };
  const known = operationId(east, 1 as never, 7);
  const rows: readonly [
    what: string,
    self: CloudletId,
    change: Partial<OperationRequest>,
    code: OperationRefusal["code"] | null,
    extra?: { readonly planes?: Planes; readonly state?: IssuedState },
  ][] = [
    ["to an adjacent lower", east, {}, null],
    ["over two layers", root, {}, null],
    ["to a sibling", west, { target: east }, "notBelow"],
    ["to a nephew", west, {}, "notBelow"],
    ["upwards", leaf, { target: east }, "notBelow"],
    ["to the top", leaf, { target: root }, "notBelow"],
    ["to itself", leaf, {}, null],
    ["to itself, without a plane", leaf, {}, "noPlane", { planes: { control: "none", management: "healthy" } }],
    ["to itself, the plane failed", leaf, {}, "planeFailed", { planes: { control: "failed", management: "healthy" } }],
    ["to itself, the other plane failed", leaf, {}, null, { planes: { control: "healthy", management: "failed" } }],
    ["from above, whatever its own planes", east, {}, null, { planes: { control: "none", management: "failed" } }],
    ["of no known kind", east, { kind: "vm.teleport" }, "unknownKind"],
    ["of management, by a tenant", east, { kind: "host.hotfix" }, "notForActor"],
    ["of metrics, by a tenant: management though on cloud data", east, { kind: "metrics.collect" }, "notForActor"],
    ["of management, by an operator", east, { kind: "host.hotfix", actor: "operator" }, null],
    ["of bare metal, by a tenant", east, { kind: "baremetal.provision" }, null],
    ["on an object without a name", east, { object: "" }, "malformed"],
    ["on an object with a blank in its name", east, { object: "vm 1" }, "malformed"],
    ["with a payload that is no text", east, { payload: "\ud800" }, "malformed"],
    ["of too high a priority", east, { priority: 10 }, "malformed"],
    ["of half a priority", east, { priority: 0.5 }, "malformed"],
    ["with no time at all", east, { expiry: seconds(0) }, "malformed"],
    ["of schema 0", east, { needs: 0 }, "malformed"],
    ["after one that is unknown", east, { after: [known] }, "afterUnknown", { state: "unknown" }],
    ["after one that has expired", east, { after: [known] }, "afterEnded", { state: "ended" }],
    ["after one that is open", east, { after: [known] }, null, { state: "open" }],
    ["after one that is done", east, { after: [known] }, null, { state: "done" }],
  ];

  test.each(rows)("%s", (_what, self, change, code, { planes = healthyPlanes, state = "unknown" } = {}) => {
    const office = { topology, self, catalogue, planes, stateOf: () => state };
    const refused = judgeRequest({ ...plain, ...change }, office);
    expect(refused?.code ?? null).toBe(code);
    expect(refused?.why).not.toBe("");
  });

  test("whom one may target is who is below, for every pair", () => {
    const allowed = topology.cloudlets.flatMap(({ id: self }) =>
      topology.cloudlets.flatMap(({ id: target }) => {
        const office = { topology, self, catalogue, planes: healthyPlanes, stateOf: (): IssuedState => "unknown" };
        return judgeRequest({ ...plain, target }, office) === null ? [`${self}>${target}`] : [];
      }),
    );
    expect(allowed).toEqual(["0>0", "0>1", "0>2", "0>3", "1>1", "1>3", "2>2", "3>3"]);
  });
});

describe("a queue at its cap", () => {
  const one = (number: number, priority: number, weight: number): Queued => ({
    id: operationId(root, 1 as never, number),
    priority,
    weight: bytes(weight),
  });
  const standing = [one(1, 1, 10), one(2, 0, 10), one(3, 5, 10)];
  const rows: readonly [what: string, policy: CapPolicy, newcomer: Queued, caps: [number, number], room: string][] = [
    ["has room", "refuse", one(4, 0, 10), [4, 40], "room "],
    ["refuses by count", "refuse", one(4, 9, 10), [3, 100], "full"],
    ["refuses by weight", "refuse", one(4, 9, 11), [9, 40], "full"],
    ["gives up the oldest", "expire-oldest", one(4, 0, 10), [3, 100], "room 0.1.1"],
    ["gives up as many as it takes", "expire-oldest", one(4, 0, 25), [9, 40], "room 0.1.1,0.1.2"],
    ["gives up the lowest", "expire-lowest", one(4, 1, 10), [3, 100], "room 0.1.2"],
    ["gives up the lowest, then the oldest", "expire-lowest", one(4, 1, 25), [9, 40], "room 0.1.2,0.1.1"],
    ["gives up nobody above the newcomer", "expire-lowest", one(4, 1, 31), [9, 40], "full"],
    ["gives up its like", "expire-lowest", one(4, 0, 10), [3, 100], "room 0.1.2"],
    ["never holds what is larger than itself", "expire-oldest", one(4, 9, 41), [9, 40], "tooLarge"],
    ["of no records holds nothing", "expire-oldest", one(4, 9, 1), [0, 40], "tooLarge"],
  ];

  test.each(rows)("%s", (_what, policy, newcomer, [records, weight], expected) => {
    const queue = { records: standing.length, bytes: 30, standing: () => standing };
    const room = roomFor(newcomer, queue, { records, bytes: bytes(weight) }, policy);
    expect(room.kind === "room" ? `room ${room.givenUp.join(",")}` : room.kind).toBe(expected);
  });
});

describe("of two operations on one object", () => {
  const rows: readonly [Verb, Verb, earlier: "a" | "b" | "both", later: "a" | "b" | "both"][] = [
    ["create", "create", "a", "b"],
    ["delete", "update", "a", "a"],
    ["update", "delete", "b", "b"],
    ["stop", "start", "a", "a"],
    ["start", "stop", "b", "b"],
    ["resize", "delete", "b", "b"],
    ["update", "update", "both", "both"],
    ["read", "delete", "both", "both"],
  ];

  test.each(rows)("%s and %s", (a, b, earlier, later) => {
    expect(judgeConflict(a, b, true, conflictRules)).toBe(earlier);
    expect(judgeConflict(a, b, false, conflictRules)).toBe(later);
  });

  test("both sides judge the same, whichever is asked about first", () => {
    const verbs = [...new Set(operationKinds.map(({ verb }) => verb))];
    const other = { a: "b", b: "a", both: "both" } as const;
    for (const a of verbs) {
      for (const b of verbs) {
        const there = judgeConflict(b, a, false, conflictRules);
        expect(judgeConflict(a, b, true, conflictRules), `${a} and ${b}`).toBe(other[there]);
      }
    }
  });

  test("a user's table takes the place of the built-in one", () => {
    const rules = [{ first: "start", second: "stop", stands: "both" }] as const;
    expect(judgeConflict("start", "stop", true, rules)).toBe("both");
    expect(judgeConflict("create", "create", true, rules)).toBe("both");
  });
});

test("who carries an operation out, by plane and link (A3)", () => {
  const table = (["none", "healthy", "failed"] as const).map((state) => {
    const planes: Planes = { control: state, management: "healthy" };
    return [state, executorOf("control", planes, false), executorOf("control", planes, true)];
  });
  expect(table).toEqual([
    ["none", "noPlane", "upper"],
    ["healthy", "own", "own"],
    ["failed", "planeFailed", "planeFailed"],
  ]);
  expect(executorOf("management", { control: "failed", management: "healthy" }, false)).toBe("own");
});

describe("the text of an operation", () => {
  const full: Operation = {
    id: "0.1.4" as OperationId,
    target: leaf,
    kind: "vm.create",
    object: "vm7",
    actor: "tenant",
    priority: 3,
    expiry: seconds(5),
    age: seconds(1),
    after: ["0.1.2" as OperationId, "0.1.3" as OperationId],
    beside: ["1.2.9" as OperationId],
    knows: { incarnation: 2, sequence: 17 },
    needs: 2,
    payload: "4 cores | and a bar",
  };

  test("says all of it, and is read back", () => {
    const bare = { ...full, priority: 0, expiry: null, age: seconds(0), after: [], beside: [], knows: null, needs: 1 };
    for (const operation of [full, { ...bare, payload: "" }]) {
      expect(readOperation(operation.id, operationText(operation))).toEqual(operation);
    }
    expect(operationText({ ...bare, payload: "" })).toBe("op vm.create vm7 to=3 by=tenant");
  });

  test.each(["", "op", "op vm.create vm7", "op vm.create vm7 to=3", "op a b to=x by=tenant", "op a b to=1 by=nobody"])(
    "%s is none",
    (text) => void expect(readOperation(full.id, text)).toBeNull(),
  );

  test.each(["op a b to=1 by=tenant after=1.2", "op a b to=1 by=tenant knows=3", "op a b to=1 by=tenant age=-1"])(
    "%s is none, for what it names",
    (text) => void expect(readOperation(full.id, text)).toBeNull(),
  );

  test("ends are read back", () => {
    const end: End = { kind: "superseded", why: "conflict", at: leaf, cause: full.id, detail: "a | b" };
    for (const says of ["end", "over"] as const) {
      for (const to of [null, leaf]) {
        const word = readWord(full.id, endText(says, full, end, to));
        expect(word).toEqual({ says, subject: { kind: "vm.create", object: "vm7" }, end, to });
      }
    }
    expect(readWord(full.id, "end gone vm.create vm7 why=time at=1")).toBeNull();
    expect(readWord(full.id, "something else")).toBeNull();
  });
});
