// What cloudlets show of those right below them (the extended view), held against what was really observed there: every observation has
// a name of its own, given by the world, by which it is known again.
//
//   1. What is shown was observed, with that value, and is never shown as older than it is; where neither process has died since,
//      younger only by as long as its report may have waited on its way.
//   2. It is what the latest report had that has come: nothing that its cloudlet knew when it wrote that is missing.
//   3. While a cloudlet is connected a report of it has come within a period and the age from which on something waits too long.
//   4. What is shown of a class never goes back, over whatever partitions and restarts; only a disk that loses something may take it back.
//
// From 2 and 3 follows how old a view can be while its cloudlet is connected. Leaves out marks themselves (mark-rules.ts), and what
// layers join of all that is below (model/control/view.ts).

import type { AlivenessSettings } from "../../model/control/aliveness-settings.ts";
import type { Mark } from "../../model/control/aliveness.ts";
import { keysOf } from "../../model/control/keys.ts";
import { MarkKeys } from "../../model/control/mark-keys.ts";
import { viewClasses, type ViewClass } from "../../model/control/view.ts";
import type { CloudletId } from "../../model/ids.ts";
import type { CausalRecord } from "../../model/replication/record.ts";
import type { Topology } from "../../model/topology/topology.ts";
import type { Instant } from "../../model/units.ts";
import type { ClockSetting } from "../scenario/scenario.ts";
import type { WatchEvent } from "./observer.ts";
import { Behindhand } from "./behindhand.ts";
import { PlansInForce, rewatched } from "./plans-in-force.ts";
import { Judge, type Oracle } from "./oracle.ts";
import { ShownClocks } from "./shown-clocks.ts";
import { ReadReports } from "./read-reports.ts";
import { type FormsAtFirst, SpokenForms } from "./spoken-forms.ts";
import { noSlack, type TimingSlack } from "./timing-slack.ts";
import type { Truth } from "./truth.ts";
import { atTime, cloudletText } from "./words.ts";

interface Seen {
  readonly value: number;
  readonly at: Instant;
  // By the clocks of where it was observed, and of the upper there.
  readonly ownClock: number;
  upperClock: number;
}

/** By class: the place of the latest observation in the list of all, -1 for none. */
type Latest = Record<ViewClass, number>;

interface Report {
  readonly record: number;
  readonly latest: Latest;
  /** True time. */
  readonly writtenAt: Instant;
  // Then by the clocks of its cloudlet, and of the upper there.
  readonly ownClock: number;
  upperClock: number;
}

interface Site {
  readonly id: CloudletId;
  /** Who watches it: by the latest plan that anybody right above it goes by. */
  upper: CloudletId | null;
  readonly observed: Readonly<Record<ViewClass, Seen[]>>;
  readonly places: Readonly<Record<ViewClass, Map<string, number>>>;
  /** What its process knows; null: it has started and not written since. */
  known: Latest | null;
  since: Latest;
  /** Its disk has lost something since it last wrote: of what it had told before, nobody can ask it for more than it has. */
  hasLost: boolean;
  readonly reports: Report[];
  /** Its upper has not been looked at since it began. */
  isUpperNew: boolean;
  // How its upper sees it.
  mark: Mark;
  /** When the latest report came to its upper, or that one began, by its clock. */
  cameAt: number;
  shown: Latest;
  /** How often it may be shown to have gone back, by class: as often as a disk has lost something. */
  mayGoBack: Record<ViewClass, number>;
  /** Of which moment on neither process has died, or was paused. */
  undisturbedSince: Instant;
}

type Looked = Extract<WatchEvent, { readonly kind: "looked" }>;

/** What its machines are at first, and how exact they are; nothing: perfect clocks, and the first form alone. */
interface Machines {
  readonly clocks?: readonly ClockSetting[];
  readonly forms?: FormsAtFirst;
  readonly slack?: TimingSlack;
}

