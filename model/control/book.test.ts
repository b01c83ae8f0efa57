// What a book makes of an operation that has rested and whose record cannot be read any more: a cloudlet above was upgraded meanwhile, and
// has written its end in a form that is not known here.

import { expect, test } from "vitest";
import type { CloudletId, Incarnation } from "../ids.ts";
import { buildTopology } from "../topology/build.ts";
import type { CausalRecord } from "../replication/record.ts";
import type { TopologySpec } from "../topology/spec.ts";
import type { Duration } from "../units.ts";
import { Book } from "./book.ts";
import { keysOf } from "./keys.ts";
import { operationId, operationText, type Operation } from "./operation.ts";
import { withOperations } from "./scopes.ts";

const forth = { delay: 1_000 as Duration };
const spec: TopologySpec = {
  cloudlets: [{ name: "top" }, { name: "mid", upper: "top" }, { name: "low", upper: "mid" }],
  scopes: [],
  flows: [],
  links: [
    { a: "top", b: "mid", forth },
    { a: "mid", b: "low", forth },
  ],
};
const built = buildTopology(withOperations([spec])[0] as TopologySpec);
if (built.kind === "refused") throw new Error(built.refusals[0]?.message ?? "");
const { topology } = built;
const [top, mid, low] = [0, 1, 2] as CloudletId[] as [CloudletId, CloudletId, CloudletId];
const keys = keysOf(topology);

const operation: Operation = {
  id: operationId(top, 1 as Incarnation, 1),
  target: low,
  kind: "vm.create",
  object: "vm",
  actor: "owner",
  priority: 0,
  expiry: null,
  age: 0 as Duration,
  after: [],
  beside: [],
  knows: null,
  needs: 1,
  payload: "",
};
const key = keys.of("directives", low, operation.id);

function record(sequence: number, value: string | null): CausalRecord {
  const dot = { origin: top, incarnation: 1, stream: 1, sequence };
  const stamp = { wall: sequence, counter: 0, origin: top };
  return { kind: value === null ? "sealed" : "put", key, value: value ?? "", dot, stamp } as unknown as CausalRecord;
}

test.each(["looked up first", "read at once"])(
  "it takes no room any more, and nothing is owed about it (%s)",
  (how) => {
    let stands = record(1, operationText(operation));
    const versions = (of: string): readonly CausalRecord[] => (of === key ? [stands] : []);
    const book = new Book(mid, keys, { versions }, () => low, 0);
    const place = { carrier: "directives", cloudlet: low, operation: operation.id } as const;
    expect(book.refresh(key, place, 0)).toMatchObject({ directive: "open", isQueued: true });
    book.rest();
    expect(book.queue(low).records).toBe(1);
    stands = record(2, null);
    // Its time may be over in the same step, before anybody reads what has come.
    if (how === "looked up first") expect(book.line(operation.id)).toMatchObject({ directive: "none", subject: null });
    const line = book.refresh(key, place, 0);
    expect(line).toMatchObject({ directive: "none", subject: null, isOpen: false, isQueued: false });
    expect(book.queue(low)).toMatchObject({ records: 0, bytes: 0 });
    expect([...book.about(low, "vm")]).toEqual([]);
  },
);
