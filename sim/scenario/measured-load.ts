/**
 * A log of what people asked for as a script: each line is a request at its moment, in its session, at its site.
 *
 * 1. A session begins where its first line is. One that shows up at another site has moved there, at that moment: with all that it has seen.
 * 2. What is written names its line, filled up to the size that the log says: no two lines write the same.
 * 3. Lines before the run begins and after its load are passed over; but a session begins where it was last.
 * 4. Requests come at their moments whatever is answered. One that has to wait for the answer before it, or for its site, comes later than in the log.
 */
import { nearestName } from "../../model/topology/names.ts";
import type { Topology } from "../../model/topology/topology.ts";
import { type Bytes, bytes, type Duration, type Instant, instant } from "../../model/units.ts";
import type { ClientOp } from "../../model/replication/io.ts";
import type { Fidelity } from "../../workloads/importing/fidelity.ts";
import type { Cell, LogLine, LogVerb, OperationLog } from "../../workloads/measured/log.ts";
import { flawOfKeyAt } from "./resolve-load.ts";
import type { ScriptStep, Traveller, TravelStop } from "./scenario.ts";

/** A log, and what it is judged against. */
export interface PlacedLog {
  readonly log: OperationLog;
  /** What is to be taken from each time, microseconds. */
  readonly origin: number;
  /** What stands before each key. */
  readonly prefix: string;
  readonly fidelity: Fidelity;
  /** Sessions that the scenario's own script has. */
  readonly scripted: ReadonlySet<string>;
  readonly topology: Topology;
  readonly duration: Duration;
  /** Reports what is wrong with a cell. */
  readonly refuse: (cell: Cell, message: string) => void;
}

/** What a run asks for. */
export interface ReplayedLoad {
  readonly script: readonly ScriptStep[];
  readonly travellers: readonly Traveller[];
}

/** The most that the records that a session takes along may weigh, as where a scenario says nothing of it. */
const BUNDLE = 1_048_576;
const SIZE_USUAL = 128;

interface Session {
  /** Where it begins, or was last before the run. */
  begins: string;
  /** Where it is now. */
  here: string;
  /** When its last line was, since the run began. */
  last: number;
  readonly stops: TravelStop[];
  readonly asked: { readonly verb: LogVerb; readonly key: Cell; readonly full: string }[];
}

/** The script of a log. */
export function replayLoad(placed: PlacedLog): ReplayedLoad {
  const { log, origin, prefix, fidelity, duration } = placed;
  const sessions = new Map<string, Session>();
  const script: ScriptStep[] = [];
  const isSite = siteJudge(placed);
  for (const line of log.lines) {
    const { site, session: named, verb, key } = line;
    const at = line.time - origin;
    if (!isSite(site)) continue;
    if (at >= duration) {
      fidelity.note("dropped", "a line of a time after the load", `line ${site.line}`);
      continue;
    }
    const session = sessionOf(line, at, sessions, placed);
    if (session === null) continue;
    if (at < 0) {
      fidelity.note(
        "dropped",
        "a line before the run begins; its session begins where it was last",
        `line ${site.line}`,
      );
      continue;
    }
    const full = `${prefix}${key.text}`;
    session.asked.push({ verb, key, full });
    script.push({ at: instant(at), cloudlet: session.begins, session: named.text, ...requestOf(line, full, fidelity) });
  }
  const travellers: Traveller[] = [];
  for (const [session, { begins, stops, asked }] of sessions) {
    checkKeys(begins, stops, asked, placed);
    if (stops.length === 0 || asked.length === 0) continue;
    travellers.push({ session, at: begins, travel: { stops, policy: "carry", bundle: bytes(BUNDLE) } });
    fidelity.note("assumed", "a session that shows up at another site: it moves there at that moment", session);
  }
  return { script, travellers };
}

// The session of a line, at the line's site from now on; null where it cannot be there.
function sessionOf(
  { site, session: named }: LogLine,
  at: number,
  sessions: Map<string, Session>,
  { scripted, refuse }: PlacedLog,
): Session | null {
  const known = sessions.get(named.text);
  if (known === undefined) {
    if (scripted.has(named.text))
      refuse(named, `expected a session that the script does not have, found ${named.text}; rename one of them`);
    const session = { begins: site.text, here: site.text, last: at, stops: [], asked: [] };
    sessions.set(named.text, session);
    return session;
  }
  if (known.here === site.text) {
    known.last = at;
    return known;
  }
  if (known.last === at) {
    refuse(
      site,
      `expected ${named.text} at ${known.here}, where it is at this time in a line above, found ${site.text}; mend the time or the site`,
    );
    return null;
  }
  known.here = site.text;
  known.last = at;
  if (at > 0) known.stops.push({ at: at as Instant, to: site.text });
  else known.begins = site.text;
  return known;
}

function requestOf(
  { verb, key, size }: LogLine,
  full: string,
  fidelity: Fidelity,
): { readonly op: ClientOp; readonly size?: Bytes } {
  if (verb === "scan") return { op: { kind: "scan", prefix: full } };
  if (verb === "get" || verb === "delete") return { op: { kind: verb, key: full } };
  const text = `line-${key.line}`;
  const least = size ?? SIZE_USUAL;
  if (least < text.length)
    fidelity.note(
      "repaired",
      "a size that is less than the name of its line, which is written whole",
      `line ${key.line}`,
    );
  const op: ClientOp =
    verb === "put" ? { kind: "put", key: full, value: text } : { kind: "append", key: full, entry: text };
  return { op, ...(least > text.length && { size: bytes(least) }) };
}

/** Whether there is such a site; says so of the first line with another one. */
function siteJudge({ topology, refuse }: PlacedLog): (site: Cell) => boolean {
  const names = topology.cloudlets.map(({ name }) => name);
  const told = new Set<string>();
  return (site) => {
    if (topology.cloudletNamed(site.text) !== null) return true;
    if (told.has(site.text)) return false;
    told.add(site.text);
    const near = nearestName(site.text, names);
    const remedy = near === null ? `there are ${names.slice(0, 8).join(", ")}` : `did you mean "${near}"?`;
    refuse(site, `expected the name of a cloudlet, found "${site.text}"; ${remedy}`);
    return false;
  };
}

// Wherever a session ever is, what it asks for has to be: a request that waits may come at the next site.
function checkKeys(begins: string, stops: readonly TravelStop[], asked: Session["asked"], placed: PlacedLog): void {
  const { topology, prefix, refuse } = placed;
  const places = new Set([begins, ...stops.flatMap(({ to }) => to ?? [])]);
  const judged = new Set<string>();
  for (const { verb, key, full } of asked) {
    if (verb === "scan") continue;
    const about = `${verb} ${topology.scopeOf(full) ?? ""}`;
    if (judged.has(about)) continue;
    judged.add(about);
    for (const place of places) {
      const flaw = flawOfKeyAt(full, place, verb, topology);
      if (flaw === null) continue;
      const hint = prefix === "" ? "; measured.keys puts a prefix before the keys of a log" : "";
      refuse(key, `${flaw}${topology.scopeOf(full) === null ? hint : ""}`);
      break;
    }
  }
}
