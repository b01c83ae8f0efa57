// What clients ask for: which action, which key, how often, and that written values are distinct.

import { expect, test } from "vitest";
import { bytes } from "../../model/units.ts";
import { RngRoot } from "../kernel/rng.ts";
import type { ClientAction, KeyChoice } from "../scenario/scenario.ts";
import { distinctValue, Popularities, requestSource } from "./requests.ts";

const uniform = (prefix: string, count: number): KeyChoice => ({ prefix, count, popularity: { kind: "uniform" } });

test.each([
  [1, 10, "v1........"],
  [12345, 3, "v12345"],
  [7, 0, "v7"],
])("the value of request %i of size %i is %s", (serial, size, value) => {
  expect(distinctValue(serial, size)).toBe(value);
});

test("actions come by their weights, those of weight 0 never (10 000 draws)", () => {
  const mix: ClientAction[] = [
    { kind: "put", weight: 3, keys: uniform("k", 1), valueSize: bytes(8) },
    { kind: "get", weight: 1, keys: uniform("k", 1) },
    { kind: "delete", weight: 0, keys: uniform("k", 1) },
    { kind: "scan", weight: 4, prefix: "k", limit: 5 },
  ];
  const source = requestSource(mix, new Popularities());
  const rng = new RngRoot("mix").stream;
  const counts: Record<string, number> = { put: 0, get: 0, delete: 0, scan: 0 };
  for (let serial = 1; serial <= 10_000; serial += 1) {
    const { kind } = source.next("here", serial, rng);
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  expect(counts["delete"]).toBe(0);
  expect((counts["put"] ?? 0) / 10_000).toBeCloseTo(3 / 8, 1);
  expect((counts["get"] ?? 0) / 10_000).toBeCloseTo(1 / 8, 1);
  expect((counts["scan"] ?? 0) / 10_000).toBeCloseTo(4 / 8, 1);
});

test("{self} in a prefix is the client's cloudlet, for keys and scans", () => {
  const rng = new RngRoot("self").stream;
  const keys = requestSource([{ kind: "get", weight: 1, keys: uniform("m/{self}/", 1) }], new Popularities());
  expect(keys.next("edge", 1, rng)).toEqual({ kind: "get", key: "m/edge/0" });
  expect(keys.next("hub", 2, rng)).toEqual({ kind: "get", key: "m/hub/0" });
  const scan = requestSource([{ kind: "scan", weight: 1, prefix: "m/{self}/", limit: 3 }], new Popularities());
  expect(scan.next("edge", 3, rng)).toEqual({ kind: "scan", prefix: "m/edge/", limit: 3 });
});

test("keys far beyond those remembered by name are drawn too (1 000 000 keys)", () => {
  const source = requestSource([{ kind: "get", weight: 1, keys: uniform("k", 1_000_000) }], new Popularities());
  const rng = new RngRoot("many").stream;
  const drawn = Array.from({ length: 200 }, (_, serial) => source.next("here", serial, rng));
  const numbers = drawn.map((op) => (op.kind === "get" ? Number(op.key.slice(1)) : -1));
  expect(Math.max(...numbers)).toBeGreaterThan(65_536);
  expect(Math.min(...numbers)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...numbers)).toBeLessThan(1_000_000);
});

test("a popular key is drawn more often than the others (Zipf, 100 keys)", () => {
  const keys: KeyChoice = { prefix: "k", count: 100, popularity: { kind: "zipf", thetaPercent: 99 } };
  const source = requestSource([{ kind: "get", weight: 1, keys }], new Popularities());
  const rng = new RngRoot("zipf").stream;
  let first = 0;
  for (let serial = 1; serial <= 5_000; serial += 1) {
    const op = source.next("here", serial, rng);
    if (op.kind === "get" && op.key === "k0") first += 1;
  }
  // 1 / H(100, 0.99) = 19 %.
  expect(first / 5_000).toBeGreaterThan(0.16);
  expect(first / 5_000).toBeLessThan(0.22);
});
