// Hostile bytes against the decoder and against a replica. For every input:
// 1. Decoding ends in a message or in a typed refusal with its place; it never throws.
// 2. What decodes encodes to the same bytes again: no two forms of one message.
// 3. A replica that is handed the bytes never throws. What it refuses leaves its state as it was, and has no other effect.
// 4. A replica that took something in still answers its clients.
// Counts what was met, so that a search that never gets past the checksum cannot pass.

import type { CloudletId, Incarnation, OpId, SessionId } from "../../model/ids.ts";
import { createReplica } from "../../model/replication/replica.ts";
import type { Effect, Fingerprint, Input, LocalTime, ReplicationCore } from "../../model/replication/io.ts";
import { decode, encode, wireVersion, type Decoded } from "../../model/replication/wire.ts";
import { buildTopology } from "../../model/topology/build.ts";
import { assert } from "../../model/assert.ts";
import { pick } from "../../model/random.ts";
import { millis } from "../../model/units.ts";
import { RngRoot } from "../kernel/rng.ts";
import { drawMessage } from "./messages.ts";
import { mutate, mutationNames } from "./mutations.ts";

/** What is under attack. A planted bug takes the place of one of the two. */
export interface Target {
  decode(bytes: Uint8Array): Decoded;
  /** Wraps the replica that is handed the bytes. */
  guard(replica: ReplicationCore): ReplicationCore;
}

/** The real ones. */
export const rightTarget: Target = { decode, guard: (replica) => replica };

/** What a campaign found. */
export interface CampaignResult {
  readonly inputs: number;
  /** Sentences with the bytes in hexadecimal; at most ten. */
  readonly flaws: readonly string[];
  /** How often each kind of result was met: `message`, `malformed: ...`, `refused: ...`. */
  readonly met: ReadonlyMap<string, number>;
}

/** Results that a long enough campaign meets; one that does not has lost its way. */
export const mustMeet: readonly string[] = [
  "message hello",
  "message records",
  "message ack",
  "message snapshot",
  "message parts",
  "corrupted",
  "unknownVersion",
  "malformed: the bytes end here",
  "malformed: number not in its shortest form",
  "malformed: number above #",
  "malformed: # announced, # bytes left",
  "malformed: # is not between # and #",
  "malformed: # bytes after the end of the message",
  "malformed: message kind # is unknown",
  "malformed: not UTF-#",
  "malformed: not ascending",
  "malformed: positions do not ascend",
  "malformed: neither # nor #",
  "malformed: of the wrong length",
  "malformed: a dot not in its shortest form",
  "malformed: the record's checksum does not fit",
  "refused: notNeighbour",
  "refused: unknownName",
  "refused: unknownVersion",
  "taken in",
];

const self = 0 as CloudletId;
const neighbour = 1 as CloudletId;
const stranger = 2 as CloudletId;
const prefix = "s/";
/** Inputs until the replica under attack is replaced by a fresh one. */
const inputsPerVictim = 40;

/** Attacks with so many inputs drawn from the seed. */
export function runCampaign(seed: string, inputs: number, target: Target = rightTarget): CampaignResult {
  const rng = new RngRoot(seed).stream;
  const fresh = freshVictim();
  const world = { streams: 2, cloudlets: 3, prefix };
  const met = new Map<string, number>();
  const flaws: string[] = [];
  const count = (name: string): void => void met.set(name, (met.get(name) ?? 0) + 1);
  const flaw = (says: string, bytes: Uint8Array): void => {
    if (flaws.length < 10) flaws.push(`${says}: ${hex(bytes)}`);
  };
  let victim = victimOf(target, fresh);
  let operation = 0;
  for (let at = 0; at < inputs; at += 1) {
    if (at % inputsPerVictim === 0) victim = victimOf(target, fresh);
    const bytes = drawBytes(rng, world);
    const judged = judgeDecoding(target, bytes);
    if (judged.flaw !== null) flaw(judged.flaw, bytes);
    for (const name of judged.met) count(name);
    operation += 1;
    const outcome = judgeVictim(victim, bytes, rng.chance(20_000) ? stranger : neighbour, operation);
    if (outcome.flaw !== null) {
      flaw(outcome.flaw, bytes);
      victim = victimOf(target, fresh);
    }
    count(outcome.met);
  }
  return { inputs, flaws, met };
}

function drawBytes(rng: ReturnType<RngRoot["stream"]["fork"]>, world: Parameters<typeof drawMessage>[1]): Uint8Array {
  const message = (): Uint8Array => encode(drawMessage(rng, world), 1 + rng.intInclusive(wireVersion - 1));
  return mutate(rng, pick(rng, mutationNames), message(), message(), rng.chance(850_000));
}

