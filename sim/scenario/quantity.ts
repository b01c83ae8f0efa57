/**
 * Quantities with units, read exactly: `1.5s` is 1 500 000 microseconds, `64KiB` is 65 536 bytes, `2%` is 20 000 ppm.
 *
 * Arithmetic is on whole numbers only, so that no value is rounded on the way; what does not come out whole is refused.
 * Leaves out distributions (spread.ts) and the choice of a default (resolve.ts).
 */
import { nearestName } from "../../model/topology/names.ts";

/** What a quantity measures, which decides its units, its base unit and its range. */
export type QuantityKind = "duration" | "offset" | "size" | "bandwidth" | "share" | "drift";

/** A quantity in whole base units, or why it is none: a message of the form "expected ..., found ...; remedy". */
export type QuantityOutcome =
  { readonly kind: "quantity"; readonly value: number } | { readonly kind: "refused"; readonly why: string };

/** The rules of one kind: base units per unit, the range in base units, and the words for messages. */
interface QuantityRule {
  readonly noun: string;
  readonly example: string;
  readonly base: string;
  readonly units: ReadonlyMap<string, number>;
  readonly min: number;
  readonly max: number;
}

const durationUnits = new Map([
  ["us", 1],
  ["ms", 1_000],
  ["s", 1_000_000],
  ["min", 60_000_000],
  ["h", 3_600_000_000],
  ["d", 86_400_000_000],
]);

const sizeUnits = new Map([
  ["B", 1],
  ["kB", 1_000],
  ["KiB", 1_024],
  ["MB", 1_000_000],
  ["MiB", 1_048_576],
  ["GB", 1_000_000_000],
  ["GiB", 1_073_741_824],
]);

const bandwidthUnits = new Map([
  ["bit", 1],
  ["kbit", 1_000],
  ["Mbit", 1_000_000],
  ["Gbit", 1_000_000_000],
]);

const shareUnits = new Map([
  ["%", 10_000],
  ["ppm", 1],
]);

/** A century: long enough for any story, and sums of a few of them stay exact. */
const durationMax = 36_525 * 86_400_000_000;

const rules: Readonly<Record<QuantityKind, QuantityRule>> = {
  duration: {
    noun: "a duration",
    example: "20ms",
    base: "microsecond",
    units: durationUnits,
    min: 0,
    max: durationMax,
  },
  offset: {
    noun: "a time difference",
    example: "-80ms",
    base: "microsecond",
    units: durationUnits,
    min: -durationMax,
    max: durationMax,
  },
  size: { noun: "a size", example: "64KiB", base: "byte", units: sizeUnits, min: 0, max: 1_099_511_627_776 },
  bandwidth: {
    noun: "a bandwidth",
    example: "100Mbit",
    base: "bit per second",
    units: bandwidthUnits,
    min: 1,
    max: 1_000_000_000_000_000,
  },
  share: { noun: "a share", example: "2%", base: "part per million", units: shareUnits, min: 0, max: 1_000_000 },
  drift: {
    noun: "a clock drift",
    example: "40ppm",
    base: "part per million",
    units: shareUnits,
    min: -500_000,
    max: 500_000,
  },
};

/** `a duration such as 20ms`: what messages, the schema and the docs call a quantity of this kind. */
export function describeQuantity(kind: QuantityKind): string {
  return `${rules[kind].noun} such as ${rules[kind].example}`;
}

/** The units a quantity of this kind may carry, smallest first as a rule. */
export function quantityUnits(kind: QuantityKind): readonly string[] {
  return [...rules[kind].units.keys()];
}

/** An example of this kind, for docs and editors. */
export function quantityExample(kind: QuantityKind): string {
  return rules[kind].example;
}

/** A regular expression (ECMA-262) for editors: the form only, ranges are checked when the file is read. */
export function quantityPattern(kind: QuantityKind): string {
  const sign = rules[kind].min < 0 ? "-?" : "";
  return `^${sign}[0-9]+(\\.[0-9]+)? ?(${quantityUnits(kind).join("|")})$`;
}

/**
 * Reads a quantity.
 *
 * @param found what stands in the file, of whatever type: a number without a unit is the commonest mistake
 * @returns whole microseconds, bytes, bits per second or parts per million; or the reason in words
 */
export function parseQuantity(kind: QuantityKind, found: unknown): QuantityOutcome {
  return plainQuantity(kind, found) ?? anyQuantity(kind, found);
}

