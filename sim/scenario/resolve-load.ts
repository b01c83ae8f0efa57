/**
 * Clients and scripted requests: names checked, quantities in whole units, defaults filled in.
 *
 * A key that no scope covers, or that the client's cloudlet does not hold, is a mistake of the scenario: every such
 * request would be refused. Leaves out the running of the load.
 */
import { unreachable } from "../../model/assert.ts";
import type { CloudletId } from "../../model/ids.ts";
import { wrongRequest } from "../../model/replication/draft.ts";
import type { ClientOp } from "../../model/replication/io.ts";
import { isTimeLimit } from "../../model/replication/time-limit.ts";
import { nearestName } from "../../model/topology/names.ts";
import type { Topology } from "../../model/topology/topology.ts";
import { bytes, type Duration, instant, micros } from "../../model/units.ts";
import { CLOUDLET_HOLE } from "./expand-topology.ts";
import type { FormPath } from "./problem.ts";
import { checkedQuantity, checkedSpread, type ProblemList, type SiteNames } from "./resolving.ts";
import { resolveTravel } from "./resolve-travel.ts";
import type { ClientAction, ClientGroup, DurationSpec, KeyChoice, ScriptStep, Travel, Traveller } from "./scenario.ts";
import type { ScenarioForm } from "./schema.ts";

type GroupForm = NonNullable<ScenarioForm["clients"]>[number];
type ActionForm = GroupForm["mix"][number];

/** What the load is judged against. `topology` is null while the topology itself is refused. */
export interface LoadContext {
  readonly sites: SiteNames;
  readonly topology: Topology | null;
  readonly duration: Duration;
  readonly protocol: string;
  readonly problems: ProblemList;
}

const SIZE_DEFAULT = "128B";
/** More would take gigabytes before the first request. */
const CLIENTS_MAX = 1_000_000;
const SCAN_LIMIT_DEFAULT = 100;
/** Zipf's exponent in hundredths; more than this and one key takes nearly everything. */
const THETA_PERCENT_MAX = 500;

/** The client groups of a form. */
export function resolveClients(groups: readonly GroupForm[], context: LoadContext): ClientGroup[] {
  const { sites, duration, problems } = context;
  const names = new Set<string>();
  let clientCount = 0;
  return groups.map((group, index): ClientGroup => {
    const path = ["clients", index];
    if (names.has(group.name)) problems.add([...path, "name"], `two groups are named "${group.name}"; rename one`);
    names.add(group.name);
    const contacts = group.travel !== undefined && "contacts" in group.travel ? group.travel.contacts : null;
    if ((group.at === undefined) === (contacts === null)) {
      const found = contacts === null ? "neither" : "both";
      const remedy = contacts === null ? "say where these clients are" : "leave out at";
      problems.add(path, `expected at, or travel with contacts, found ${found}; ${remedy}`);
    }
    // Where contacts name somebody unknown, that is said of them.
    const begin = contacts?.find((contact) => sites.names.includes(contact.with));
    const at = sites.select(begin?.with ?? group.at ?? [], [...path, "at"]);
    const sessions = group.sessions ?? 1;
    const clientsBefore = clientCount;
    clientCount += at.length * sessions;
    if (clientCount > CLIENTS_MAX && clientsBefore <= CLIENTS_MAX) {
      const found = `${clientCount} (${sessions} at each of ${at.length} cloudlets here)`;
      problems.add(path, `expected at most ${CLIENTS_MAX} clients in all, found ${found}; use fewer sessions`);
    }
    const starts = checkedQuantity("duration", group.starts ?? "0s");
    if (starts >= duration) {
      problems.add(
        [...path, "starts"],
        `expected a start before the load ends (duration), found ${group.starts ?? "0s"}; start earlier`,
      );
    }
    const { think, every, requests } = group;
    const ways = [think, every, requests].filter((way) => way !== undefined).length;
    if (ways !== 1) {
      const found = ways === 0 ? "none" : `${ways} of them`;
      problems.add(path, `expected one of think, every and requests, found ${found}; keep one of them`);
    }
    const pause =
      requests === undefined
        ? checkedSpread(every ?? think ?? "0s")
        : pauseFor(requests, at.length * sessions, Math.max(0, duration - starts));
    const written = every === undefined ? "think" : "every";
    // Requests that take no time would follow each other at one moment, without end.
    if (isNothing(pause) && group.operations === undefined && (think ?? every) !== undefined) {
      problems.add(
        [...path, written],
        `expected a time longer than nothing, found ${think ?? every}; write for example 1ms, or bound it by operations`,
      );
    }
    const travel =
      group.travel === undefined
        ? null
        : resolveTravel(group.travel, [...path, "travel"], { sites, duration, problems });
    const visited = travel === null ? at : placesOf(at, travel);
    return {
      name: group.name,
      at,
      sessions,
      loop: every === undefined ? { kind: "closed", think: pause } : { kind: "open", interval: pause },
      operations: group.operations ?? null,
      starts: instant(starts),
      mix: group.mix.map((action, position) => resolveAction(action, visited, [...path, "mix", position], context)),
      ...(travel !== null && { travel }),
    };
  });
}

