/**
 * Composite faults: each is turned into single ones when a scenario is read, so that the world knows few kinds and a run's list of
 * faults is all that happens. What a composite leaves open is drawn from a stream that its place in the file names.
 *
 * Leaves out single faults (resolve-faults.ts).
 */
import { shuffled, type Rng } from "../../model/random.ts";
import { instant, micros, type Duration, type Instant } from "../../model/units.ts";
import { samplerOf } from "../kernel/distributions.ts";
import { checkLink, type FaultContext, type FaultForm, moment, resolveSpan } from "./fault-places.ts";
import type { FormPath } from "./problem.ts";
import { showQuantity } from "./quantity.ts";
import { checkedQuantity, checkedSpread } from "./resolving.ts";
import type { Fault } from "./scenario.ts";

type CompositeKey =
  | "cutSubtree"
  | "ring"
  | "bridge"
  | "flapping"
  | "swizzle"
  | "upgrade"
  | "downgrade"
  | "clockSlew"
  | "clockStrobe"
  | "farFuture"
  | "churn"
  | "massReturn"
  | "cascade";

type Having<Key> = Key extends string ? Extract<FaultForm, Readonly<Record<Key, unknown>>> : never;

/** A fault that stands for several. */
type CompositeForm = Having<CompositeKey>;
/** A fault that stands for itself. */
export type SimpleForm = Exclude<FaultForm, CompositeForm>;

const SLEW_PPM_DEFAULT = 500;
const FAR_DEFAULT = "1d";
/** More pieces than are let pass: longer lists are not made. */
const PIECES_MAX = 20_000;

type Expand<Key extends CompositeKey> = (form: Having<Key>, path: FormPath, context: FaultContext) => readonly Fault[];

const composites: { readonly [Key in CompositeKey]: Expand<Key> } = {
  cutSubtree,
  ring,
  bridge,
  flapping,
  swizzle,
  upgrade: otherSoftware,
  downgrade: otherSoftware,
  clockSlew,
  clockStrobe,
  farFuture,
  churn,
  massReturn,
  cascade,
};
const byKey: ReadonlyMap<string, Expand<never>> = new Map(Object.entries(composites));

/** What a composite is made of; null for a fault that stands for itself. */
export function expandFault(form: FaultForm, path: FormPath, context: FaultContext): readonly Fault[] | null {
  for (const key of Object.keys(form)) {
    const expand = byKey.get(key);
    if (expand !== undefined) return expand(form as never, path, context);
  }
  return null;
}

/** What a composite draws from. */
function streamOf(path: FormPath, { rng }: FaultContext): Rng {
  return rng.fork(path.join("/"));
}

// --- network ---

/** A cloudlet and all below it, as the scenario begins. */
function subtreeOf(root: string, { spec }: FaultContext): readonly string[] {
  const lowers = new Map<string, string[]>();
  for (const { name, upper } of spec.cloudlets) {
    if (upper !== undefined) lowers.set(upper, [...(lowers.get(upper) ?? []), name]);
  }
  const found = [root];
  for (const name of found) found.push(...(lowers.get(name) ?? []));
  return found;
}

function cutSubtree(form: Having<"cutSubtree">, path: FormPath, context: FaultContext): readonly Fault[] {
  const span = resolveSpan(form, path, context);
  const place = [...path, "cutSubtree"];
  if (!context.sites.check(form.cutSubtree, place)) return [];
  const group = subtreeOf(form.cutSubtree, context);
  if (group.length === context.sites.names.length) {
    const found = `found ${form.cutSubtree}, which has all others below it`;
    context.problems.add(place, `expected a cloudlet with somebody above or beside it, ${found}; name a lower one`);
  }
  return [{ kind: "partition", groups: [group], ...span }];
}