/** Judges views. */
export function viewAge(
  truth: Truth,
  settings: AlivenessSettings,
  { clocks: declaredClocks = [], forms: formsAtFirst = [], slack = noSlack }: Machines = {},
): Oracle {
  const judge = new Judge();
  const { topology } = truth;
  const keys = new MarkKeys(topology, keysOf(topology));
  const clocks = new ShownClocks(
    topology.cloudlets.map(({ name }) => name),
    declaredClocks,
  );
  const behindhand = new Behindhand();
  const forms = new SpokenForms(topology, formsAtFirst);
  const come = new ReadReports(truth, keys, forms);
  const sites = topology.cloudlets.map(({ id, upper }): Site => blankSite(id, upper));
  const late = settings.reporting.period + settings.backlogAge;
  const site = (cloudlet: CloudletId): Site => sites[cloudlet] as Site;
  const lowers = (cloudlet: CloudletId): readonly Site[] => sites.filter(({ upper }) => upper === cloudlet);
  const plans = new PlansInForce(topology);

  // 1. A cloudlet moves from a to b. 2. b goes by that plan, a does not yet: both take it for theirs. 3. From then on what b shows is judged.
  const watcherOf = (about: CloudletId): CloudletId | null =>
    topology.cloudlets
      .map(({ id }) => id)
      .filter((id) => plans.of(id).cloudlets[about]?.upper === id)
      .reduce<CloudletId | null>(
        (best, id) => (best !== null && plans.of(best).plan >= plans.of(id).plan ? best : id),
        null,
      );

  // Whoever watches it from now on knows what its store has, and counts by a clock of its own.
  const rewatch = (at: Instant, one: Site, upper: CloudletId | null): void => {
    one.upper = upper;
    one.mark = "unknown";
    one.shown = none();
    one.undisturbedSince = at;
    if (upper === null) return;
    one.isUpperNew = true;
    const now = clocks.monotonic(upper, at);
    one.cameAt = now;
    const then = (since: Instant): number => now - (at - since) * (1 + 1 / DRIFT_SHARE);
    for (const { name } of viewClasses) for (const seen of one.observed[name]) seen.upperClock = then(seen.at);
    for (const report of one.reports) report.upperClock = then(report.writtenAt);
  };

  const replanned = (at: Instant, watcher: CloudletId, former: Topology, plan: Topology): void => {
    plans.told(watcher, plan);
    for (const { about, isAdjacent } of rewatched(watcher, former, plan)) {
      const upper = watcherOf(about);
      if (upper !== site(about).upper || (isAdjacent && upper === watcher)) rewatch(at, site(about), upper);
    }
  };

  const judgeLook = (at: Instant, watcher: CloudletId, { about, sight }: Looked): void => {
    const seen = site(about);
    if (seen.upper !== watcher) return;
    if (seen.isUpperNew) {
      seen.isUpperNew = false;
      const last = seen.reports.findLast(({ record }) => truth.isApplied(watcher, record));
      if (last !== undefined && !forms.reads(watcher, last.record)) seen.shown = none();
    }
    const { mark, observed, places, shown } = seen;
    const now = clocks.monotonic(watcher, at);
    const who = `${cloudletText(truth, watcher)} shows ${cloudletText(truth, about)} ${atTime(at)}`;
    const report = seen.reports[come.latest(watcher, about)] ?? null;
    if (mark === "connected") {
      judge.checks += 1;
      const waited = now - seen.cameAt;
      if (waited > late + slack.timers + behindhand.by(at, watcher)) {
        judge.violate(() => `${who} as connected, and no report has come for ${waited / 1_000_000} s`);
      }
    }
    for (const { name } of viewClasses) {
      const one = sight.view[name];
      const place = one === undefined ? -1 : (places[name].get(one.text) ?? null);
      judge.checks += 1;
      const found = place === null ? undefined : observed[name][place];
      const due = report?.latest[name] ?? -1;
      if (place === null || (one !== undefined && found?.value !== one.value)) {
        judge.violate(() => `${who} with ${name} ${one?.value}, which was never observed there (${one?.text})`);
        continue;
      }
      if (place < shown[name] && seen.mayGoBack[name] > 0) {
        seen.mayGoBack[name] -= 1;
        shown[name] = place;
      }
      if (place < shown[name]) {
        judge.violate(() => `${who} with observation ${place + 1} of ${name}, and has shown ${shown[name] + 1} before`);
      }
      shown[name] = Math.max(shown[name], place);
      if (place < due) {
        const when = report === null ? "" : ` ${atTime(report.writtenAt)}`;
        judge.violate(() => {
          const which = place < 0 ? "no observation" : `observation ${place + 1}`;
          return `${who} with ${which} of ${name}, and the report that has come, written${when}, had ${due + 1}`;
        });
      }
      if (one === undefined || found === undefined) continue;
      const ages = [now - found.upperClock, clocks.monotonic(about, at) - found.ownClock];
      if (
        one.age > Math.max(...ages) + slack.clocks &&
        one.age > toldAge(seen.reports, name, place, found, now) + slack.clocks
      ) {
        judge.violate(() => `${who} with ${name} that is ${one.age} us old, and it was observed ${ages[0]} us ago`);
      }
      // What its report waited is not counted; it waited no longer than from when it was written.
      const slow = now - found.upperClock - one.age;
      const wait = waits.get(about) ?? 0;
      const isSpared = found.at < seen.undisturbedSince;
      if (mark === "connected" && !isSpared && slow > wait + late / DRIFT_SHARE + slack.clocks) {
        judge.violate(() => `${who} with ${name} that is said to be ${one.age} us old, and is ${slow} us older`);
      }
    }
  };

  // How long the slowest report of each was on its way to its upper.
  const waits = new Map<CloudletId, number>();

  const disturb = (at: Instant, cloudlet: CloudletId): void => {
    for (const one of [site(cloudlet), ...lowers(cloudlet)]) one.undisturbedSince = at;
  };

  return {
    name: "view-age",
    started(at, cloudlet, _life, _core, image) {
      forms.found(cloudlet, image, (dot) => truth.numberOf(dot));
      come.started(at, cloudlet, image);
      const one = site(cloudlet);
      one.known = null;
      one.since = none();
      disturb(at, cloudlet);
      for (const lower of lowers(cloudlet)) {
        lower.mark = "unknown";
        lower.cameAt = clocks.monotonic(cloudlet, at);
        lower.isUpperNew = true;
      }
    },
    crashed(at, cloudlet) {
      clocks.crashed(at, cloudlet);
    },
    planTold: replanned,
    served(at, cloudlet, waited, service) {
      behindhand.served(at, cloudlet, waited, service);
    },
    machineChanged(at, cloudlet, change) {
      // What was observed before a clock stood still is older than that clock says.
      if (change.kind === "paused" || change.kind === "resumed") disturb(at, cloudlet);
      clocks.machineChanged(at, cloudlet, change);
      forms.changed(cloudlet, change);
    },
    diskFailed(_at, cloudlet) {
      site(cloudlet).hasLost = true;
      for (const one of [site(cloudlet), ...lowers(cloudlet)]) {
        for (const { name } of viewClasses) one.mayGoBack[name] += 1;
      }
    },
    notified(at, cloudlet, event) {
      come.notified(at, cloudlet, event);
      if (event.kind !== "installed") return;
      for (const lower of lowers(cloudlet)) lower.cameAt = clocks.monotonic(cloudlet, at);
    },
    written(at, record) {
      const key = keyOf(truth, keys, record);
      const written = truth.records[record] as CausalRecord;
      const { origin } = written.dot;
      if (key?.kind !== "report" || key.cloudlet !== origin) return;
      forms.wrote(origin, record);
      come.written(origin, written);
      const one = site(origin);
      // What a process knows that has started is what its latest report had that its disk kept.
      const kept = one.hasLost
        ? undefined
        : one.reports.findLast((report) => truth.isApplied(origin, report.record))?.latest;
      one.known ??= later(kept, one.since);
      one.hasLost = false;
      const ownClock = clocks.monotonic(origin, at);
      const upperClock = one.upper === null ? ownClock : clocks.monotonic(one.upper, at);
      one.reports.push({ record, latest: { ...one.known }, writtenAt: at, ownClock, upperClock });
    },
    applied(at, cloudlet, record) {
      const key = keyOf(truth, keys, record);
      if (key?.kind !== "report") return;
      const one = site(key.cloudlet);
      if (one.upper !== cloudlet || !forms.reads(cloudlet, record)) return;
      one.cameAt = clocks.monotonic(cloudlet, at);
      const written = one.reports.findLast((report) => report.record === record)?.writtenAt ?? at;
      waits.set(key.cloudlet, Math.max(waits.get(key.cloudlet) ?? 0, at - written));
    },
    watching(at, cloudlet, event) {
      if (event.kind === "observed") {
        const one = site(cloudlet);
        const ownClock = clocks.monotonic(cloudlet, at);
        const upperClock = one.upper === null ? ownClock : clocks.monotonic(one.upper, at);
        const place = one.observed[event.of].push({ value: event.value, at, ownClock, upperClock }) - 1;
        one.places[event.of].set(event.text, place);
        (one.known ?? one.since)[event.of] = place;
      }
      if (event.kind === "marked" && site(event.about).upper === cloudlet) site(event.about).mark = event.to;
      if (event.kind === "looked") judgeLook(at, cloudlet, event);
    },
    verdict: () => judge.verdict(),
  };
}

