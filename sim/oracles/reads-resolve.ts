// Every answer of a read equals the resolver over the versions that should stand at its cloudlet.
//
// Of counters, sets and logs also the value is compared, with a merge of all that is applied there (merging.ts); where
// a user's function merges, with what it makes of the same versions in another order.
// Compared are the versions, the tombstones, the number of hidden siblings and the mark that siblings are open; for a
// scan also which keys are there: all that begin with the prefix, ascending, up to and including the one with the
// `limit`-th value, deleted keys among them. A record whose content differs from what was written is a violation, and so
// is a version that nobody wrote. Refused requests are not judged.
// The resolvers presume stamps that extend happens-before: only then may a loser be left out of an answer. So every write
// is compared with its nearest past and with what it overwrote, in both orders; the rest follows by transitivity.

import type { ClientOp, KeyAnswer, Merged } from "../../model/replication/io.ts";
import { dotName, type CausalRecord } from "../../model/replication/record.ts";
import type { MergeFunctions } from "../../model/replication/resolver.ts";
import { isCustomResolver, isDeltaResolver } from "../../model/topology/resolvers.ts";
import type { Instant } from "../../model/units.ts";
import { isSameMerge, MergeTruth } from "./merging.ts";
import type { Oracle } from "./oracle.ts";
import { Judge } from "./oracle.ts";
import { mergedByUser, resolved } from "./resolution.ts";
import type { SessionTruth } from "./session-truth.ts";
import type { Truth } from "./truth.ts";
import { atTime, cloudletText, keyText, recordNames, recordText, sessionText } from "./words.ts";

/** Judges what reads return. */
export function readsResolve(truth: Truth, resolvers: MergeFunctions = new Map()): Oracle {
  const judge = new Judge();
  const merges = new MergeTruth(truth);

  const who = (at: Instant, session: SessionTruth): string =>
    `${sessionText(session)} read at ${cloudletText(truth, session.cloudlet)} ${atTime(at)}`;

  const judgeKey = (at: Instant, session: SessionTruth, key: number, answer: KeyAnswer): void => {
    judge.checks += 1;
    const visible = truth.shadow.visible(session.cloudlet, key);
    const resolver = truth.resolverOfKey[key] ?? "lww-hlc";
    const right = resolved(resolver, visible, truth.records, truth.depthAt(session.cloudlet));
    const sealed = answer.sealed ?? [];
    // What nobody there could read was not merged.
    const merge = isCustomResolver(resolver) && sealed.length === 0 ? resolvers.get(resolver) : undefined;
    const merged =
      merge === undefined
        ? merges.merged(session.cloudlet, key)
        : mergedByUser(merge, visible, truth.records, truth.depthAt(session.cloudlet));
    const isOpen = visible.length > 1 && !isDeltaResolver(resolver);
    const hidden = visible.length - right.length;
    const all = [...answer.versions, ...answer.tombstones, ...sealed];
    const got = all.length;
    const isRight =
      got === right.length &&
      answer.versions.every((version) => isOneOf(truth, version, right, "put")) &&
      answer.tombstones.every((version) => isOneOf(truth, version, right, "delete")) &&
      sealed.every((version) => isSealed(truth, version, right)) &&
      (got < 2 || new Set(all).size === got) &&
      answer.hidden === hidden &&
      // Whether the right operations are named is not known here: whoever names some says that more is to come.
      answer.bestKnown === (isOpen || answer.pending !== undefined) &&
      (isSameMerge(merged, answer.merged ?? null) || !merges.isJudged(key, answer.merged ?? null));
    if (isRight) return;
    const stands = visible.slice();
    judge.violate(() => {
      const words = all.map((version) => dotName(version.dot)).join(" and ");
      const answered = `${words || "nothing"} with ${answer.hidden} hidden, best known: ${answer.bestKnown}${mergeText(answer.merged ?? null)}`;
      const expected = `${recordNames(truth, right)} with ${hidden} hidden, best known: ${isOpen}${mergeText(merged)}`;
      const rule = `${resolver} over ${recordNames(truth, stands)} gives ${expected}`;
      return `${who(at, session)} key ${keyText(truth, key)} and got ${answered}; ${rule}`;
    });
  };

  const judgeKeys = (at: Instant, session: SessionTruth, op: ClientOp, answers: readonly KeyAnswer[]): void => {
    if (op.kind === "get") {
      judge.checks += 1;
      if (answers.length === 1 && answers[0]?.key === op.key) return;
      judge.violate(
        () => `${who(at, session)} key ${JSON.stringify(op.key)} and got ${answers.length} keys, not that one`,
      );
    } else if (op.kind === "scan") {
      judge.checks += 1;
      const sealed = new Set(answers.flatMap((answer) => (answer.sealed === undefined ? [] : [answer.key])));
      const keys = keysOf(truth, session.cloudlet, op.prefix, op.limit ?? Infinity, sealed);
      if (keys.length === answers.length && keys.every((key, index) => key === answers[index]?.key)) return;
      judge.violate(() => {
        const got = answers.map((answer) => JSON.stringify(answer.key)).join(", ") || "none";
        const right = keys.map((key) => JSON.stringify(key)).join(", ") || "none";
        return `${who(at, session)} keys from ${JSON.stringify(op.prefix)} and got ${got}; there are ${right}`;
      });
    }
  };

  const judgeStamp = (record: number, earlier: number): void => {
    judge.checks += 1;
    const { stamp } = truth.records[record] as CausalRecord;
    const { stamp: before } = truth.records[earlier] as CausalRecord;
    const isHybridLater = stamp.wall > before.wall || (stamp.wall === before.wall && stamp.logical > before.logical);
    if (isHybridLater && stamp.lamport > before.lamport) return;
    judge.violate(() => {
      const order = isHybridLater ? "Lamport counter" : "hybrid stamp";
      return `the ${order} of ${recordText(truth, record)} does not exceed that of ${recordText(truth, earlier)} in its past`;
    });
  };

  return {
    name: "reads-resolve",
    written(_at, record) {
      merges.written(record);
      for (const list of [truth.nearest, truth.overwritten]) {
        const { items } = list;
        const end = list.end(record);
        for (let index = list.begin(record); index < end; index += 1) judgeStamp(record, items[index] as number);
      }
    },
    read: judgeKey,
    answered: (at, session, _id, op, answers) => {
      judgeKeys(at, session, op, answers);
    },
    unwritten(at, cloudlet, dot) {
      judge.checks += 1;
      judge.violate(() => `${cloudletText(truth, cloudlet)} showed ${dotName(dot)} ${atTime(at)}, which nobody wrote`);
    },
    keeps: (keep) => void merges.keep(keep),
    renumbered: (to) => void merges.renumber(to),
    verdict: () => judge.verdict(),
  };
}

