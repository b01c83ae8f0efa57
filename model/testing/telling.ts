// How a hand-driven cluster tells what happens: inputs, effects, messages and records as short lines with the names that
// the transcript uses. `a.1/users#2` is the second record that cloudlet a wrote into users in its first life.

import { unreachable } from "../assert.ts";
import { DOUBLED } from "../replication/digests.ts";
import type { CloudletId, SessionId } from "../ids.ts";
import type { MessageRefusal } from "../replication/admission.ts";
import type { Cut } from "../replication/cut.ts";
import { detachRefusalText } from "../replication/detach-refusal.ts";
import type { ClientResult, Effect, Input, PendingRecord, Merged } from "../replication/io.ts";
import type { StoredEntry } from "../replication/log.ts";
import type { Covered, Message, Range } from "../replication/messages.ts";
import { compareDots } from "../replication/record.ts";
import { controlTimers } from "../control/control-core.ts";
import { collectTimers } from "../replication/clerk.ts";
import { limitTimer } from "../replication/limits.ts";
import type { CausalRecord, Dot } from "../replication/record.ts";
import type { Snapshot } from "../replication/snapshot.ts";
import { carriedSize } from "../replication/wire.ts";
import type { Cloudlet, Scope, Stream, Topology } from "../topology/topology.ts";

/** Names of one topology's things. */
export class Telling {
  readonly #topology: Topology;
  readonly #sessions = new Map<SessionId, string>();

  constructor(topology: Topology) {
    this.#topology = topology;
  }

  /** From now on this session is told by this name. */
  nameSession(id: SessionId, name: string): void {
    this.#sessions.set(id, name);
  }

  /** The name of a session. */
  session(id: SessionId): string {
    return this.#sessions.get(id) ?? "";
  }