/** Cuts the links for which `isCut` says so; reports where there are none. */
function cutLinks(
  isCut: (a: string, b: string) => boolean,
  form: { readonly from: string; readonly until?: string | undefined },
  path: FormPath,
  context: FaultContext,
): readonly Fault[] {
  const span = resolveSpan(form, path, context);
  const cut = context.spec.links.filter(({ a, b }) => isCut(a, b));
  if (cut.length === 0) {
    context.problems.add(path, "expected that some link is cut by it, found none; there are no links across");
  }
  return cut.map(({ a, b }) => ({ kind: "linkDown", a, b, direction: "both", ...span }));
}

function ring(form: Having<"ring">, path: FormPath, context: FaultContext): readonly Fault[] {
  const places = new Map<string, number>();
  for (const [index, name] of form.ring.entries()) {
    const place = [...path, "ring", index];
    if (!context.sites.check(name, place)) return [];
    if (places.has(name)) context.problems.add(place, `cloudlet "${name}" is in the ring twice; keep one`);
    places.set(name, index);
  }
  if (form.ring.length < 3) {
    const found = `found ${form.ring.length}`;
    context.problems.add([...path, "ring"], `expected at least three cloudlets, ${found}; name more`);
    return [];
  }
  const isCut = (a: string, b: string): boolean => {
    const one = places.get(a);
    const other = places.get(b);
    if (one === undefined || other === undefined) return false;
    const apart = Math.abs(one - other);
    return apart > 1 && apart < form.ring.length - 1;
  };
  return cutLinks(isCut, form, path, context);
}

function bridge(form: Having<"bridge">, path: FormPath, context: FaultContext): readonly Fault[] {
  const sides = new Map<string, number>();
  let isKnown = context.sites.check(form.bridge, [...path, "bridge"]);
  for (const [side, names] of form.between.entries()) {
    for (const [index, name] of names.entries()) {
      const place = [...path, "between", side, index];
      if (!context.sites.check(name, place)) isKnown = false;
      if (sides.has(name) || name === form.bridge) {
        context.problems.add(place, `cloudlet "${name}" is named twice; keep it on one side, or as the bridge`);
      }
      sides.set(name, side);
    }
  }
  if (form.between.length !== 2) {
    const found = `found ${form.between.length}`;
    context.problems.add([...path, "between"], `expected two groups, ${found}; write [[a, b], [c, d]]`);
  }
  if (!isKnown) return [];
  const isCut = (a: string, b: string): boolean => sides.has(a) && sides.has(b) && sides.get(a) !== sides.get(b);
  return cutLinks(isCut, form, path, context);
}

function flapping(form: Having<"flapping">, path: FormPath, context: FaultContext): readonly Fault[] {
  const rng = streamOf(path, context);
  const [a, b] = form.flapping;
  checkLink([a, b], [...path, "flapping"], context);
  const { from, until } = resolveSpan(form, path, context);
  const direction = form.direction ?? "both";
  return turns(form, path, context, { from, until: until ?? context.duration, isAwayFirst: true }, rng).map((turn) => ({
    kind: "linkDown",
    a,
    b,
    direction,
    ...turn,
  }));
}

/** Times away, between times there; none is left open beyond the end. */
function turns(
  { down, up }: { readonly down: string; readonly up: string },
  path: FormPath,
  { problems, duration }: FaultContext,
  span: { readonly from: number; readonly until: number; readonly isAwayFirst: boolean },
  rng: Rng,
): readonly { readonly from: Instant; readonly until: Instant }[] {
  const downs = samplerOf(checkedSpread(down));
  const ups = samplerOf(checkedSpread(up));
  const end = Math.min(span.until, duration);
  const found: { readonly from: Instant; readonly until: Instant }[] = [];
  let stillCount = 0;
  let at = span.isAwayFirst ? span.from : span.from + ups(rng);
  while (at < end) {
    const away = downs(rng);
    const until = Math.min(at + away, end);
    if (until > at) found.push({ from: instant(at), until: instant(until) });
    const next = until + ups(rng);
    stillCount = next === at ? stillCount + 1 : 0;
    if (stillCount > 100 || found.length > PIECES_MAX) break;
    at = next;
  }
  if (stillCount > 100) {
    problems.add(path, "expected down and up that take time, found both at 0s; make one of them longer");
  }
  return found;
}

