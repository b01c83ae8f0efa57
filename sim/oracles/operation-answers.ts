// Whoever asks for an operation is answered at once, whatever links do: refused in the step that takes the request, accepted in the first
// step that hears from the disk that it is stored. And he is refused only for a reason that holds: a queue is full, a target
// is not below, a plane of this cloudlet is not there, a disk is full. That somebody cannot be reached is none.
//
// Not counted: a process that crashes answers nobody, and a disk that has not confirmed anything is waited for.

import { operationText, weightOf } from "../../model/control/operation.ts";
import type { OperationRefusal } from "../../model/control/authority.ts";
import type { Caps } from "../../model/control/queue.ts";
import type { Planes } from "../../model/control/planes.ts";
import type { CloudletId, OpId } from "../../model/ids.ts";
import type { CausalRecord } from "../../model/replication/record.ts";
import type { Duration } from "../../model/units.ts";
import { Judge } from "./oracle.ts";
import { kindNamed, type Asking, type OperationOracle, type OperationTruth } from "./operation-truth.ts";
import { atTime } from "./words.ts";

/** What one name more among those that stand open for an object adds to a text, at most. */
const NAME_SIZE = 24;

interface Wait {
  readonly cloudlet: CloudletId;
  /** What was asked for, in words. */
  readonly what: () => string;
  /** How the value begins that is to be written for it. */
  readonly writes: string;
  /** What was written in its step. */
  record: CausalRecord | null;
  /** Its place in the log of the cloudlet; 0 while it was not handed to the disk. */
  position: number;
}

/** Judges when people are answered, and what they are refused for. */
export function operationAnswers(truth: OperationTruth, caps: Caps): OperationOracle {
  const judge = new Judge();
  const open = new Map<OpId, Wait>();
  const confirmed: number[] = truth.topology.cloudlets.map(() => 0);
  const refusedAt: number[] = truth.topology.cloudlets.map(() => -1);
  // Whose step is being taken.
  let current: OpId | null = null;

  const request = ({ at, cloudlet, request: { kind, target } }: Asking): string =>
    `${kind} for ${truth.name(target)}, asked for at ${truth.name(cloudlet)} ${atTime(at)},`;

  return {
    name: "operation-answers",
    asked(id, asking) {
      current = id;
      const what = (): string => request(asking);
      open.set(id, { cloudlet: asking.cloudlet, what, writes: "op ", record: null, position: 0 });
    },
    takingBack(at, cloudlet, id, operation) {
      current = id;
      const what = (): string => `who took ${operation} back at ${truth.name(cloudlet)} ${atTime(at)}`;
      open.set(id, { cloudlet, what, writes: "end revoked ", record: null, position: 0 });
    },
    tookBack(_at, id) {
      judge.checks += 1;
      open.delete(id);
    },
    wrote(_at, _cloudlet, _session, _id, record) {
      const wait = current === null ? undefined : open.get(current);
      if (wait?.record === null && record.kind === "put" && record.value.startsWith(wait.writes)) wait.record = record;
    },
    storing(_at, cloudlet, records, upTo) {
      for (const wait of open.values()) {
        if (wait.cloudlet !== cloudlet || wait.position > 0 || wait.record === null) continue;
        const place = records.indexOf(wait.record);
        if (place >= 0) wait.position = upTo - (records.length - 1 - place);
      }
    },
    synced(_at, cloudlet, upTo) {
      confirmed[cloudlet] = upTo;
    },
    replied(at, cloudlet, _session, _id, result) {
      if (result.kind === "refused") refusedAt[cloudlet] = at;
    },
    refused(at, id, asking, refusal, planes) {
      judge.checks += 1;
      const isAtOnce = current === id;
      open.delete(id);
      const text = `${request(asking)} was refused ${atTime(at)}`;
      if (!isAtOnce && refusal.code !== "notWritten") judge.violate(() => `${text}; that had nothing to wait for`);
      const isOfReplica = refusedAt[asking.cloudlet] === at;
      if (isJustified(truth, caps, asking, refusal, planes, isOfReplica)) return;
      judge.violate(() => `${text} without need, as ${refusal.code}: ${refusal.why}`);
    },
    accepted(at, id) {
      judge.checks += 1;
      const wait = open.get(id);
      open.delete(id);
      if (wait === undefined) return;
      if (wait.position > 0 && wait.position <= (confirmed[wait.cloudlet] as number)) return;
      judge.violate(() => `${wait.what()} was accepted ${atTime(at)}; the disk had not confirmed it`);
    },
    stepped(at, cloudlet) {
      for (const [id, { cloudlet: where, what, position }] of open) {
        if (where !== cloudlet) continue;
        const isUnwritten = id === current && position === 0;
        if (!isUnwritten && (position === 0 || position > (confirmed[cloudlet] as number))) continue;
        open.delete(id);
        judge.checks += 1;
        const why = isUnwritten ? "nothing was written" : "the disk had confirmed it";
        judge.violate(() => `${what()} had no answer ${atTime(at)}, when ${why}`);
      }
      current = null;
    },
    crashed(_at, cloudlet) {
      for (const [id, wait] of open) if (wait.cloudlet === cloudlet) open.delete(id);
      confirmed[cloudlet] = 0;
    },
    verdict: () => judge.verdict(),
  };
}

function isJustified(
  truth: OperationTruth,
  caps: Caps,
  { cloudlet, request, isBelow }: Asking,
  { code }: OperationRefusal,
  planes: Planes,
  isOfReplica: boolean,
): boolean {
  const kind = kindNamed(request.kind);
  const isHere = request.target === cloudlet;
  switch (code) {
    case "notBelow":
      return !isBelow;
    case "notForActor":
      return kind?.issuers.includes(request.actor) === false;
    case "needsExpiry":
      return request.expiry === undefined && truth.isOneWay({ issuer: cloudlet, request });
    case "noPlane":
    case "planeFailed":
      return isHere && kind !== null && planes[kind.plane] === (code === "noPlane" ? "none" : "failed");
    case "queueFull":
    case "largerThanQueue": {
      const { records, bytes } = truth.queues.of(cloudlet, request.target);
      const weight = largest(cloudlet, request) + records * NAME_SIZE;
      return records + 1 > caps.records || bytes + weight > caps.bytes || truth.missesWords(cloudlet);
    }
    case "notWritten":
      return isOfReplica;
    case "unknownKind":
      return kind === null;
    default:
      return true;
  }
}

// What it may have weighed, but for the names of those that stand open for its object.
function largest(cloudlet: CloudletId, request: Asking["request"]): number {
  const { target, kind, object, actor, priority = 0, expiry = null, after = [], needs = 1, payload = "" } = request;
  const id = `${cloudlet}.999999.999999` as never;
  const knows = { incarnation: 999_999, sequence: 999_999_999 };
  const fields = { id, target, kind, object, actor, priority, expiry, after, needs, payload, knows };
  return weightOf(operationText({ ...fields, age: 0 as Duration, beside: [] }));
}
