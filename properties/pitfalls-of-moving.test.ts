// The known pitfalls of sessions that move, named and told as in pitfalls.test.ts: first the naive way, a planted bug, then ours.

import { expect, test } from "vitest";
import type { Rules } from "../model/replication/rules.ts";
import { plantNamed } from "../sim/plants/plants.ts";
import { type Tell, stage } from "./staged.ts";

const trio: readonly string[] = [
  "cloudlet a",
  "cloudlet b upper=a",
  "cloudlet c upper=a",
  "scope users",
  "flow users a-b both",
  "flow users a-c both",
];

function planted(name: string): () => Partial<Rules> {
  const plant = plantNamed(name);
  if (plant === null) throw new Error(`no plant is called ${name}`);
  return plant.rules;
}

// A session writes at b, while c cannot hear of it, and goes to c.
const moving = (plant?: () => Partial<Rules>): Tell => {
  const tell = stage(trio, plant);
  tell("heal", "request b s put users/x 1", "stored b", "stabilize", "cut");
  tell("request b s put users/x 2", "stored b", "request b s put users/y 1", "stored b");
  return tell;
};

test("a context that stays behind at a move takes the guarantees with it, unless the client gave it up", () => {
  const naive = moving(planted("moves-without-past"));
  naive("detach b s to=c max=10");
  // Told that nothing is missing, it reads what is older than its own write.
  expect(naive("attach c s")).toContain("  c to s: attached, current");
  expect(naive("request c s get users/x")).toContain("  c to s: users/x = 1");

  const tell = moving();
  tell("detach b s to=c");
  tell("attach c s");
  expect(tell("stored c")).toContain("  c to s: attached, current");
  expect(tell("request c s get users/x")).toContain("  c to s: users/x = 2");

  // The price of giving it up is the same, but the client knows, and is another session.
  const forgoing = moving();
  forgoing("detach b s to=c");
  expect(forgoing("attach c s policy=forgo")).toContain("  c to s: attached, forgone");
  expect(forgoing("request c s get users/x")).toContain("  c to s: users/x = 1");
});

test("what has not come after a move is waited for by nobody: answers are marked, and writes are kept from others", () => {
  const naive = moving(planted("visible-while-behind"));
  naive("detach b s to=c max=10", "attach c s", "request c s put users/z 1", "stored c", "request c other get users/z");
  expect(naive("versions users/z")).toContain("c: 1 (c.1/users#1)");
  expect(naive("versions users/y")).toContain("c: nothing");

  const tell = moving();
  tell("detach b s to=c max=10");
  expect(tell("attach c s")).toContain("  c to s: attached, behind of b.1/users#3");
  expect(tell("request c s get users/x")).toContain("  c to s: users/x = 1, behind of b.1/users#3");
  tell("request c s put users/z 1");
  expect(tell("stored c")).toContain("  c to s: written c.1/users#1, behind of b.1/users#3");
  expect(tell("versions users/z")).toContain("c: nothing");
  tell("heal", "stabilize");
  expect(tell("versions users/z")).toContain("c: 1 (c.1/users#1)");
  expect(tell("request c s get users/x")).toContain("  c to s: users/x = 2");
});