/** In the first half of its time one after another is cut off, in the second one after another comes back, in another order. */
function swizzle(form: Having<"swizzle">, path: FormPath, context: FaultContext): readonly Fault[] {
  const rng = streamOf(path, context);
  const names = context.sites.select(form.swizzle, [...path, "swizzle"]);
  const { from, until } = resolveSpan(form, path, context);
  if (names.length < 2) {
    const found = `found ${names.length}`;
    context.problems.add([...path, "swizzle"], `expected at least two cloudlets, ${found}; name more`);
    return [];
  }
  const cut = shuffled(rng, names);
  const drawn = shuffled(rng, names);
  const isSame = drawn.every((name, index) => name === cut[index]);
  const back = isSame ? [...drawn.slice(1), drawn[0] as string] : drawn;
  const half = ((until ?? context.duration) - from) / 2;
  const step = half / names.length;
  return cut.map((cloudlet, index) => ({
    kind: "isolate",
    cloudlet,
    from: instant(Math.floor(from + index * step)),
    until: instant(Math.ceil(from + half + (back.indexOf(cloudlet) + 1) * step)),
  }));
}

// --- processes and clocks ---

function otherSoftware(form: Having<"upgrade" | "downgrade">, path: FormPath, context: FaultContext): readonly Fault[] {
  const [name, cloudlet] = "upgrade" in form ? ["upgrade", form.upgrade] : ["downgrade", form.downgrade];
  context.sites.check(cloudlet, [...path, name]);
  const at = instant(moment(form.at, [...path, "at"], context));
  const after = micros(checkedQuantity("duration", form.for));
  return [{ kind: "crash", cloudlet, at, after, disk: "keep", version: form.version }];
}

function clockSlew(form: Having<"clockSlew">, path: FormPath, context: FaultContext): readonly Fault[] {
  context.sites.check(form.clockSlew, [...path, "clockSlew"]);
  const from = instant(moment(form.at, [...path, "at"], context));
  const by = checkedQuantity("offset", form.by);
  const rate = form.rate === undefined ? SLEW_PPM_DEFAULT : checkedQuantity("drift", form.rate);
  if (by === 0) context.problems.add([...path, "by"], `expected some way to go, found ${form.by}; write more`);
  if (rate <= 0) context.problems.add([...path, "rate"], `expected a rate above 0ppm, found ${form.rate}; write more`);
  if (by === 0 || rate <= 0) return [];
  const until = instant(from + Math.ceil((Math.abs(by) * 1_000_000) / rate));
  return [{ kind: "clockDrift", cloudlet: form.clockSlew, ppm: by < 0 ? -rate : rate, from, until }];
}

function clockStrobe(form: Having<"clockStrobe">, path: FormPath, context: FaultContext): readonly Fault[] {
  context.sites.check(form.clockStrobe, [...path, "clockStrobe"]);
  const { from, until } = resolveSpan(form, path, context);
  const by = checkedQuantity("offset", form.by);
  const every = checkedQuantity("duration", form.every);
  if (every === 0) {
    context.problems.add([...path, "every"], `expected a time, found ${form.every}; write for example 10ms`);
    return [];
  }
  const end = Math.min(until ?? context.duration, context.duration);
  // An even number: it ends where it began.
  const count = Math.min(PIECES_MAX, 2 * Math.ceil((end - from) / every / 2));
  return Array.from({ length: count }, (_, turn) => ({
    kind: "clockStep",
    cloudlet: form.clockStrobe,
    at: instant(Math.min(from + turn * every, context.duration - 1)),
    by: turn % 2 === 0 ? by : -by,
  }));
}

