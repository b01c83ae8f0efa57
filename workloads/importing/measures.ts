// Quantities as other tools write them: a number and a unit, each tool with units of its own.
// Leaves out which tool has which (the importers say that).

/** How a tool writes a quantity. */
export interface MeasureRule {
  /** For messages: "a latency such as 10 ms". */
  readonly says: string;
  /** What one of each unit is, in base units. */
  readonly units: ReadonlyMap<string, number>;
  /** What a number without a unit counts, in base units; null: a unit is wanted. */
  readonly bare: number | null;
  /** In base units. */
  readonly least: number;
  readonly most: number;
}

/** Microseconds in a year: more is a mistake. */
export const DELAY_MAX = 31_557_600_000_000;
/** Bits per second: more is a mistake. */
export const BANDWIDTH_MAX = 1_000_000_000_000_000;

/** Kilometres: more is a mistake, even by way of a satellite. */
export const KM_MAX = 1_000_000;

/** The quantity in base units, not rounded; null: the text is none of that kind, or is out of range. */
export function measureIn(text: string, { units, bare, least, most }: MeasureRule): number | null {
  const found = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*(.*)$/u.exec(text.trim());
  if (found === null) return null;
  const [, digits = "", unit = ""] = found;
  const factor = unit === "" ? bare : (units.get(unit) ?? null);
  if (factor === null) return null;
  const value = Number(digits) * factor;
  return Number.isFinite(value) && value >= least && value <= most ? value : null;
}

/** "expected a latency such as 10 ms, found ...; mend it". */
export function notMeasured(text: string, { says }: MeasureRule): string {
  return `expected ${says}, found ${JSON.stringify(text)}; mend it`;
}

const prefixes: readonly (readonly [readonly string[], number])[] = [
  [[""], 1],
  [["k", "K", "kilo"], 1_000],
  [["Ki", "kibi"], 1_024],
  [["M", "mega"], 1_000_000],
  [["Mi", "mebi"], 1_048_576],
  [["G", "giga"], 1_000_000_000],
  [["Gi", "gibi"], 1_073_741_824],
  [["T", "tera"], 1_000_000_000_000],
  [["Ti", "tebi"], 1_099_511_627_776],
];

/** All prefixes, decimal and binary, with each of these endings; `endings`: bits per second for one. */
export function prefixedUnits(endings: Readonly<Record<string, number>>): ReadonlyMap<string, number> {
  return new Map(
    prefixes.flatMap(([names, factor]) =>
      names.flatMap((name) =>
        Object.entries(endings).map(([ending, value]): [string, number] => [`${name}${ending}`, factor * value]),
      ),
    ),
  );
}