/** How long each of so many clients waits so that together they make so many requests in that time: half as long up to half as long again. */
function pauseFor(requests: number, clients: number, span: number): DurationSpec {
  const mean = Math.max(1, Math.floor((span * Math.max(1, clients)) / requests));
  return { kind: "uniform", min: micros(Math.floor(mean / 2)), max: micros(mean + Math.ceil(mean / 2)) };
}

/** Every cloudlet that clients are ever at: all of them have to hold what is asked for. */
function placesOf(at: readonly string[], { stops }: Travel): readonly string[] {
  return [...new Set([...at, ...stops.flatMap(({ to }) => (to === null ? [] : [to]))])];
}

/** Does every sample of it last no time at all? */
function isNothing(spread: DurationSpec): boolean {
  switch (spread.kind) {
    case "constant":
      return spread.value === 0;
    case "uniform":
      return spread.max === 0;
    case "exponential":
      return spread.mean === 0;
    case "lognormal":
      return spread.median === 0;
    case "normal":
      return spread.mean === 0 && spread.deviation === 0;
    case "pareto":
      return spread.min === 0;
    case "empirical":
      return spread.observations.every(({ value }) => value === 0);
    default:
      return unreachable(spread);
  }
}

function resolveAction(form: ActionForm, at: readonly string[], path: FormPath, context: LoadContext): ClientAction {
  const weight = form.weight ?? 1;
  // Scenario files have one name for the hole everywhere; clients call their own cloudlet {self}.
  const prefixOf = (text: string): string => text.replaceAll(CLOUDLET_HOLE, "{self}");
  if ("scan" in form) {
    return { kind: "scan", weight, prefix: prefixOf(form.scan), limit: form.limit ?? SCAN_LIMIT_DEFAULT };
  }
  const [verb, prefix] = verbOf(form);
  for (const cloudlet of at) {
    if (!checkHeld(prefix.replaceAll(CLOUDLET_HOLE, cloudlet), cloudlet, verb, path, context)) break;
  }
  const keys: KeyChoice = {
    prefix: prefixOf(prefix),
    count: form.keys ?? 1,
    popularity: resolvePopularity(form.popularity ?? "uniform", [...path, "popularity"], context.problems),
  };
  if (verb !== "put" && verb !== "resolve") return { kind: verb, weight, keys };
  const size = "put" in form || "resolve" in form ? form.size : undefined;
  const valueSize = bytes(checkedQuantity("size", size ?? SIZE_DEFAULT));
  const ttl = "put" in form ? resolveTtl(form.ttl, path, context) : undefined;
  return { kind: verb, weight, keys, valueSize, ...(ttl !== undefined && { ttl }) };
}

/** How long a value is to last; undefined: for good. */
function resolveTtl(text: string | undefined, parent: FormPath, context: LoadContext): Duration | undefined {
  if (text === undefined) return undefined;
  const path = [...parent, "ttl"];
  const { protocol, problems } = context;
  if (protocol !== "causeway") {
    problems.add(path, `expected values that last for good with protocol ${protocol}, found ${text}; leave ttl out`);
  }
  const ttl = checkedQuantity("duration", text);
  if (isTimeLimit(ttl)) return micros(ttl);
  problems.add(path, `expected a time from 1us to 35 years, found ${text}; leave ttl out for a value that is to last`);
  return undefined;
}

