/**
 * What a scenario asks for and what breaks in it, back in the form that scenario files have: clients, script, ways, faults.
 *
 * Leaves out the topology (form-of-topology.ts) and the rest (form-of.ts).
 */
import { unreachable } from "../../model/assert.ts";
import type { ClientOp } from "../../model/replication/io.ts";
import { CLOUDLET_HOLE } from "./expand-topology.ts";
import type { FormPart } from "./form-of-topology.ts";
import { showQuantity } from "./quantity.ts";
import type {
  ClientAction,
  ClientGroup,
  Fault,
  KeyChoice,
  LinkHarm,
  ScriptStep,
  Travel,
  Traveller,
} from "./scenario.ts";
import { showSpread } from "./spread.ts";

const time = (value: number): string => showQuantity("duration", value);

/** A group of clients. An action that is never chosen, which a form cannot have, is left out. */
export function clientsForm({ name, at, sessions, loop, operations, starts, mix, travel }: ClientGroup): FormPart {
  return {
    name,
    ...(travel === undefined || !hasContacts(travel) ? { at } : {}),
    ...(travel !== undefined && { travel: travelForm(travel, at[0] ?? "") }),
    ...(sessions !== 1 && { sessions }),
    ...(loop.kind === "closed" ? { think: showSpread(loop.think) } : { every: showSpread(loop.interval) }),
    ...(operations !== null && { operations }),
    ...(starts > 0 && { starts: time(starts) }),
    mix: mix.filter(({ weight }) => weight > 0).map(actionForm),
  };
}

function actionForm(action: ClientAction): FormPart {
  const { kind, weight } = action;
  const share = weight === 1 ? {} : { weight };
  const holed = (prefix: string): string => prefix.replaceAll("{self}", CLOUDLET_HOLE);
  if (kind === "scan") return { scan: holed(action.prefix), ...share, limit: action.limit };
  const size = "valueSize" in action ? { size: showQuantity("size", action.valueSize) } : {};
  const ttl = "ttl" in action ? { ttl: time(action.ttl) } : {};
  return { [kind]: holed(action.keys.prefix), ...size, ...share, ...keysForm(action.keys), ...ttl };
}

function keysForm({ count, popularity }: KeyChoice): FormPart {
  return {
    ...(count !== 1 && { keys: count }),
    ...(popularity.kind === "zipf" && {
      popularity: `zipf(${Math.floor(popularity.thetaPercent / 100)}.${hundredths(popularity)})`,
    }),
  };
}

function hundredths({ thetaPercent }: { readonly thetaPercent: number }): string {
  return String(thetaPercent % 100).padStart(2, "0");
}

/** A step; `isTravelling`: it is asked wherever its session is. */
export function stepForm({ at, cloudlet, session, op, size }: ScriptStep, isTravelling: boolean): FormPart {
  const isFilled = size !== undefined && (op.kind === "put" || op.kind === "append");
  const filled = isFilled ? { size: showQuantity("size", size) } : {};
  return { ...opForm(op), ...filled, at: time(at), ...(!isTravelling && { cloudlet }), session };
}

function opForm(op: ClientOp): FormPart {
  switch (op.kind) {
    case "put":
    case "delete": {
      const replaceAll = op.replaceAll === undefined ? {} : { replaceAll: op.replaceAll };
      if (op.kind === "delete") return { delete: op.key, ...replaceAll };
      return { put: op.key, value: op.value, ...replaceAll, ...(op.ttl !== undefined && { ttl: time(op.ttl) }) };
    }
    case "resolve":
      return { resolve: op.key, value: op.value };
    case "add":
      return { add: op.key, amount: op.amount };
    case "insert":
      return { insert: op.key, element: op.element };
    case "remove":
      return { remove: op.key, element: op.element };
    case "append":
      return { append: op.key, entry: op.entry };
    case "get":
      return { get: op.key };
    case "scan":
      return { scan: op.prefix, ...(op.limit !== undefined && { limit: op.limit }) };
    case "detach":
    case "attach":
      // What a session that moves asks by itself is no step of a script.
      return {};
    default:
      return unreachable(op);
  }
}

