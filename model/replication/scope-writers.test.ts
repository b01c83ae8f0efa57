// Lists of writers by scope beside the walk through the whole table that they stand for.

import fc from "fast-check";
import { expect } from "vitest";
import { prop } from "../../properties/prop.ts";
import type { CloudletId, Incarnation, ScopeId, StreamId } from "../ids.ts";
import { ScopeWriters } from "./scope-writers.ts";
import { WriterTable } from "./writers.ts";

const scopeCount = 4;
const scopeOf = (stream: StreamId): ScopeId => (stream % scopeCount) as ScopeId;

const happening = fc.oneof(
  fc.record({ kind: fc.constant("heard" as const), stream: fc.nat(11), origin: fc.nat(5) }),
  fc.record({ kind: fc.constant("asked" as const), scopes: fc.uniqueArray(fc.nat(scopeCount - 1)) }),
);

prop(
  "lists by scope hold the writers that a walk through all of them finds, in the same order",
  fc.array(happening, { maxLength: 60 }),
  (happenings) => {
    const writers = new WriterTable();
    const lists = new ScopeWriters(writers, scopeOf);
    for (const one of happenings) {
      if (one.kind === "heard") {
        writers.slotOfWriter(one.stream as StreamId, one.origin as CloudletId, 1 as Incarnation);
        continue;
      }
      const scopes = new Set(one.scopes as ScopeId[]);
      expect(lists.of(scopes)).toEqual(writers.where((stream) => scopes.has(scopeOf(stream))));
    }
  },
);
