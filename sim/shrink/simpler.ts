// Simpler forms of what a world still has: one cloudlet for two, defaults for settings, whole seconds for moments, a letter for a value.
// Each gives worlds to try one after the other, the boldest first. Whether one is smaller, and shows the target, is asked elsewhere
// (attempts.ts).

import type { ClientOp } from "../../model/replication/io.ts";
import type { LinkDirectionSpec, LinkSpec, ScopeSpec, TopologySpec } from "../../model/topology/spec.ts";
import { micros, millis, seconds } from "../../model/units.ts";
import type { Fault, LinkHarm, Scenario, ScriptStep } from "../scenario/scenario.ts";
import { withTopologies } from "./edits.ts";
import { momentsOf, onGrid, oneRounded, rounded } from "./moments.ts";
import { omit } from "./omit.ts";
import { merged, renamed } from "./renaming.ts";

/** One way to make worlds simpler. */
export interface Simplification {
  readonly kind: string;
  /** Worlds to try, each made of this one. */
  readonly candidates: (world: Scenario) => Iterable<Scenario>;
}

/** All of them, those that take most away first. */
export const simplifications: readonly Simplification[] = [
  { kind: "imperfections met more often", candidates: likelier },
  { kind: "cloudlets merged", candidates: mergers },
  { kind: "sessions merged", candidates: sharedSessions },
  { kind: "settings", candidates: settings },
  { kind: "scopes", candidates: (world) => eachScope(world) },
  { kind: "faults", candidates: (world) => eachElement(world, "faults", simplerFaults) },
  { kind: "requests", candidates: (world) => eachElement(world, "script", simplerSteps) },
  { kind: "ways of sessions", candidates: simplerTravel },
  { kind: "clocks", candidates: simplerClocks },
  { kind: "plans", candidates: simplerPlans },
  { kind: "links", candidates: simplerLinks },
  { kind: "moments", candidates: simplerMoments },
  { kind: "names", candidates: simplerNames },
];

const STEPS = [1_000_000, 100_000, 10_000, 1_000, 100, 10] as const;
const DELAY = millis(5);

// --- chance ---

const chances = ["loss", "duplication", "reordering", "corruption"] as const;
const likelyShares = [500_000, 100_000] as const;
const SEEDS = 8;
/** Of more links than these only all are changed at once. */
const LINKS_ONE_BY_ONE_MAX = 4;

/**
 * Worlds in which links do more often what they do now and then: what meets every other message needs a few of them, where what meets
 * one in a hundred needs hundreds. They are other worlds than before, so each is tried under several seeds.
 */
function* likelier(world: Scenario): Iterable<Scenario> {
  const { links } = world.topology;
  const single = links.length > 1 && links.length <= LINKS_ONE_BY_ONE_MAX ? [...links.keys()] : [];
  for (const share of likelyShares) {
    for (const property of chances) {
      for (const only of [null, ...single]) {
        const changed = withShare(world, property, share, only);
        if (changed === null) continue;
        yield changed;
        for (let seed = 1; seed <= SEEDS; seed += 1) yield { ...changed, seed: String(seed) };
      }
    }
  }
}

/** The same with this share of messages met wherever any are, on one link or on all; null where none are. */
function withShare(
  world: Scenario,
  property: (typeof chances)[number],
  share: number,
  only: number | null,
): Scenario | null {
  const isRare = (way: LinkDirectionSpec): boolean => (way[property] ?? 0) > 0 && (way[property] ?? 0) < share;
  const isMeant = (index: number): boolean => only === null || index === only;
  const isAny = world.topology.links.some(
    ({ forth, back = forth }, index) => isMeant(index) && (isRare(forth) || isRare(back)),
  );
  if (!isAny) return null;
  const more = (way: LinkDirectionSpec): LinkDirectionSpec => (isRare(way) ? { ...way, [property]: share } : way);
  return withTopologies(world, (spec) => ({
    ...spec,
    links: spec.links.map((link, index) =>
      isMeant(index) ? { ...link, forth: more(link.forth), back: more(link.back ?? link.forth) } : link,
    ),
  }));
}

// --- what is there twice ---

/** Each cloudlet for the one above it, the lowest first; then for one beside it. */
function* mergers(world: Scenario): Iterable<Scenario> {
  const { cloudlets } = world.topology;
  for (const { name, upper } of cloudlets.toReversed()) if (upper !== undefined) yield merged(world, name, upper);
  for (const one of cloudlets) {
    const beside = cloudlets.find(({ name, upper }) => name !== one.name && upper === one.upper);
    if (beside !== undefined) yield merged(world, one.name, beside.name);
  }
}