/** Clocks differ by less than this part of the time that they count. */
const DRIFT_SHARE = 20;

// How old an observation may be said to be where both clocks have changed their pace: until a report told of it by the clock of its
// cloudlet, and from then on by that of the upper.
function toldAge(reports: readonly Report[], of: ViewClass, place: number, found: Seen, now: number): number {
  const ages = reports
    .filter(({ latest }) => latest[of] === place)
    .map(({ ownClock, upperClock }) => ownClock - found.ownClock + (now - upperClock));
  return Math.max(0, ...ages);
}

function keyOf(truth: Truth, keys: MarkKeys, record: number): ReturnType<MarkKeys["read"]> {
  const name = truth.keyNames[truth.keyOf.data[record] as number] ?? "";
  return name.startsWith("~") ? keys.read(name) : null;
}

function none(): Latest {
  return Object.fromEntries(viewClasses.map(({ name }) => [name, -1])) as Latest;
}

function later(one: Latest | undefined, other: Latest): Latest {
  const result = { ...other };
  for (const { name } of viewClasses) result[name] = Math.max(result[name], one?.[name] ?? -1);
  return result;
}

function blankSite(id: CloudletId, upper: CloudletId | null): Site {
  const byClass = <Made>(make: () => Made): Record<ViewClass, Made> =>
    Object.fromEntries(viewClasses.map(({ name }) => [name, make()])) as Record<ViewClass, Made>;
  return {
    id,
    upper,
    observed: byClass((): Seen[] => []),
    places: byClass(() => new Map<string, number>()),
    known: none(),
    since: none(),
    hasLost: false,
    reports: [],
    isUpperNew: false,
    mark: "unknown",
    cameAt: 0,
    shown: none(),
    mayGoBack: byClass(() => 0),
    undisturbedSince: 0 as Instant,
  };
}