function judgeDecoding(
  target: Target,
  bytes: Uint8Array,
): { readonly flaw: string | null; readonly met: readonly string[] } {
  let decoded: Decoded;
  try {
    decoded = target.decode(bytes);
  } catch (problem) {
    return { flaw: `decoding throws ${String(problem)}`, met: [] };
  }
  switch (decoded.kind) {
    case "message": {
      const { message, version } = decoded;
      const again = encode(message, version);
      const isSame = again.length === bytes.length && again.every((byte, at) => byte === bytes[at]);
      return { flaw: isSame ? null : "decodes to a message of other bytes", met: [`message ${message.kind}`] };
    }
    case "malformed": {
      const isPlace = decoded.at >= 0 && decoded.at <= bytes.length && decoded.why !== "";
      return { flaw: isPlace ? null : "refused without a place", met: [`malformed: ${classOf(decoded.why)}`] };
    }
    default:
      return { flaw: null, met: [decoded.kind] };
  }
}

// The reason without what it is about and without its numbers.
function classOf(why: string): string {
  return why.replace(/^[^:]*: /, "").replace(/\d+(\^\d+ - \d+)?/g, "#");
}

const now: LocalTime = { monotonic: 5_000_000, wall: 1_600_000_000_000_000 };

/** A replica under attack, and the name of its state. */
interface Victim {
  readonly core: ReplicationCore;
  fingerprint: Fingerprint;
}

function victimOf(target: Target, fresh: ReplicationCore): Victim {
  const core = target.guard(fresh.fork());
  return { core, fingerprint: core.fingerprint() };
}

function judgeVictim(
  victim: Victim,
  bytes: Uint8Array,
  from: CloudletId,
  operation: number,
): { readonly flaw: string | null; readonly met: string } {
  const { core } = victim;
  try {
    const effects = core.step({ kind: "receiveBytes", from, bytes }, now);
    const refusal = refusalIn(effects);
    if (refusal !== null) {
      const isUntouched = effects.length === 1 && core.fingerprint() === victim.fingerprint;
      return { flaw: isUntouched ? null : "refused, and not without effect", met: `refused: ${refusal}` };
    }
    const stored = effects.find((effect) => effect.kind === "store");
    if (stored?.kind === "store") core.step({ kind: "stored", upTo: stored.upTo }, now);
    const flaw = answers(core, operation);
    victim.fingerprint = core.fingerprint();
    return { flaw, met: "taken in" };
  } catch (problem) {
    return { flaw: `a replica throws ${String(problem)}`, met: "thrown" };
  }
}

function refusalIn(effects: readonly Effect[]): string | null {
  for (const effect of effects) {
    if (effect.kind === "notify" && effect.event.kind === "messageRefused") return effect.event.why.kind;
  }
  return null;
}

// A write, stored, and a read of it: what came in may have added to it, but must not have broken it. A replica that was shown
// records or digests of its own name which it never wrote takes itself for cloned: it refuses to write, and says so.
function answers(victim: ReplicationCore, operation: number): string | null {
  const ask = (id: number, op: Extract<Input, { kind: "request" }>["op"]): readonly Effect[] =>
    victim.step({ kind: "request", session: 1 as SessionId, id: id as OpId, op }, now);
  const key = `${prefix}mine`;
  const effects = ask(operation * 2, { kind: "put", key, value: "v" });
  const stored = effects.find((effect) => effect.kind === "store");
  const written = stored?.kind === "store" ? victim.step({ kind: "stored", upTo: stored.upTo }, now) : effects;
  if (!written.some((effect) => effect.kind === "reply")) return "a write is not answered any more";
  const read = ask(operation * 2 + 1, { kind: "get", key });
  return read.some((effect) => effect.kind === "reply") ? null : "a read is not answered any more";
}

function freshVictim(): ReplicationCore {
  const delay = { delay: millis(1) };
  const built = buildTopology({
    cloudlets: [{ name: "hub" }, { name: "edge", upper: "hub" }, { name: "far", upper: "edge" }],
    scopes: [
      { name: "s", prefix },
      { name: "t", prefix: "t/" },
    ],
    flows: ["s", "t"].flatMap((scope) => [
      { scope, upper: "hub", lower: "edge", direction: "both" as const },
      { scope, upper: "edge", lower: "far", direction: "both" as const },
    ]),
    links: [
      { a: "hub", b: "edge", forth: delay },
      { a: "edge", b: "far", forth: delay },
    ],
  });
  assert(built.kind === "topology", "the fuzzer's world is well-formed");
  const { topology } = built;
  const wire = { least: 1, most: wireVersion, writes: wireVersion };
  const replica = createReplica({ topology, self, clockBound: millis(500), wire });
  replica.step({ kind: "started", incarnation: 1 as Incarnation, from: null }, now);
  replica.step({ kind: "linkUp", peer: neighbour }, now);
  for (let id = 1; id <= 3; id += 1) {
    const op = { kind: "put", key: `${prefix}${id}`, value: "here" } as const;
    replica.step({ kind: "request", session: 2 as SessionId, id: id as OpId, op }, now);
    replica.step({ kind: "stored", upTo: id }, now);
  }
  return replica;
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