function farFuture(form: Having<"farFuture">, path: FormPath, context: FaultContext): readonly Fault[] {
  const { problems, clockBound, duration } = context;
  context.sites.check(form.farFuture, [...path, "farFuture"]);
  const at = instant(moment(form.at, [...path, "at"], context));
  const by = checkedQuantity("duration", form.by ?? FAR_DEFAULT);
  if (by <= clockBound) {
    const bound = `more than the clock bound (${showQuantity("duration", clockBound)})`;
    problems.add([...path, "by"], `expected ${bound}, found ${form.by ?? FAR_DEFAULT}; write more, or use clockStep`);
  }
  const there: Fault = { kind: "clockStep", cloudlet: form.farFuture, at, by };
  if (form.for === undefined) return [there];
  const backAt = instant(at + checkedQuantity("duration", form.for));
  if (backAt >= duration) {
    problems.add([...path, "for"], `expected an end before the load ends, found ${form.for}; make one of them fit`);
    return [there];
  }
  return [there, { ...there, at: backAt, by: -by }];
}

// --- membership ---

/** A cloudlet is away for this time: its process is down, or all its links are. */
function away(how: "crash" | "cut" | undefined, cloudlet: string, from: Instant, until: Instant | null): Fault {
  if (how !== "crash") return { kind: "isolate", cloudlet, from, until };
  // A process that is down when the load ends is started then anyway.
  return { kind: "crash", cloudlet, at: from, after: until === null ? LONG : micros(until - from), disk: "keep" };
}

const LONG = micros(1_000_000_000_000) satisfies Duration;

function churn(form: Having<"churn">, path: FormPath, context: FaultContext): readonly Fault[] {
  const rng = streamOf(path, context);
  const names = context.sites.select(form.churn, [...path, "churn"]);
  const { from, until } = resolveSpan(form, path, context);
  const span = { from, until: until ?? context.duration, isAwayFirst: false };
  return names.flatMap((cloudlet) =>
    turns(form, path, context, span, rng.fork(cloudlet)).map((turn) => away(form.how, cloudlet, turn.from, turn.until)),
  );
}

function massReturn(form: Having<"massReturn">, path: FormPath, context: FaultContext): readonly Fault[] {
  const names = context.sites.select(form.massReturn, [...path, "massReturn"]);
  const { from, until } = resolveSpan(form, path, context);
  return names.map((cloudlet) => away(form.how, cloudlet, from, until));
}

function cascade(form: Having<"cascade">, path: FormPath, context: FaultContext): readonly Fault[] {
  const { sites, spec, duration, problems } = context;
  const begins = moment(form.from, [...path, "from"], context);
  if (!sites.check(form.cascade, [...path, "cascade"])) return [];
  const uppers = new Map(spec.cloudlets.map(({ name, upper }) => [name, upper]));
  const withLowers = new Set(spec.cloudlets.map(({ upper }) => upper));
  const layers = new Map<number, string[]>();
  const depths = new Map<string, number>();
  // A subtree comes in the order of its layers.
  for (const name of subtreeOf(form.cascade, context)) {
    const depth = name === form.cascade ? 0 : (depths.get(uppers.get(name) ?? "") ?? 0) + 1;
    depths.set(name, depth);
    if (withLowers.has(name)) layers.set(depth, [...(layers.get(depth) ?? []), name]);
  }
  if (layers.size === 0) {
    const found = `found ${form.cascade}, which has nobody below it`;
    problems.add([...path, "cascade"], `expected a cloudlet with others below it, ${found}; name a higher one`);
    return [];
  }
  const order = form.first === "top" ? [...layers.values()] : [...layers.values()].reverse();
  const every = checkedQuantity("duration", form.every);
  const lasts = checkedQuantity("duration", form.for);
  return order.flatMap((names, index) => {
    const from = begins + index * every;
    if (from >= duration) return [];
    return names.map((cloudlet) => away(form.how, cloudlet, instant(from), instant(from + lasts)));
  });
}
