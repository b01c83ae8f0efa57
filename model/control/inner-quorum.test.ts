// The store inside a cloudlet against the plainest one that there is: whatever goes down and comes back, a read gives the latest write
// that was taken, or is refused.

import fc from "fast-check";
import { expect, test } from "vitest";
import { prop } from "../../properties/prop.ts";
import { InnerStore } from "./inner-quorum.ts";

const step = fc.oneof(
  fc.record({ kind: fc.constant("set" as const), member: fc.nat(4), isUp: fc.boolean() }),
  fc.record({
    kind: fc.constant("write" as const),
    key: fc.constantFrom("x", "y"),
    value: fc.string({ maxLength: 3 }),
  }),
  fc.record({ kind: fc.constant("read" as const), key: fc.constantFrom("x", "y") }),
);

prop(
  "a store of any size reads what was written last, and refuses both exactly without a majority",
  fc.tuple(fc.integer({ min: 1, max: 5 }), fc.array(step, { maxLength: 60 })),
  ([members, steps]) => {
    const store = new InnerStore(members);
    const isUp = Array.from({ length: members }, () => true);
    const right = new Map<string, string>();
    for (const one of steps) {
      if (one.kind === "set") {
        const member = one.member % members;
        isUp[member] = one.isUp;
        store.set(member, one.isUp);
        continue;
      }
      const hasMajority = isUp.filter((up) => up).length * 2 > members;
      expect(store.plane).toBe(hasMajority ? "healthy" : "failed");
      const result = one.kind === "write" ? store.write(one.key, one.value) : store.read(one.key);
      expect(result.kind === "refused").toBe(!hasMajority);
      if (result.kind === "written" && one.kind === "write") right.set(one.key, one.value);
      if (result.kind === "read") expect(result.value).toBe(right.get(one.key) ?? null);
    }
  },
);

test("a refusal says how many are up and how many it takes", () => {
  const store = new InnerStore(3);
  store.set(0, false);
  store.set(2, false);
  expect(store.write("x", "1")).toEqual({
    kind: "refused",
    code: "noQuorum",
    why: "1 of 3 members of the store are up, and it takes 2",
  });
});