  /** A cloudlet's name. */
  cloudlet(id: CloudletId): string {
    return (this.#topology.cloudlets[id] as Cloudlet).name;
  }

  /** A stream, who writes it and who gets it. */
  stream({ id, scope, origins }: Stream): string {
    const names = (ids: readonly CloudletId[]): string => ids.map((other) => this.cloudlet(other)).join(" ");
    const { name } = this.#topology.scopes[scope] as Scope;
    const reached = this.#topology.plans.map((plan) => names(plan.receivers(id)));
    const isSame = reached.every((receivers) => receivers === reached[0]);
    const reaches = isSame ? (reached[0] as string) : reached.join("; then ");
    return `${name}: written at ${names(origins)}, reaches ${reaches}`;
  }

  /** What is done to a replica, where the command does not say it already; null otherwise. */
  input(id: CloudletId, input: Input): string | null {
    switch (input.kind) {
      case "receive":
        return this.message(input.from, id, input.message);
      case "receiveBytes":
        return `${this.cloudlet(input.from)}->${this.cloudlet(id)} ${input.bytes.length} bytes`;
      case "stored":
        return `${this.cloudlet(id)} has stored ${input.upTo}`;
      case "fired":
        return `${this.cloudlet(id)} fires ${this.#timer(input.timer)}`;
      case "administer":
      case "started":
      case "request":
      case "linkUp":
      case "linkDown":
        return null;
      default:
        return unreachable(input);
    }
  }

  /** What a replica wants done; timers are told when they fire. */
  effect(id: CloudletId, effect: Effect): readonly string[] {
    const name = this.cloudlet(id);
    switch (effect.kind) {
      case "send":
        return [this.message(id, effect.to, effect.message)];
      case "store":
        return [`${name} to store: ${effect.entries.map((entry) => this.#stored(entry)).join("; ")}`];
      case "reply":
        return [`${name} to ${this.#sessions.get(effect.session) ?? ""}: ${this.#result(effect.result)}`];
      case "arm":
      case "disarm":
        return [];
      case "notify":
        switch (effect.event.kind) {
          case "applied":
            return [`${name} applies ${effect.event.records.map(({ dot }) => this.dot(dot)).join(" ")}`];
          case "installed": {
            const versions = effect.event.versions.map((record) => this.#shortly(record)).join(", ");
            return [
              `${name} installs ${this.#known(effect.event.covered)}: ${versions === "" ? "no version" : versions}`,
            ];
          }
          case "compacted":
            return [`${name} retains what follows ${effect.event.upTo}`];
          case "collected":
            return [`${name} collects ${effect.event.records.map(({ dot }) => this.dot(dot)).join(" ")}`];
          case "farFuture":
            return [`${name}: ${this.dot(effect.event.dot)} is ${effect.event.ahead} us ahead of the clock bound`];
          case "messageRefused":
            return [
              `${name} refuses a message from ${this.cloudlet(effect.event.from)}: ${refusalText(effect.event.why)}`,
            ];
          case "noCommonVersion": {
            const { peer, speaks } = effect.event;
            return [`${name} has no version in common with ${this.cloudlet(peer)}: ${speaks.least} to ${speaks.most}`];
          }
          case "sealedRecord":
            return [`${name} cannot read ${this.dot(effect.event.dot)}: version ${effect.event.version}`];
          case "planAdopted": {
            const { plan, missing } = effect.event;
            const waits =
              missing.length === 0 ? "" : `, and has yet to receive ${missing.map((dot) => this.dot(dot)).join(" ")}`;
            return [`${name} goes over to plan ${plan}${waits}`];
          }
          case "streamsOpened":
            return [`${name} has all that it lacked when it went over`];
          case "planRefused":
            return [`${name} knows no plan ${effect.event.plan}`];
          case "detachRefused": {
            const why = detachRefusalText(effect.event.why, (other) => this.cloudlet(other));
            return [`${name} does not detach ${this.cloudlet(effect.event.member)}: ${why}`];
          }
          case "released": {
            const lost = effect.event.lost.map((dot) => this.dot(dot)).join(" ");
            return [`${name} waits no longer for ${lost}, lost before ${this.dot(effect.event.dot)}`];
          }
          case "foreignRecord":
            return [`${name} leaves ${this.dot(effect.event.dot)} on its disk: no flow brings it here`];
          case "fenced":
            return [`${name} is fenced: another process writes under its name`];
          case "dotCollision":
            return [`${name}: another record is called ${this.dot(effect.event.dot)}`];
          default:
            return unreachable(effect.event);
        }
      default:
        return unreachable(effect);
    }
  }

  /** A message and its way. */
  message(from: CloudletId, to: CloudletId, message: Message): string {
    const way = `${this.cloudlet(from)}->${this.cloudlet(to)}`;
    switch (message.kind) {
      case "hello": {
        const has = this.#known(message.known);
        const { incarnation, round } = message.hears;
        const hears = incarnation === 0 || round === 0 ? "" : `, hears ${incarnation}.${round}`;
        const doubled = new Set(message.known.filter(({ digest }) => digest === DOUBLED).map((one) => one.incarnation));
        const says = [...doubled].map((life) => `, is doubled in life ${life}`).join("");
        return `${way} hello ${message.incarnation}.${message.round}${message.asks ? "?" : ""}${hears}, has ${has}${says}`;
      }
      case "records": {
        const dots = message.records.map(({ dot }) => this.dot(dot)).join(" ");
        return `${way} records of epoch ${message.epoch} in (${message.after}, ${message.upTo}]: ${dots}`;
      }
      case "ack": {
        const beyond = message.beyond.length === 0 ? "" : ` and ${rangesText(message.beyond)}`;
        return `${way} ack of epoch ${message.epoch} up to ${message.upTo}${beyond}`;
      }
      case "snapshot": {
        const { cut, part, parts, after, upTo, epoch } = message;
        return `${way} part ${part} of ${parts} of cut ${cut} of epoch ${epoch} in (${after}, ${upTo}]: ${this.#cut(message)}`;
      }
      case "parts":
        return `${way} has parts ${rangesText(message.ranges) || "none"} of cut ${message.cut} of epoch ${message.epoch}`;
      default:
        return unreachable(message);
    }
  }

  /** The versions that a cloudlet holds of a key. */
  versions(id: CloudletId, versions: readonly CausalRecord[]): string {
    const told = versions.map((record) => `${valueText(record)} (${this.dot(record.dot)})`);
    return `${this.cloudlet(id)}: ${told.length === 0 ? "nothing" : told.join(", ")}`;
  }

  /** When the versions that a cloudlet holds of a key were written, by their stamps. */
  stamps(id: CloudletId, versions: readonly CausalRecord[]): string {
    const told = versions.map((record) => {
      const { wall, logical, lamport } = record.stamp;
      return `${valueText(record)} at ${wall / 1_000_000}s+${logical}, Lamport ${lamport}`;
    });
    return `${this.cloudlet(id)}: ${told.length === 0 ? "nothing" : told.join("; ")}`;
  }

  /** A record that waits, and for what. */
  pending(id: CloudletId, { record, missing }: PendingRecord): string {
    const dots = missing.map((dot) => this.dot(dot)).join(" ");
    return `${this.cloudlet(id)}: ${this.dot(record.dot)} waits for ${dots}`;
  }

  /** What a crash has lost. */
  lost(id: CloudletId, entry: StoredEntry): string {
    return `${this.cloudlet(id)} loses ${entry.kind === "cut" ? "a cut" : this.dot(entry.dot)}`;
  }

  /** What a disk is given in place of a log. */
  snapshot({ of, cut, tail, waiting, cuts }: Snapshot): string {
    const list = (name: string, records: readonly CausalRecord[]): string =>
      records.length === 0 ? "" : `; ${name} ${records.map(({ dot }) => this.dot(dot)).join(" ")}`;
    const more = `${list("the log retains", tail)}${list("waiting", waiting)}${cuts.length > 0 ? "; cuts wait" : ""}`;
    return `${this.cloudlet(of)} keeps ${this.#cut(cut)}${more}`;
  }

  /** A record with all that matters in it. */
  record(record: CausalRecord): string {
    const { dot, key, prev, deps, notice } = record;
    if (notice !== undefined) {
      const covers = notice.covers.map(
        (known) => `${this.dot({ ...known, sequence: 0 }).split("#")[0] as string}#${rangesText(known.ranges)}`,
      );
      const names = notice.members.map((member) => this.cloudlet(member)).join(" ");
      const detaches = notice.kind === "detach" || notice.kind === "close";
      const what = notice.kind === "summary" ? "" : ` ${notice.kind}${detaches ? ` ${names}` : ""}:`;
      const without = detaches || names === "" ? "" : ` without ${names}`;
      const ready = this.#list("ready for", notice.ready);
      return `${this.dot(dot)}${what} has ${covers.join(" ") || "nothing"}${ready}${without}`;
    }
    const moved = record.moved === true ? ", by one that moved" : "";
    const limit = record.ttl === undefined ? "" : ` for ${record.ttl / 1_000} ms`;
    const said = `${valueText(record)}${limit}${this.#list(record.ends === true ? "ends" : "replaces", prev)}`;
    return `${this.dot(dot)} ${key} = ${said}${this.#list("after", deps)}${moved}`;
  }

  /** A dot: origin, life, scope (which with the origin names the stream), sequence. */
  dot({ origin, incarnation, stream, sequence }: Dot): string {
    const { scope } = this.#topology.streams[stream] as Stream;
    const { name } = this.#topology.scopes[scope] as Scope;
    return `${this.cloudlet(origin)}.${incarnation}/${name}#${sequence}`;
  }

  #timer(timer: number): string {
    if (timer >= controlTimers) return "operations";
    if (timer === limitTimer) return "limit";
    return timer < collectTimers ? timerName(timer) : "collect";
  }

  #behind(missing: readonly Dot[] | undefined): string {
    return missing === undefined ? "" : `, behind${this.#list("of", missing)}`;
  }