/** What is commonest: a whole number and a unit, small enough to be counted in numbers. Null where it is anything else. */
function plainQuantity(kind: QuantityKind, found: unknown): QuantityOutcome | null {
  if (typeof found !== "string") return null;
  let digits = 0;
  let number = 0;
  for (let code = found.charCodeAt(0); code >= 48 && code <= 57; code = found.charCodeAt(digits)) {
    number = number * 10 + code - 48;
    digits += 1;
  }
  if (digits === 0 || digits > DIGITS_PLAIN) return null;
  const { units, min, max } = rules[kind];
  const factor = units.get(found.slice(digits));
  if (factor === undefined) return null;
  const value = number * factor;
  return value <= Number.MAX_SAFE_INTEGER && value >= min && value <= max ? { kind: "quantity", value } : null;
}

/** Numbers of so many digits are whole and exact. */
const DIGITS_PLAIN = 15;

function anyQuantity(kind: QuantityKind, found: unknown): QuantityOutcome {
  const rule = rules[kind];
  const refused = (remedy: string): QuantityOutcome => ({
    kind: "refused",
    why: `expected ${describeQuantity(kind)}, found ${describeFound(found)}; ${remedy}`,
  });
  const units = quantityUnits(kind).join(", ");
  if (typeof found === "number") {
    const first = quantityUnits(kind).slice(0, 3);
    return refused(`it has no unit: write ${first.map((unit) => `${found}${unit}`).join(", ")} (units: ${units})`);
  }
  if (typeof found !== "string") return refused(`units: ${units}`);

  const parts = /^([+-]?)([0-9]*)(?:\.([0-9]*))? ?([^0-9.\s+-][^0-9\s]*)?$/u.exec(found.trim());
  const whole = parts?.[2] ?? "";
  const fraction = parts?.[3] ?? "";
  if (parts === null || whole === "") return refused(`write a plain number and a unit (units: ${units})`);
  const unit = parts[4];
  if (unit === undefined) return refused(`it has no unit: add one of ${units}`);
  const factor = rule.units.get(unit);
  if (factor === undefined) {
    const meant = quantityUnits(kind).find((known) => known.toLowerCase() === unit.toLowerCase());
    const near = meant ?? nearestName(unit, quantityUnits(kind));
    const hint = near === null ? "" : `; did you mean ${near}?`;
    return refused(`"${shortened(unit)}" is no unit of it (units: ${units})${hint}`);
  }
  if (whole.length + fraction.length > 40) return refused("it has too many digits");

  // 1.25ms = 125 * 1000 / 100: whole numbers throughout.
  const negative = parts[1] === "-";
  const scaled = BigInt(whole + fraction) * BigInt(factor);
  const divisor = BigInt(`1${"0".repeat(fraction.length)}`);
  if (scaled % divisor !== 0n) return refused(`it is not a whole number of ${rule.base}s, the finest that counts`);
  const magnitude = scaled / divisor;
  const value = negative ? -magnitude : magnitude;
  if (value < BigInt(rule.min)) {
    return refused(rule.min === 0 ? "it must not be negative" : `the least is ${showQuantity(kind, rule.min)}`);
  }
  if (value > BigInt(rule.max)) return refused(`the most is ${showQuantity(kind, rule.max)}`);
  return { kind: "quantity", value: Number(value) };
}

/** Writes a quantity so that it reads back as the same value: in the largest unit that divides it. */
export function showQuantity(kind: QuantityKind, value: number): string {
  let best = "";
  let bestFactor = 1;
  let least = Infinity;
  for (const [unit, factor] of rules[kind].units) {
    if (best === "") [best, bestFactor] = [unit, factor];
    if (value % factor !== 0) continue;
    const digits = Math.abs(value / factor);
    if (digits < least || (digits === 0 && factor === 1)) {
      best = unit;
      bestFactor = factor;
      least = digits;
    }
  }
  return `${value / bestFactor}${best}`;
}

/** What was found, in a few words and on one line, whatever it is. */
export function describeFound(found: unknown): string {
  if (found === undefined) return "nothing";
  if (found === null) return "nothing (an empty value)";
  if (typeof found === "string") return found === "" ? "an empty text" : `"${shortened(found)}"`;
  if (typeof found === "number" || typeof found === "boolean") return String(found);
  if (Array.isArray(found)) return found.length === 0 ? "an empty list" : `a list of ${found.length}`;
  return "a map";
}

/** At most 60 characters of a text, line ends and control characters made visible. */
export function shortened(text: string): string {
  const head = text.length > 60 ? `${text.slice(0, 57)}...` : text;
  return JSON.stringify(head).slice(1, -1).replaceAll('\\"', '"');
}
