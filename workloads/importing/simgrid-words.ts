// How SimGrid's platforms write quantities, yes and no, and the numbers of hosts.

import { BANDWIDTH_MAX, DELAY_MAX, measureIn, type MeasureRule, notMeasured } from "./measures.ts";
import { type ImportProblem, problemAt } from "./outcome.ts";
import type { XmlElement } from "./xml.ts";

const MINUTE = 60_000_000;
/** In microseconds; without a unit seconds. */
export const latencyRule: MeasureRule = {
  says: "a latency from 0 up, such as 10ms",
  units: new Map([
    ["w", 7 * 24 * 60 * MINUTE],
    ["d", 24 * 60 * MINUTE],
    ["h", 60 * MINUTE],
    ["m", MINUTE],
    ["s", 1_000_000],
    ["ms", 1_000],
    ["us", 1],
    ["ns", 1e-3],
    ["ps", 1e-6],
  ]),
  bare: 1_000_000,
  least: 0,
  most: DELAY_MAX,
};

/** By the prefix; the reference says KBps, and the program reads kBps: both are meant. */
const prefixes: readonly (readonly [prefix: string, factor: number])[] = [
  ["", 1],
  ["k", 1_000],
  ["K", 1_000],
  ["Ki", 1_024],
  ["M", 1_000_000],
  ["Mi", 1_048_576],
  ["G", 1_000_000_000],
  ["Gi", 1_073_741_824],
  ["T", 1_000_000_000_000],
  ["Ti", 1_099_511_627_776],
  ["P", 1_000_000_000_000_000],
];
/** In bits per second; without a unit bytes per second. */
export const bandwidthRule: MeasureRule = {
  says: "a bandwidth up to 1 Pbps, such as 125MBps (bytes) or 1Gbps (bits)",
  units: new Map(
    prefixes.flatMap(([prefix, factor]): [string, number][] => [
      [`${prefix}Bps`, 8 * factor],
      [`${prefix}bps`, factor],
    ]),
  ),
  bare: 8,
  least: 1,
  most: BANDWIDTH_MAX,
};

/** An attribute without blanks around it; null where it is not there, or empty. */
export function said({ attributes }: XmlElement, name: string): string | null {
  const text = attributes.get(name)?.trim() ?? "";
  return text === "" ? null : text;
}

/** A quantity that an attribute says; null where it is not there. What is wrong is added to the problems, and counts as not there. */
export function measured(
  element: XmlElement,
  name: string,
  rule: MeasureRule,
  problems: ImportProblem[],
): number | null {
  const text = said(element, name);
  if (text === null) return null;
  const value = measureIn(text, rule);
  if (value === null) problems.push(problemAt(element, `${name}: ${notMeasured(text, rule)}`));
  return value;
}

/** Does a route lead back, too? It does where nothing is said. */
export function isSymmetrical(element: XmlElement, problems: ImportProblem[]): boolean {
  const text = said(element, "symmetrical") ?? "YES";
  if (!/^(?:yes|no)$/iu.test(text))
    problems.push(
      problemAt(element, `symmetrical: expected YES or NO, found ${JSON.stringify(text)}; write one of them`),
    );
  return !/^no$/iu.test(text);
}

/** The numbers that a radical such as 0-9,12 names; null where it is wrong, which is added to the problems. */
export function numbersOf(element: XmlElement, most: number, problems: ImportProblem[]): readonly number[] | null {
  const text = said(element, "radical") ?? "";
  const numbers: number[] = [];
  for (const part of text.split(",")) {
    const [, first, last = first] = /^\s*(\d{1,9})\s*(?:-\s*(\d{1,9})\s*)?$/u.exec(part) ?? [];
    if (first === undefined || Number(last) < Number(first)) {
      const message = `radical: expected numbers such as 0-9,12, found ${JSON.stringify(text)}; mend it`;
      problems.push(problemAt(element, message));
      return null;
    }
    if (numbers.length + Number(last) - Number(first) >= most) {
      problems.push(problemAt(element, `radical: expected at most ${most} hosts, found more; let there be fewer`));
      return null;
    }
    for (let number = Number(first); number <= Number(last); number += 1) numbers.push(number);
  }
  return numbers;
}