  // Sorted: the order of dots in a record or a context means nothing.
  #list(word: string, dots: readonly Dot[] | undefined): string {
    if (dots === undefined || dots.length === 0) return "";
    const names = dots.toSorted(compareDots).map((dot) => this.dot(dot));
    return ` ${word} ${names.join(" ")}`;
  }

  #stored(entry: StoredEntry): string {
    return entry.kind === "cut" ? `a cut of ${this.#cut(entry)}` : this.record(entry);
  }

  #cut({ applied, versions, outside }: Pick<Cut, "applied" | "versions" | "outside">): string {
    const needs = outside.map(({ needs: dots }) => this.#known(dots)).join(" ");
    const live = versions.map((record) => this.#shortly(record)).join(", ");
    return `${this.#known(applied)}; ${live === "" ? "no version" : live}${needs === "" ? "" : `; after ${needs}`}`;
  }

  #shortly(record: CausalRecord): string {
    return `${record.key} = ${valueText(record)} (${this.dot(record.dot)})`;
  }

  #known(list: readonly Covered[]): string {
    const named = list.filter(({ ranges }) => ranges.length > 0);
    const known = named.map(({ stream, origin, incarnation, ranges }) => {
      const writer = this.dot({ stream, origin, incarnation, sequence: 0 }).split("#")[0] as string;
      return `${writer}#${rangesText(ranges)}`;
    });
    return known.length === 0 ? "nothing" : known.join(" ");
  }

  #result(result: ClientResult): string {
    switch (result.kind) {
      case "written":
        return `written ${this.dot(result.dot)}${this.#behind(result.behind)}`;
      case "refused":
        return `refused (${result.code}): ${result.why}${this.#list(";", result.missing)}`;
      case "attached":
        return `attached, ${result.state}${this.#list("of", result.behind)}`;
      case "detached": {
        const { context, bundle } = result;
        const told =
          bundle === null
            ? "no bundle"
            : `bundle${
                this.#list(
                  "of",
                  bundle.map(({ dot }) => dot),
                ) || " of nothing"
              }`;
        return `detached${this.#list("with", context.dots)}, ${told}, ${carriedSize(context, bundle)} bytes`;
      }
      case "read": {
        const answers = result.answers.map(({ key, versions, tombstones, sealed, hidden, merged, pending }) => {
          const later = pending === undefined ? "" : `, pending ${pending.join(" ")}`;
          if (merged !== undefined) return `${key} = ${mergedText(merged)}${later}`;
          const told = [...versions, ...tombstones, ...(sealed ?? [])].map(valueText);
          const more = `${hidden === 0 ? "" : `, ${hidden} hidden`}${later}`;
          return `${key} = ${told.length === 0 ? "never written" : told.join(" | ")}${more}`;
        });
        return (answers.length === 0 ? "no keys" : answers.join("; ")) + this.#behind(result.behind);
      }
      default:
        return unreachable(result);
    }
  }
}

