// The trace: rows, digest, first difference, rendering.

import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { instant } from "../../model/units.ts";
import { RngRoot } from "../kernel/rng.ts";
import { firstDifference, renderDifference } from "./compare.ts";
import { TRACE, TRACE_COLUMN_COUNT_MAX, TRACE_NOBODY, renderTraceLegend, traceKinds } from "./kinds.ts";
import { renderHeading, renderJson, renderLines, renderRow, seconds } from "./render.ts";
import { Trace, bytesOf } from "./trace.ts";
import type { TraceOptions, TraceRow } from "./trace.ts";

const names = { cloudlet: (index: number) => `c${index}` };
const noStates = (): void => undefined;

/** A trace of `count` messages sent, one of which may differ in its number. */
const traceOf = (count: number, options: TraceOptions = {}, odd = -1): Trace => {
  const trace = new Trace(options);
  for (let i = 0; i < count; i += 1) trace.add(instant(i * 10), i, TRACE.sent, 1, 2, i === odd ? -7 : i, 1, 128);
  return trace;
};

describe("trace", () => {
  test("golden: the digest of three known events", () => {
    const trace = new Trace();
    trace.add(instant(0), 0, TRACE.started, 0, TRACE_NOBODY, 1, 0, 0);
    trace.add(instant(1_500_000), 4, TRACE.sent, 0, 3, 1, 1, 120);
    trace.add(instant(2 ** 40), 2 ** 33, TRACE.finished, TRACE_NOBODY, TRACE_NOBODY);
    expect(trace.close(noStates)).toMatchInlineSnapshot(
      `"e88aefb3c8427832464ebb31af05287469c23469a78491d957338fd5e207a2a9"`,
    );
    expect(trace.count).toBe(3);
  });

  test("the digest is SHA-256 over the format's name, ten little-endian doubles a row, and the states", () => {
    const trace = traceOf(5_000);
    const plain = createHash("sha256").update("causeway trace 1\n");
    for (let i = 0; i < 5_000; i += 1) {
      const row = Buffer.alloc(80);
      [i * 10, i, TRACE.sent, 1, 2, i, 1, 128, 0, 0].forEach((value, column) => row.writeDoubleLE(value, column * 8));
      plain.update(row);
    }
    plain.update("s 1 2 3 4\n");
    expect(trace.close((visit) => visit("s 1 2 3 4\n"))).toBe(plain.digest("hex"));
  });

  test.each([0, 4_095, 4_096, 4_097, 9_000])(
    "one event more, fewer or other changes the digest (%i events)",
    (count) => {
      const digests = [traceOf(count), traceOf(count + 1), traceOf(count + 1, {}, count)].map((one) =>
        one.close(noStates),
      );
      expect(new Set(digests).size).toBe(3);
      expect(traceOf(count).close(noStates)).toBe(digests[0]);
    },
  );

  test("the state of the random streams is part of the digest", () => {
    const digest = (draws: number): string => {
      const root = new RngRoot("s");
      for (let i = 0; i < draws; i += 1) root.stream.double();
      return traceOf(3).close((visit) => root.forEachState(visit));
    };
    expect(digest(1)).toBe(digest(1));
    expect(digest(1)).not.toBe(digest(2));
  });

  test("keeping rows and rendering them does not change the digest", () => {
    const lines: string[] = [];
    const observed = traceOf(10_000, {
      keep: "all",
      sink: (rows) => lines.push(...renderLines(rows, "ndjson", names)),
    });
    expect(observed.close(noStates)).toBe(traceOf(10_000).close(noStates));
    expect(lines.length).toBe(10_000);
    expect(JSON.parse(lines[9_999] as string)).toMatchObject({ at: 99_990, seq: 9_999, message: 9_999 });
  });

  test.each([
    ["all", 9_000, 9_000, 9_000],
    ["all", 8_192, 8_192, 8_192],
    [{ last: 100 }, 20_000, 100, 12_288],
    ["nothing", 9_000, 0, 0],
  ] as const)("keep %j of %i rows keeps the latest, before and after the end", (keep, count, least, most) => {
    const trace = traceOf(count, { keep });
    for (const rows of [trace.rows(), (trace.close(noStates), trace.rows())]) {
      expect(rows.count).toBeGreaterThanOrEqual(least);
      expect(rows.count).toBeLessThanOrEqual(most);
      expect(rows.first + rows.count).toBe(count);
      if (rows.count === 0) continue;
      expect(rows.row(0)).toEqual(expect.objectContaining({ seq: rows.first, values: [rows.first, 1, 128, 0, 0] }));
      expect(rows.row(rows.count - 1).seq).toBe(count - 1);
      expect(() => rows.row(rows.count)).toThrow("not kept");
    }
  });

  test("minus zero is zero, and what is no whole number throws, as does going on after the end", () => {
    const digest = (zero: number): string => {
      const trace = new Trace();
      trace.add(instant(0), 0, TRACE.fired, 0, TRACE_NOBODY, zero);
      return trace.close(noStates);
    };
    expect(digest(-0)).toBe(digest(0));
    expect(() => digest(0.5)).toThrow("no whole number");
    expect(() => digest(Number.NaN)).toThrow("no whole number");
    const ended = new Trace();
    ended.close(noStates);
    expect(() => ended.add(instant(0), 0, 0, 0, 0)).toThrow("after its end");
    expect(() => ended.close(noStates)).toThrow("closed twice");
  });

  test("a machine of the other byte order hashes the same bytes", () => {
    const block = Float64Array.of(1, -2.5, 3);
    const swapped = new Float64Array(new Uint8Array(Buffer.from(block.slice().buffer).swap64()).buffer);
    expect([...bytesOf(swapped, 3, false)]).toEqual([...bytesOf(block, 3, true)]);
    expect(bytesOf(block, 2, true).length).toBe(16);
  });
});

