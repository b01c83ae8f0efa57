// Deployment data in both of its forms: each can be read back, and replaying what led to a state gives that state.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { prop } from "../../properties/prop.ts";
import {
  changed,
  changesOf,
  deploymentText,
  noDeployment,
  readDeployment,
  replayed,
  type DeploymentChange,
  type DeploymentRecord,
} from "./deployment.ts";

const name = fc.constantFrom("compute", "identity", "image.v2", "edge_7");
const change: fc.Arbitrary<DeploymentChange> = fc.oneof(
  fc.record({ kind: fc.constant("version" as const), version: fc.constantFrom("2024.1", "2024.2", "3") }),
  fc.record({
    kind: fc.constant("endpoint" as const),
    service: name,
    uri: fc.constantFrom(null, "https://c.example:5000/v3?a=b", "http://[::1]:80"),
  }),
  fc.record({ kind: fc.constant("nodes" as const), pool: name, count: fc.nat(9) }),
  fc.record({ kind: fc.constant("scale" as const), pool: name, by: fc.integer({ min: -3, max: 5 }) }),
);
const history = fc.array(change, { maxLength: 30 });

prop("whatever led to a state, its own text leads to the same one", history, (changes) => {
  const state = replayed([{ kind: "changes", changes }]);
  const text = deploymentText({ kind: "state", state });
  const read = readDeployment(text);
  expect(read).toEqual({ kind: "state", state });
  expect(replayed([{ kind: "changes", changes: changesOf(state) }])).toEqual(state);
});

prop("changes are read back as they were written, and do what they did one by one", history, (changes) => {
  const read = readDeployment(deploymentText({ kind: "changes", changes }));
  expect(read).toEqual({ kind: "changes", changes: changes.map((one) => unsigned(one)) });
  expect(replayed(read === null ? [] : [read])).toEqual(changes.reduce(changed, noDeployment));
});

// Minus nothing and plus nothing are one.
function unsigned(one: DeploymentChange): DeploymentChange {
  return one.kind === "scale" ? { ...one, by: one.by + 0 } : one;
}

prop("a log may be cut off behind a state", fc.tuple(history, history), ([before, after]) => {
  const records: readonly DeploymentRecord[] = [
    { kind: "state", state: replayed([{ kind: "changes", changes: before }]) },
    { kind: "changes", changes: after },
  ];
  expect(replayed(records)).toEqual(replayed([{ kind: "changes", changes: [...before, ...after] }]));
});

describe("what is refused", () => {
  test.each([
    ["another word", "op vm.create vm7"],
    ["a change that is none", "changes nodes compute"],
    ["a number of nodes below none", "state nodes compute=-1"],
    ["a name with blanks", "changes endpoint a b=https://x"],
    ["a state in another order", "state nodes compute=1; version=2"],
    ["a state that says a part twice", "state version=1; version=2"],
    ["a state that only adds", "state nodes compute+2"],
    ["a blank too many", "changes  version=2"],
    ["text that is not well formed", "changes version=\ud800"],
  ])("%s", (_what, text) => {
    expect(readDeployment(text)).toBeNull();
  });
});