/** Two sessions at one cloudlet for one. */
function* sharedSessions(world: Scenario): Iterable<Scenario> {
  const ways = new Set(world.travellers?.map(({ session }) => session));
  const homes = new Map<string, string[]>();
  for (const { session, cloudlet } of world.script) {
    if (ways.has(session)) continue;
    const known = homes.get(cloudlet) ?? [];
    if (!known.includes(session)) known.push(session);
    homes.set(cloudlet, known);
  }
  for (const [first, ...others] of homes.values()) {
    for (const other of others) {
      const script = world.script.map((step) => (step.session === other ? { ...step, session: first ?? other } : step));
      yield { ...world, script };
    }
  }
}

// --- settings and scopes ---

function* settings(world: Scenario): Iterable<Scenario> {
  yield { ...world, seed: "1" };
  if (world.core !== undefined) yield omit(world, "core");
  if (world.aliveness !== undefined) yield omit(world, "aliveness");
  yield { ...world, causality: "session" };
  yield { ...world, diskSync: { kind: "constant", value: micros(200) } };
  yield { ...world, wire: { encodes: false, versions: world.wire.versions } };
  yield { ...world, wire: { encodes: true, versions: [] } };
  yield { ...world, logs: { retain: null, checkpoint: null } };
  yield { ...world, logs: { ...world.logs, checkpoint: null } };
  yield { ...world, logs: { ...world.logs, retain: null } };
  for (const retain of [0, 1]) if (world.logs.retain !== null) yield { ...world, logs: { ...world.logs, retain } };
  yield { ...world, clockBound: seconds(60) };
  for (const clockBound of [seconds(1)]) yield { ...world, clockBound };
  for (const settle of [seconds(30)]) yield { ...world, settle };
}

function* eachScope(world: Scenario): Iterable<Scenario> {
  for (const index of world.topology.scopes.keys()) {
    const changed = (change: (scope: ScopeSpec) => ScopeSpec): Scenario =>
      withTopologies(world, (spec) => ({
        ...spec,
        scopes: spec.scopes.map((scope, at) => (at === index ? change(scope) : scope)),
      }));
    yield changed(({ name, prefix }) => ({ name, prefix }));
    for (const key of ["resolver", "collect", "durability"] as const) yield changed((scope) => omit(scope, key));
    for (const collect of [seconds(1), millis(100)]) {
      yield changed((scope) => (scope.collect === undefined ? scope : { ...scope, collect }));
    }
  }
}

// --- lists, element by element ---

function* eachElement<Key extends "faults" | "script">(
  world: Scenario,
  key: Key,
  simpler: (element: Scenario[Key][number], world: Scenario) => Iterable<Scenario[Key][number]>,
): Iterable<Scenario> {
  for (const [index, element] of world[key].entries()) {
    for (const other of simpler(element, world)) {
      yield { ...world, [key]: world[key].map((one, at) => (at === index ? other : one)) };
    }
  }
}

function* simplerFaults(fault: Fault): Iterable<Fault> {
  if ("until" in fault && fault.until !== null) yield { ...fault, until: null };
  if (fault.kind === "linkDown" || fault.kind === "clog" || fault.kind === "degrade") {
    yield { ...fault, direction: "both" };
  }
  if (fault.kind === "degrade") yield* simplerHarms(fault);
  if (fault.kind === "pause") yield { ...fault, clock: "runs" };
  if (fault.kind === "slowDisk") {
    for (const value of [seconds(1), millis(100)]) yield { ...fault, sync: { kind: "constant", value } };
  }
  if (fault.kind === "clockDrift") {
    for (const step of [10_000, 1_000, 100]) yield { ...fault, ppm: Math.round(fault.ppm / step) * step };
  }
  if (fault.kind === "crash") {
    yield { ...omit(omit(fault, "version"), "whenPending"), disk: "keep" };
    yield omit(fault, "version");
    yield omit(fault, "whenPending");
    yield { ...fault, disk: "keep" };
  }
  if (fault.kind === "bitRot") yield { ...fault, entries: 1 };
  if (fault.kind === "clockStep") {
    for (const step of STEPS) yield { ...fault, by: Math.sign(fault.by) * Math.ceil(Math.abs(fault.by) / step) * step };
  }
  if (fault.kind === "partition") {
    for (const group of fault.groups) {
      for (const cloudlet of group) yield { kind: "isolate", cloudlet, from: fault.from, until: fault.until };
    }
    if (fault.groups.length > 1) yield { ...fault, groups: fault.groups.slice(0, -1) };
  }
}

