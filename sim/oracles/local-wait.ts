// A local request waits for nothing but the local disk (D26), and a write to a scope on disk does wait for that.
//
// In order is an answer in the step of its request, which comes when the cloudlet's own processor gets to it, unless the request is a write to a scope kept on disk: that one is
// answered in the first step that hears from the disk that the record is stored; or a session comes with a bundle, which is
// let in when the disk has what it brings. Anything sooner or later is a violation,
// and so is a request that is never answered, unless its process crashed or the disk has still to confirm its record.
// Waiting for a slow disk or for the own busy processor is allowed, however long; waiting for a neighbour is not, however
// short.

import type { CloudletId, SessionId } from "../../model/ids.ts";
import { isWriteOp } from "../../model/replication/draft.ts";
import type { ClientOp } from "../../model/replication/io.ts";
import type { CausalRecord } from "../../model/replication/record.ts";
import type { Oracle } from "./oracle.ts";
import { Judge } from "./oracle.ts";
import type { Truth } from "./truth.ts";
import { atTime, cloudletText } from "./words.ts";
import { opName, sessionName } from "../../model/ids.ts";

interface Wait {
  readonly at: number;
  readonly cloudlet: CloudletId;
  readonly session: SessionId;
  readonly op: ClientOp;
  record: CausalRecord | null;
  /** Place in the cloudlet's log; 0 while the record was not handed to the disk. */
  position: number;
  /** Which of its cloudlet's confirmations covered the record first; 0 while none has. */
  confirmation: number;
}

/** Judges when requests are answered. */
export function localWait(truth: Truth): Oracle {
  const judge = new Judge();
  const { topology } = truth;
  const open = new Map<number, Wait>();
  // Writes that the disk has not confirmed, by cloudlet.
  const unconfirmed: (Wait[] | undefined)[] = [];
  const confirmations = new Int32Array(topology.cloudlets.length);
  // What a session brings must be on the disk before it is let in.
  const isBringing = (op: ClientOp): boolean => op.kind === "attach" && op.bundle !== null && op.bundle.length > 0;
  // The request whose step came last: what it is answered in that step waited for nothing.
  let lastRequest = -1;

  const isOnDisk = (op: ClientOp): boolean => {
    if (!isWriteOp(op)) return false;
    const scope = topology.scopeOf(op.key);
    return scope !== null && topology.scopes[scope]?.durability === "disk";
  };
  const request = (id: number, { at, cloudlet, session, op }: Wait): string => {
    const of = op.kind === "scan" ? op.prefix : "key" in op ? op.key : null;
    const what = of === null ? op.kind : `${op.kind} of ${JSON.stringify(of)}`;
    return `${opName(id as never)}, a ${what} that ${sessionName(session)} asked of ${cloudletText(truth, cloudlet)} ${atTime(at)}`;
  };

  return {
    name: "local-wait",
    requested(_at, cloudlet, session, id, op, askedAt) {
      lastRequest = id;
      open.set(id, { at: askedAt, cloudlet, session, op, record: null, position: 0, confirmation: 0 });
    },
    wrote(_at, cloudlet, _session, id, record) {
      const wait = open.get(id);
      if (wait === undefined) return;
      wait.record = record;
      (unconfirmed[cloudlet] ??= []).push(wait);
    },
    storing(_at, cloudlet, records, upTo) {
      const waits = unconfirmed[cloudlet];
      if (waits === undefined) return;
      for (const wait of waits) {
        if (wait.position > 0 || wait.record === null) continue;
        const place = records.indexOf(wait.record);
        if (place >= 0) wait.position = upTo - (records.length - 1 - place);
      }
    },
    synced(_at, cloudlet, upTo) {
      confirmations[cloudlet] = (confirmations[cloudlet] as number) + 1;
      const waits = unconfirmed[cloudlet];
      if (waits === undefined || waits.length === 0) return;
      let kept = 0;
      for (const wait of waits) {
        if (wait.position > 0 && wait.position <= upTo) {
          wait.confirmation = confirmations[cloudlet];
        } else {
          waits[kept] = wait;
          kept += 1;
        }
      }
      waits.length = kept;
    },
    replied(at, cloudlet, _session, id, result, cause) {
      const wait = open.get(id);
      if (wait === undefined) return;
      open.delete(id);
      judge.checks += 1;
      const needsDisk = result.kind === "written" && isOnDisk(wait.op);
      if (needsDisk) {
        const isJustStored = wait.confirmation > 0 && wait.confirmation === confirmations[cloudlet];
        if (cause === "stored" && isJustStored) return;
      } else if (cause === "request" && lastRequest === id) {
        return;
      } else if (cause === "stored" && isBringing(wait.op)) {
        return;
      }
      judge.violate(() => {
        const answered = `${request(id, wait)} was answered ${atTime(at)} when the replica handled \`${cause}\``;
        if (!needsDisk) return `${answered}; it had nothing to wait for`;
        return wait.confirmation > 0
          ? `${answered}; the disk had confirmed it before`
          : `${answered}; the disk had not confirmed it`;
      });
    },
    crashed(_at, cloudlet) {
      for (const [id, wait] of open) if (wait.cloudlet === cloudlet) open.delete(id);
      unconfirmed[cloudlet] = [];
    },
    finished(at) {
      for (const [id, wait] of open) {
        const isWithDisk = isBringing(wait.op) || (isOnDisk(wait.op) && wait.position > 0 && wait.confirmation === 0);
        judge.checks += 1;
        if (isWithDisk) continue;
        judge.violate(() => `${request(id, wait)} was never answered; the run ended ${atTime(at)}`);
      }
    },
    verdict: () => judge.verdict(),
  };
}
