// What services, links and schedules of Kollaps's experiments have in common: names of services, and what is said of a link.

import { type Duration, micros } from "../../model/units.ts";
import type { MapWay } from "./map.ts";
import { BANDWIDTH_MAX, DELAY_MAX, measureIn, type MeasureRule, notMeasured, prefixedUnits } from "./measures.ts";
import type { OneWay } from "./one-way.ts";
import { type ImportProblem, problemAt } from "./outcome.ts";
import type { XmlElement } from "./xml.ts";

/** A service or a bridge, and the nodes that it is. */
export interface Group {
  readonly name: string;
  readonly members: readonly number[];
  readonly isBridge: boolean;
  /** Does a replica that joins take the place of one that left? */
  readonly isReused: boolean;
  /** Does the schedule say when its replicas join? Else all are there from the beginning. */
  readonly hasJoins: boolean;
}

const time = { units: new Map<string, number>(), bare: 1_000, least: 0, most: DELAY_MAX };
const latencyRule: MeasureRule = { ...time, says: "a latency in ms from 0 up, without a unit" };
const jitterRule: MeasureRule = { ...time, says: "a jitter in ms from 0 up, without a unit" };
const bandwidthRule: MeasureRule = {
  says: "a bandwidth such as 100Mbps",
  units: prefixedUnits({ bps: 1 }),
  bare: null,
  least: 1,
  most: BANDWIDTH_MAX,
};
const dropRule: MeasureRule = {
  says: "a share of packets from 0 to 1",
  units: new Map(),
  bare: 1_000_000,
  least: 0,
  most: 1_000_000,
};

/** Of one service. */
export const REPLICAS_MAX = 10_000;
/** What an element says of the way from its origin to its dest, and of the bandwidth back. */
export interface Said extends MapWay {
  readonly download: number | null;
}

/** One way each between all replicas of two groups, and back where there is a download. */
export function waysBetween(origin: Group, dest: Group, { download, ...way }: Said): readonly OneWay[] {
  return origin.members.flatMap((from) =>
    dest.members.flatMap((to): readonly OneWay[] => {
      const forth = { from, to, way, km: null };
      return download === null
        ? [forth]
        : [forth, { from: to, to: from, way: { ...way, bandwidth: download }, km: null }];
    }),
  );
}

/** What an element says of a link; null where that is wrong, which is added to the problems. */
export function waySaid({ attributes, line, column }: XmlElement, problems: ImportProblem[]): Said | null {
  const before = problems.length;
  const read = (name: string, rule: MeasureRule): number | null => {
    const text = attributes.get(name);
    if (text === undefined) return null;
    const value = measureIn(text, rule);
    if (value === null) problems.push({ line, column, message: `${name}: ${notMeasured(text, rule)}` });
    return value === null ? null : Math.round(value);
  };
  const duration = (name: string, rule: MeasureRule): Duration | null => {
    const value = read(name, rule);
    return value === null ? null : micros(value);
  };
  const said: Said = {
    delay: duration("latency", latencyRule),
    jitter: duration("jitter", jitterRule),
    bandwidth: read("upload", bandwidthRule),
    download: read("download", bandwidthRule),
    loss: read("drop", dropRule),
  };
  return problems.length > before ? null : said;
}

/** The service or bridge that an attribute names. */
export function groupOf(
  element: XmlElement,
  attribute: string,
  groups: ReadonlyMap<string, Group>,
  problems: ImportProblem[],
): Group | null {
  const name = element.attributes.get(attribute);
  const found = name === undefined ? undefined : groups.get(name);
  if (found !== undefined) return found;
  const what = name === undefined ? "nothing" : JSON.stringify(name);
  problems.push(
    problemAt(element, `expected as ${attribute} the name of a service or a bridge, found ${what}; name one`),
  );
  return null;
}

/** A whole number from 1 up that an attribute says; 1 where it is not there. */
export function wholeOf(element: XmlElement, attribute: string, most: number, problems: ImportProblem[]): number {
  const text = element.attributes.get(attribute);
  if (text === undefined) return 1;
  const value = Number(text);
  if (/^\d+$/u.test(text) && value >= 1 && value <= most) return value;
  problems.push(
    problemAt(
      element,
      `${attribute}: expected a whole number from 1 to ${most}, found ${JSON.stringify(text)}; mend it`,
    ),
  );
  return 1;
}
