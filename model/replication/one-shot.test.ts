// A write that reads first and leaves with its answer, beside the requests that it stands for: the same records, and the same state.

import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { prop } from "../../properties/prop.ts";
import type { CloudletId, Incarnation, OpId, SessionId } from "../ids.ts";
import { pairTopology } from "../testing/written-replica.ts";
import { bytes, seconds } from "../units.ts";
import type { ClientOp, Effect } from "./io.ts";
import type { StoredEntry } from "./log.ts";
import { createReplica, type Replica } from "./replica.ts";

const self = 0 as CloudletId;
const id = 0 as OpId;
const key = fc.nat(3).map((name) => `shared/${name}`);
const writes = fc.array(
  fc.record({ key, reads: fc.array(key, { maxLength: 3 }), isDelete: fc.boolean(), isStored: fc.boolean() }),
  { minLength: 1, maxLength: 20 },
);

const seen = { deps: 0, prev: 0, together: 0 };
afterAll(() => {
  for (const [what, count] of Object.entries(seen)) expect(count, what).toBeGreaterThan(0);
});

class Asked {
  readonly replica: Replica;
  readonly stored: StoredEntry[] = [];
  #leaving: SessionId[] = [];
  #now = 0;

  constructor(causality: "session" | "cloudlet") {
    this.replica = createReplica({ topology: pairTopology(), self, clockBound: seconds(1), causality });
    this.replica.step({ kind: "started", incarnation: 1 as Incarnation, from: null }, this.#time());
  }

  tick(): void {
    this.#now += 1;
  }

  ask(session: SessionId, op: ClientOp): void {
    this.#heed(this.replica.step({ kind: "request", session, id, op }, this.#time()));
  }

  store(): void {
    this.#heed(this.replica.step({ kind: "stored", upTo: this.stored.length }, this.#time()));
    for (const session of this.#leaving.splice(0)) {
      this.ask(session, { kind: "detach", to: null, applied: [], bytesMax: bytes(0), forGood: true });
    }
  }

  leaves(session: SessionId): void {
    this.#leaving.push(session);
  }

  #heed(effects: readonly Effect[]): void {
    for (const effect of effects) if (effect.kind === "store") this.stored.push(...effect.entries);
  }

  #time(): { monotonic: number; wall: number } {
    return { monotonic: this.#now, wall: 1_600_000_000_000_000 + this.#now };
  }
}

prop(
  "one request that reads, writes and leaves comes to the same as one after another",
  fc.tuple(fc.constantFrom("session" as const, "cloudlet" as const), writes),
  ([causality, asked]) => {
    const [whole, parts] = [new Asked(causality), new Asked(causality)];
    let waiting = 0;
    for (const [at, { key: written, reads, isDelete, isStored }] of asked.entries()) {
      const session = at as SessionId;
      const op = isDelete
        ? ({ kind: "delete", key: written } as const)
        : ({ kind: "put", key: written, value: `v${at}` } as const);
      for (const one of [whole, parts]) one.tick();
      whole.ask(session, { ...op, reads, leaves: true });
      for (const read of reads) parts.ask(session, { kind: "get", key: read });
      parts.ask(session, op);
      parts.leaves(session);
      waiting += 1;
      if (waiting > 1) seen.together += 1;
      if (isStored) {
        for (const one of [whole, parts]) one.store();
        waiting = 0;
        expect(whole.replica.fingerprint()).toBe(parts.replica.fingerprint());
      }
    }
    expect(whole.stored).toEqual(parts.stored);
    for (const entry of whole.stored) {
      if (entry.kind === "cut") continue;
      if (entry.deps.length > 0) seen.deps += 1;
      if (entry.prev.length > 0) seen.prev += 1;
    }
  },
);

test.each(["in one request", "with a request of its own"])(
  "who has left %s and comes again knows of nothing",
  (how) => {
    const asked = new Asked("session");
    const session = 7 as SessionId;
    const leaves = how === "in one request" ? ({ leaves: true } as const) : {};
    asked.ask(session, { kind: "put", key: "shared/a", value: "first", ...leaves });
    if (how !== "in one request") asked.leaves(session);
    asked.store();
    asked.ask(session, { kind: "put", key: "shared/b", value: "second" });
    asked.store();
    const deps = asked.stored.map((entry) => (entry.kind === "cut" ? null : entry.deps));
    expect(deps).toEqual([[], []]);
  },
);