type KeyVerb = Exclude<ClientAction["kind"], "scan">;

function verbOf(form: Exclude<ActionForm, { readonly scan: string }>): readonly [KeyVerb, string] {
  if ("put" in form) return ["put", form.put];
  if ("delete" in form) return ["delete", form.delete];
  if ("resolve" in form) return ["resolve", form.resolve];
  if ("add" in form) return ["add", form.add];
  if ("insert" in form) return ["insert", form.insert];
  if ("remove" in form) return ["remove", form.remove];
  if ("append" in form) return ["append", form.append];
  return ["get", form.get];
}

/** `uniform`, or `zipf(0.99)` with at most two decimals. */
function resolvePopularity(text: string, path: FormPath, problems: ProblemList): KeyChoice["popularity"] {
  if (text === "uniform") return { kind: "uniform" };
  const zipf = /^zipf\(([0-9])(?:\.([0-9]{1,2}))?\)$/.exec(text);
  const thetaPercent = Number(zipf?.[1] ?? Number.NaN) * 100 + Number((zipf?.[2] ?? "").padEnd(2, "0"));
  if (!(thetaPercent > 0 && thetaPercent <= THETA_PERCENT_MAX)) {
    problems.add(
      path,
      `expected uniform or zipf(0.99), found "${text}"; the exponent is 0.01 to 5, with two decimals at most`,
    );
    return { kind: "uniform" };
  }
  return { kind: "zipf", thetaPercent };
}

/** The scripted requests of a form, in the order of their times. */
export function resolveScript(
  steps: NonNullable<ScenarioForm["script"]>,
  travellers: readonly Traveller[],
  context: LoadContext,
): ScriptStep[] {
  const { duration, problems } = context;
  const homes = new Map<string, string>();
  const ways = new Map(travellers.map((traveller) => [traveller.session, traveller]));
  const resolved = steps.map((step, index): ScriptStep => {
    const path = ["script", index];
    const traveller = ways.get(step.session);
    const cloudlet = homeOf(step, traveller, homes, path, context);
    const at = checkedQuantity("duration", step.at);
    if (at >= duration)
      problems.add(
        [...path, "at"],
        `expected a time before the load ends (duration), found ${step.at}; make one of them fit`,
      );
    const op = resolveOp(step, path, context);
    const places = traveller === undefined ? [cloudlet] : placesOf([cloudlet], traveller.travel);
    if ("key" in op) places.every((place) => checkHeld(op.key, place, op.kind, path, context));
    const size = "size" in step ? step.size : undefined;
    return {
      at: instant(at),
      cloudlet,
      session: step.session,
      op,
      ...(size !== undefined && { size: bytes(checkedQuantity("size", size)) }),
    };
  });
  // Stable: steps of one moment keep the order of the file.
  return resolved.sort((a, b) => a.at - b.at);
}

/** Where the session of a step is, or begins; reports what does not fit. */
function homeOf(
  step: NonNullable<ScenarioForm["script"]>[number],
  traveller: Traveller | undefined,
  homes: Map<string, string>,
  path: FormPath,
  { sites, problems }: LoadContext,
): string {
  const { session, cloudlet } = step;
  if (traveller !== undefined) {
    if (cloudlet === undefined) return traveller.at;
    const message = `session "${session}" travels, so it asks wherever it is; found ${cloudlet}; leave cloudlet out`;
    problems.add([...path, "cloudlet"], message);
    return traveller.at;
  }
  if (cloudlet === undefined) {
    const message = `missing: expected the name of a cloudlet, since the session "${session}" does not travel; add cloudlet`;
    problems.add([...path, "cloudlet"], message);
    return "";
  }
  sites.check(cloudlet, [...path, "cloudlet"]);
  const home = homes.get(session) ?? cloudlet;
  homes.set(session, home);
  if (home !== cloudlet) {
    const message = `session "${session}" is at ${home} above and at ${cloudlet} here; name another session, or let it travel`;
    problems.add([...path, "session"], message);
  }
  return cloudlet;
}