function mergeText(merged: Merged | null): string {
  return merged === null ? "" : `, merged: ${JSON.stringify(merged)}`;
}

function isOneOf(truth: Truth, version: CausalRecord, right: readonly number[], kind: CausalRecord["kind"]): boolean {
  const number = truth.numberOf(version.dot);
  if (number < 0 || !right.includes(number)) return false;
  const written = truth.records[number] as CausalRecord;
  if (written.kind !== kind) return false;
  return written === version || (written.key === version.key && written.value === version.value);
}

// Only what was written in a later version than the first may be shown without its content.
function isSealed(truth: Truth, version: CausalRecord, right: readonly number[]): boolean {
  const number = truth.numberOf(version.dot);
  if (number < 0 || !right.includes(number) || version.kind !== "sealed") return false;
  const written = truth.records[number] as CausalRecord;
  return (written.version ?? 1) > 1 && written.version === version.version && written.key === version.key;
}

function keysOf(truth: Truth, cloudlet: number, prefix: string, limit: number, sealed: ReadonlySet<string>): string[] {
  const found: string[] = [];
  for (let key = 0; key < truth.keyNames.length; key += 1) {
    const name = truth.keyNames[key] as string;
    if (name.startsWith(prefix) && truth.shadow.codeOf(cloudlet, key) !== -1) found.push(name);
  }
  found.sort();
  let values = 0;
  for (const [index, name] of found.entries()) {
    if (values >= limit) return found.slice(0, index);
    const key = truth.findKey(name);
    const resolver = truth.resolverOfKey[key] ?? "lww-hlc";
    const right = resolved(resolver, truth.shadow.visible(cloudlet, key), truth.records, truth.depthAt(cloudlet));
    // What is sealed may be a value: it counts as one.
    if (sealed.has(name) || right.some((record) => truth.records[record]?.kind === "put")) values += 1;
  }
  return found;
}