/** A session of the script that moves. */
export function travellerForm({ session, at, travel }: Traveller): FormPart {
  return { session, ...(!hasContacts(travel) && { at }), travel: travelForm(travel, at) };
}

/** Moves cannot say that nobody is in reach, nor where a session is at once. */
function hasContacts({ stops }: Travel): boolean {
  return stops.length === 0 || stops.some(({ at, to }) => to === null || at === 0);
}

function travelForm(travel: Travel, begins: string): FormPart {
  const { stops, policy, bundle } = travel;
  const rest = {
    ...(policy === "forgo" && { past: policy }),
    ...(bundle !== 1_048_576 && { bundle: showQuantity("size", bundle ?? 0) }),
  };
  if (!hasContacts(travel)) return { moves: stops.map(({ at, to }) => ({ at: time(at), to })), ...rest };
  const all = stops[0]?.at === 0 ? stops : [{ at: 0, to: begins }, ...stops];
  const contacts = all.flatMap(({ at, to }, index): FormPart[] => {
    // What has no end lasts longer than any run.
    const until = all[index + 1]?.at ?? FOREVER;
    return to === null ? [] : [{ with: to, from: time(at), until: time(until) }];
  });
  return { contacts, ...rest };
}

const FOREVER = 36_500 * 86_400_000_000;

/** A fault. */
export function faultForm(fault: Fault): FormPart {
  const span = (from: number, until: number | null): FormPart => ({
    from: time(from),
    ...(until !== null && { until: time(until) }),
  });
  switch (fault.kind) {
    case "linkDown":
    case "clog":
    case "degrade": {
      const { kind, a, b, direction, from, until } = fault;
      const harm = kind === "degrade" ? harmForm(fault.harm) : {};
      return { [kind]: [a, b], ...(direction !== "both" && { direction }), ...harm, ...span(from, until) };
    }
    case "partition":
      return { partition: fault.groups, ...span(fault.from, fault.until) };
    case "isolate":
      return { isolate: fault.cloudlet, ...span(fault.from, fault.until) };
    case "crash": {
      const { cloudlet, at, after, disk, version, whenPending } = fault;
      return {
        crash: cloudlet,
        at: time(at),
        for: time(after),
        ...(disk !== "keep" && { disk }),
        ...(version !== undefined && { version }),
        ...(whenPending === true && { when: "writesPending" }),
      };
    }
    case "lyingFsync":
    case "fullDisk":
      return { [fault.kind]: fault.cloudlet, ...span(fault.from, fault.until) };
    case "slowDisk":
      return { slowDisk: fault.cloudlet, sync: showSpread(fault.sync), ...span(fault.from, fault.until) };
    case "pause": {
      const clock = fault.clock === "runs" ? {} : { clock: fault.clock };
      return { pause: fault.cloudlet, ...clock, ...span(fault.from, fault.until) };
    }
    case "clockDrift":
      return { clockDrift: fault.cloudlet, by: showQuantity("drift", fault.ppm), ...span(fault.from, fault.until) };
    case "bitRot":
      return { bitRot: fault.cloudlet, at: time(fault.at), ...(fault.entries !== 1 && { entries: fault.entries }) };
    case "restoreBackup":
      return { restoreBackup: fault.cloudlet, of: time(fault.of), at: time(fault.at), for: time(fault.after) };
    case "cloneDisk":
      return { cloneDisk: fault.source, to: fault.cloudlet, at: time(fault.at), for: time(fault.after) };
    case "clockStep":
      return { clockStep: fault.cloudlet, at: time(fault.at), by: showQuantity("offset", fault.by) };
    default:
      return unreachable(fault);
  }
}

function harmForm({ bandwidth, delay, jitter, reorderDelay, ...shares }: LinkHarm): FormPart {
  const times = { delay, jitter, reorderDelay };
  return {
    ...Object.fromEntries(Object.entries(times).flatMap(([name, value]) => (value > 0 ? [[name, time(value)]] : []))),
    ...Object.fromEntries(
      Object.entries(shares).flatMap(([name, value]) => (value > 0 ? [[name, showQuantity("share", value)]] : [])),
    ),
    ...(bandwidth !== null && { bandwidth: showQuantity("bandwidth", bandwidth) }),
  };
}