describe("comparing traces", () => {
  const rows = (trace: Trace): ReturnType<Trace["rows"]> => trace.rows();

  test("equal traces have no difference, also when one kept less", () => {
    expect(
      firstDifference(rows(traceOf(20_000, { keep: "all" })), rows(traceOf(20_000, { keep: { last: 5 } }))),
    ).toBeNull();
  });

  test("names the first event that differs, and in which columns", () => {
    const left = rows(traceOf(6_000, { keep: "all" }));
    const right = rows(traceOf(6_000, { keep: "all" }, 5_000));
    const difference = firstDifference(left, right);
    expect(difference).toMatchObject({ index: 5_000, columns: ["message"] });
    expect(renderDifference(difference as NonNullable<typeof difference>, names)).toMatchInlineSnapshot(`
      "the runs differ in message at event 5000:
        0.050000 s after the beginning, at c1: A core sent a message.
        first         0.050000       5000  c1              sent          peer=c2 message=5000 kind=records size=128B
        second        0.050000       5000  c1              sent          peer=c2 message=-7 kind=records size=128B
      "
    `);
  });

  test("a trace that ends early differs where it ends", () => {
    const short = rows(traceOf(3, { keep: "all" }));
    const long = rows(traceOf(5, { keep: "all" }));
    expect(firstDifference(short, long)).toMatchObject({ index: 3, left: null, right: { seq: 3 }, columns: [] });
    expect(firstDifference(long, short)).toMatchObject({ index: 3, left: { seq: 3 }, right: null });
  });
});

describe("traces as text", () => {
  const row = (kind: number, peer: number, values: readonly number[]): TraceRow => ({
    at: 12_345_678,
    seq: 42,
    kind,
    cloudlet: 1,
    peer,
    values,
  });
  const examples = [
    row(TRACE.sent, 2, [7, 1, 128, 0, 0]),
    row(TRACE.applied, TRACE_NOBODY, [1, 1, 3, 9, 0]),
    row(TRACE.clockStepped, TRACE_NOBODY, [-1_500, 0, 0, 0, 0]),
    row(TRACE.dropped, 2, [7, 1, 2, 0, 0]),
  ];

  test("columns for people", () => {
    expect([renderHeading(), ...examples.map((each) => renderRow(each, names))].join("\n")).toMatchInlineSnapshot(`
      "       seconds        seq  cloudlet        event         details
           12.345678         42  c1              sent          peer=c2 message=7 kind=records size=128B
           12.345678         42  c1              applied       origin=c1 incarnation=1 stream=3 sequence=9
           12.345678         42  c1              clockStepped  by=-0.001500s
           12.345678         42  c1              dropped       peer=c2 message=7 kind=records reason=linkDown"
    `);
  });

  test("NDJSON for programs", () => {
    expect(examples.map((each) => renderJson(each, names)).join("\n")).toMatchInlineSnapshot(`
      "{"at":12345678,"seq":42,"event":"sent","cloudlet":"c1","peer":"c2","message":7,"kind":"records","size":128}
      {"at":12345678,"seq":42,"event":"applied","cloudlet":"c1","origin":"c1","incarnation":1,"stream":3,"sequence":9}
      {"at":12345678,"seq":42,"event":"clockStepped","cloudlet":"c1","by":-1500}
      {"at":12345678,"seq":42,"event":"dropped","cloudlet":"c1","peer":"c2","message":7,"kind":"records","reason":"linkDown"}"
    `);
  });

  test("a kind that this version does not know is shown by number", () => {
    expect(renderRow(row(200, 2, [1, 2, 3, 4, 5]), names)).toContain("kind 200");
    expect(JSON.parse(renderJson(row(200, 2, [1, 2, 3, 4, 5]), names))).toMatchObject({ event: 200 });
  });

  test("seconds keep every microsecond", () => {
    expect([0, 1, 1_000_000, -1_500, 2 ** 52].map(seconds)).toEqual([
      "0.000000",
      "0.000001",
      "1.000000",
      "-0.001500",
      "4503599627.370496",
    ]);
  });

  test("the table of kinds fits a row, has no name twice, and its legend names every kind", () => {
    expect(new Set(traceKinds.map(({ name }) => name)).size).toBe(traceKinds.length);
    for (const { name, columns } of traceKinds) {
      expect(columns.length).toBeLessThanOrEqual(TRACE_COLUMN_COUNT_MAX);
      expect(new Set(columns.map((column) => column.name)).size).toBe(columns.length);
      expect(renderTraceLegend()).toContain(`| \`${name}\` |`);
    }
  });
});