function mergedText(merged: Merged): string {
  switch (merged.kind) {
    case "counter":
      return `counter ${merged.total}`;
    case "set":
      return `set {${merged.elements.join(", ")}}`;
    case "log":
    case "queue":
      return `${merged.kind} [${merged.entries.join(", ")}]`;
    case "table": {
      const rows = merged.rows.map(({ row, cells }) => `${row}: ${cells.map((cell) => cell.join("=")).join(" ")}`);
      return `table {${rows.map((row) => row.trim()).join(", ")}}`;
    }
    case "custom":
      return merged.value ?? "deleted";
    default:
      return unreachable(merged);
  }
}

const valueMax = 200;

function valueText(record: CausalRecord): string {
  if (record.kind === "sealed") return `(sealed, version ${record.version ?? 1})`;
  if (record.kind === "delete") return "deleted";
  const { value } = record;
  return value.length <= valueMax ? value : `${value.slice(0, 8)}... of ${value.length} characters`;
}

function refusalText(why: MessageRefusal): string {
  switch (why.kind) {
    case "corrupted":
      return "its checksum does not fit";
    case "malformed":
      return `malformed at byte ${why.at}: ${why.why}`;
    case "unknownVersion":
      return `version ${why.version} is unknown`;
    case "notNeighbour":
      return "not a neighbour";
    case "unknownName":
      return why.why;
    default:
      return unreachable(why);
  }
}

function rangesText(ranges: readonly Range[]): string {
  return ranges.map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`)).join(",");
}

// The replica numbers two timers per neighbour: resending and greeting.
function timerName(timer: number): string {
  return (timer & 1) === 0 ? "resend" : "greet";
}