/** The sessions of the script that move. */
export function resolveTravellers(form: ScenarioForm, context: LoadContext): Traveller[] {
  const { sites, problems } = context;
  const scripted = new Set((form.script ?? []).map(({ session }) => session));
  const names = new Set<string>();
  return (form.travellers ?? []).map(({ session, at, travel }, index): Traveller => {
    const path = ["travellers", index];
    if (names.has(session)) problems.add([...path, "session"], `"${session}" travels twice; keep one entry`);
    names.add(session);
    if (!scripted.has(session)) {
      const near = nearestName(session, [...scripted]);
      const remedy = near === null ? "name a session of the script" : `did you mean "${near}"?`;
      problems.add([...path, "session"], `expected a session of the script, found "${session}"; ${remedy}`);
    }
    const first = "contacts" in travel ? travel.contacts[0]?.with : undefined;
    if ((at === undefined) === (first === undefined)) {
      const found = at === undefined ? "neither" : "both";
      const remedy = at === undefined ? "say where it begins" : "leave out at";
      problems.add(path, `expected at, or travel with contacts, found ${found}; ${remedy}`);
    }
    if (at !== undefined) sites.check(at, [...path, "at"]);
    return { session, at: at ?? first ?? "", travel: resolveTravel(travel, [...path, "travel"], context) };
  });
}

function resolveOp(step: NonNullable<ScenarioForm["script"]>[number], path: FormPath, context: LoadContext): ClientOp {
  if ("get" in step) return { kind: "get", key: step.get };
  if ("scan" in step) {
    return { kind: "scan", prefix: step.scan, ...(step.limit !== undefined && { limit: step.limit }) };
  }
  if ("resolve" in step) return { kind: "resolve", key: step.resolve, value: step.value };
  if ("add" in step) return { kind: "add", key: step.add, amount: step.amount };
  if ("insert" in step) return { kind: "insert", key: step.insert, element: step.element };
  if ("remove" in step) return { kind: "remove", key: step.remove, element: step.element };
  if ("append" in step) return { kind: "append", key: step.append, entry: step.entry };
  const replaceAll = step.replaceAll === undefined ? {} : { replaceAll: step.replaceAll };
  if ("put" in step) {
    const ttl = resolveTtl(step.ttl, path, context);
    return { kind: "put", key: step.put, value: step.value, ...replaceAll, ...(ttl !== undefined && { ttl }) };
  }
  return { kind: "delete", key: step.delete, ...replaceAll };
}

/** Whether this cloudlet may do this with this key; reports it where it may not. */
function checkHeld(
  key: string,
  cloudlet: string,
  verb: KeyVerb,
  parent: FormPath,
  { topology, problems }: LoadContext,
): boolean {
  const flaw = topology === null ? null : flawOfKeyAt(key, cloudlet, verb, topology);
  if (flaw !== null) problems.add([...parent, verb], flaw);
  return flaw === null;
}

/** Why this cloudlet may not do this with this key; null where it may, or where there is no such cloudlet. */
export function flawOfKeyAt(key: string, cloudlet: string, verb: KeyVerb, topology: Topology): string | null {
  const id: CloudletId | null = topology.cloudletNamed(cloudlet);
  if (id === null) return null;
  const scope = topology.scopeOf(key);
  if (scope === null) {
    const known = topology.scopes.slice(0, 8).map(({ prefix }) => prefix);
    const prefixes = known.length === 0 ? "there are no scopes" : `prefixes: ${known.join(", ")}`;
    return `expected a key inside a scope, found "${key}"; ${prefixes}`;
  }
  const { name, resolver } = topology.scopes[scope] as Topology["scopes"][number];
  const wrong = verb === "get" ? null : wrongRequest(verb, resolver);
  if (wrong !== null) return `expected a request of the scope ${name}, found ${verb}: ${wrong}`;
  if (topology.streamOf(scope, id) !== null) return null;
  return `${cloudlet} does not hold the scope ${name} of "${key}"; lead a flow of it there, or choose another cloudlet`;
}