/** Less of what a link does worse; a link that loses everything may be down instead. */
function* simplerHarms(fault: Extract<Fault, { kind: "degrade" }>): Iterable<Fault> {
  const { a, b, direction, from, until, harm } = fault;
  yield { kind: "linkDown", a, b, direction, from, until };
  const without: readonly Partial<LinkHarm>[] = [
    { loss: 0 },
    { duplication: 0 },
    { reordering: 0, reorderDelay: micros(0) },
    { corruption: 0 },
    { delay: micros(0) },
    { jitter: micros(0) },
    { bandwidth: null },
  ];
  for (const less of without) yield { ...fault, harm: { ...harm, ...less } };
  for (const share of ["loss", "duplication", "reordering", "corruption"] as const) {
    if (harm[share] > 0) yield { ...fault, harm: { ...harm, [share]: 1_000_000 } };
  }
}

function* simplerSteps(step: ScriptStep, { script }: Scenario): Iterable<ScriptStep> {
  const { op } = step;
  const as = (other: ClientOp): ScriptStep => ({ ...step, op: other });
  if (step.size !== undefined) yield omit(step, "size");
  if (op.kind === "delete" && op.replaceAll !== undefined) yield as(omit(op, "replaceAll"));
  if (op.kind === "put") {
    if (op.replaceAll !== undefined) yield as(omit(op, "replaceAll"));
    if (op.ttl !== undefined) {
      yield as(omit(op, "ttl"));
      for (const unit of STEPS) yield as({ ...op, ttl: micros(Math.max(unit, Math.round(op.ttl / unit) * unit)) });
    }
  }
  if (op.kind === "scan") {
    yield as(omit(op, "limit"));
    for (const key of new Set(script.flatMap((other) => ("key" in other.op ? [other.op.key] : [])))) {
      if (key.startsWith(op.prefix)) yield as({ kind: "get", key });
    }
  }
  if (op.kind === "add") yield as({ ...op, amount: 1 });
}

function* simplerTravel(world: Scenario): Iterable<Scenario> {
  const travellers = world.travellers ?? [];
  for (const [index, one] of travellers.entries()) {
    const changed = (travel: Partial<typeof one.travel>): Scenario => ({
      ...world,
      travellers: travellers.map((other, at) =>
        at === index ? { ...one, travel: { ...one.travel, ...travel } } : other,
      ),
    });
    const { policy, bundle, stops } = one.travel;
    if (policy !== "carry") yield changed({ policy: "carry" });
    if (bundle !== null) yield changed({ bundle: BUNDLE_DEFAULT });
    // To be out of reach for a while may not be needed.
    yield changed({ stops: stops.filter(({ to }) => to !== null) });
  }
}

const BUNDLE_DEFAULT = 1_048_576 as NonNullable<NonNullable<Scenario["travellers"]>[number]["travel"]["bundle"]>;

function* simplerClocks(world: Scenario): Iterable<Scenario> {
  for (const [index, clock] of world.clocks.entries()) {
    const changed = (change: Partial<typeof clock>): Scenario => ({
      ...world,
      clocks: world.clocks.map((other, at) => (at === index ? { ...clock, ...change } : other)),
    });
    yield changed({ offset: 0 });
    yield changed({ driftPpm: 0 });
    const { offset } = clock;
    for (const step of STEPS) yield changed({ offset: Math.sign(offset) * Math.ceil(Math.abs(offset) / step) * step });
    for (const step of [1_000, 100, 10]) yield changed({ driftPpm: Math.round(clock.driftPpm / step) * step });
  }
}

function* simplerPlans(world: Scenario): Iterable<Scenario> {
  const { plans = [] } = world;
  for (const [index, plan] of plans.entries()) {
    const told = { kind: "constant", value: micros(0) } as const;
    yield { ...world, plans: plans.map((other, at) => (at === index ? { ...plan, told } : other)) };
  }
}

// --- links, moments, names ---

function* simplerLinks(world: Scenario): Iterable<Scenario> {
  const changed = (change: (link: LinkSpec, index: number) => LinkSpec): Scenario =>
    withTopologies(world, (spec) => ({ ...spec, links: spec.links.map(change) }));
  yield changed(({ a, b }) => ({ a, b, forth: { delay: DELAY } }));
  yield changed(({ a, b, forth, back }) => ({
    a,
    b,
    forth: { ...forth, delay: DELAY },
    back: { ...(back ?? forth), delay: DELAY },
  }));
  for (const index of world.topology.links.keys()) {
    const one = (change: (link: LinkSpec) => LinkSpec): Scenario =>
      changed((link, at) => (at === index ? change(link) : link));
    yield one(({ a, b, forth }) => ({ a, b, forth }));
    yield one(({ a, b, forth, back }) => ({ a, b, forth: back ?? forth }));
    yield one(({ forth, back, ...ends }) => ({ ...ends, forth: { ...forth, delay: DELAY }, back: back ?? forth }));
    yield one(({ forth, back, ...ends }) => ({ ...ends, forth, back: { ...(back ?? forth), delay: DELAY } }));
    for (const step of STEPS) {
      const near = (delay: number) => micros(Math.max(1, Math.round(delay / step)) * step);
      yield one(({ forth, back, ...ends }) => ({
        ...ends,
        forth: { ...forth, delay: near(forth.delay) },
        ...(back !== undefined && { back: { ...back, delay: near(back.delay) } }),
      }));
    }
  }
}

function* simplerMoments(world: Scenario): Iterable<Scenario> {
  for (const step of STEPS) yield onGrid(world, step);
  for (const step of STEPS) yield rounded(world, step);
  // The end of the load soon after the last that happens.
  const last = momentsOf(world).at(-2) ?? 0;
  for (const step of STEPS) yield { ...world, duration: micros((Math.floor(last / step) + 1) * step) };
  for (const moment of momentsOf(world)) {
    for (const step of STEPS) {
      for (const isDown of [true, false]) {
        const other = oneRounded(world, moment, step, isDown);
        if (other !== null) yield other;
      }
    }
  }
}

const LETTERS = "abcdefghijklmnopqrstuvwxyz";

function letter(index: number): string {
  return LETTERS[index] ?? `z${index}`;
}

/** A letter for each of these, in their order. */
function letters(names: readonly string[]): ReadonlyMap<string, string> {
  return new Map([...new Set(names)].map((name, index) => [name, letter(index)]));
}

function* simplerNames(world: Scenario): Iterable<Scenario> {
  yield inDepthFirstOrder(world);
  const sessions = letters(world.script.map(({ session }) => session));
  yield {
    ...world,
    script: world.script.map((step) => ({ ...step, session: sessions.get(step.session) ?? step.session })),
    ...(world.travellers !== undefined && {
      travellers: world.travellers.map((one) => ({ ...one, session: sessions.get(one.session) ?? one.session })),
    }),
  };
  yield withValues(world);
  yield withKeys(world);
  const names = letters(world.topology.cloudlets.map(({ name }) => name));
  yield renamed(world, (name) => names.get(name) ?? name);
}

function inDepthFirstOrder(world: Scenario): Scenario {
  const sorted = ({ cloudlets, ...spec }: TopologySpec): TopologySpec => {
    const order: TopologySpec["cloudlets"][number][] = [];
    const open = cloudlets.filter(({ upper }) => upper === undefined).reverse();
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      order.push(next);
      const { name } = next;
      open.push(...cloudlets.filter(({ upper }) => upper === name).reverse());
    }
    return { ...spec, cloudlets: order };
  };
  // Plans have the same cloudlets in the same order.
  return world.plans === undefined ? { ...world, topology: sorted(world.topology) } : world;
}

/** A letter for each value. */
function withValues(world: Scenario): Scenario {
  const values = letters(world.script.flatMap(({ op }) => valueOf(op) ?? []));
  const script = world.script.map((step): ScriptStep => {
    const { op } = step;
    const value = values.get(valueOf(op) ?? "") ?? "";
    if (op.kind === "put" || op.kind === "resolve") return { ...step, op: { ...op, value } };
    if (op.kind === "insert" || op.kind === "remove") return { ...step, op: { ...op, element: value } };
    return op.kind === "append" ? { ...step, op: { ...op, entry: value } } : step;
  });
  return { ...world, script };
}

function valueOf(op: ClientOp): string | null {
  if (op.kind === "put" || op.kind === "resolve") return op.value;
  if (op.kind === "insert" || op.kind === "remove") return op.element;
  return op.kind === "append" ? op.entry : null;
}

/** The prefix of its scope and a letter for each key. */
function withKeys(world: Scenario): Scenario {
  const prefixes = world.topology.scopes.map(({ prefix }) => prefix).sort((one, other) => other.length - one.length);
  const keys = letters(world.script.flatMap(({ op }) => ("key" in op ? [op.key] : [])));
  const script = world.script.map((step): ScriptStep => {
    if (!("key" in step.op)) return step;
    const { key } = step.op;
    const prefix = prefixes.find((one) => key.startsWith(one)) ?? "";
    return { ...step, op: { ...step.op, key: `${prefix}${keys.get(key) ?? key}` } };
  });
  return { ...world, script };
}
