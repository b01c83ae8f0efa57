// How operations end. `operation-ends`: an issuer is told one end of an operation, the same whenever it is told again; done only of
// what was carried out, failed by its plane only of what failed, expired, revoked and superseded only of what no plane was ever
// told of, or is told of afterwards; closed only where its target was apart from its issuer under a plan that this one knew, or was marked as
// gone; for the sake of another one only where that can be (blame.ts); lost only where its target has lost words of it with its disk; failed for want of authority only where its target was apart under a plan that it knew itself. And what has ended as closed since its
// target was detached is begun by no target that knows that plan, be it attached again. Where a disk has lost how an operation had ended it
// may end once more, and otherwise: that is told.
// `operations-over`: when the run is over, every accepted operation has ended, or stands open for a reason that is stated.

import type { End } from "../../model/control/ends.ts";
import { flawOfCause } from "./blame.ts";
import { Judge } from "./oracle.ts";
import type { OperationOracle, OperationTruth } from "./operation-truth.ts";
import type { Wanted } from "./wanted.ts";
import { atTime, counted } from "./words.ts";

/** Judges what issuers are told. */
export function operationEnds(truth: OperationTruth): OperationOracle {
  const judge = new Judge();
  return {
    name: "operation-ends",
    ended(at, cloudlet, id, end, wanted) {
      judge.checks += 1;
      const what = `${truth.name(cloudlet)} was told ${atTime(at)} that ${id} had ended as ${end.kind} (${end.why})`;
      if (wanted === null || wanted.issuer !== cloudlet) {
        judge.violate(() => `${what}, and had not issued it`);
        return;
      }
      const { end: former, deed } = wanted;
      const isOther = former !== null && (former.kind !== end.kind || former.why !== end.why);
      if (isOther && !truth.lost.excuses(id, [wanted.request.target, cloudlet])) {
        judge.violate(() => `${what}; before that it had been told ${former.kind} (${former.why})`);
      }
      const { target } = wanted.request;
      const knows = end.why === "authority" ? target : cloudlet;
      const isApart = truth.latestApart(target, cloudlet, knows) !== null;
      if (end.why === "authority" && !isApart) judge.violate(() => `${what}; its target was below all the time`);
      if (end.why === "closed" && !isApart && !truth.wasClosed(target)) {
        judge.violate(() => `${what}; its target was below all the time, and nobody had confirmed that it was gone`);
      }
      if (end.why === "lost" && !truth.lost.isLostAt(id, target)) {
        judge.violate(() => `${what}; the disk of ${truth.name(target)} had lost nothing of it`);
      }
      if (end.kind === "done" && deed?.state !== "done") judge.violate(() => `${what}; it was not carried out`);
      if (end.kind === "failed" && end.why === "executed" && deed?.state !== "failed") {
        judge.violate(() => `${what}; its plane had not failed at it`);
      }
      if (end.kind === "revoked" && end.why === "issuer" && !wanted.isTakenBack) {
        judge.violate(() => `${what}; nobody had taken it back`);
      }
      const flaw = flawOfCause(wanted.request, wanted.beside, end, (other) => truth.wanted(other)?.request ?? null);
      if (flaw !== null) judge.violate(() => `${what}, ${flaw}`);
      const isUntouched = saysUntouched(end);
      if (end.why === "unconfirmed") {
        if (!truth.isOneWay(wanted)) judge.violate(() => `${what}; its target can answer`);
        else if (!wanted.isGivenUp) judge.violate(() => `${what}; nobody had given it up`);
      }
      if (isUntouched && deed !== null && former === null && !truth.forgotten.excuses(id)) {
        judge.violate(() => `${what}; a plane had been told of it`);
      }
    },
    begun(at, cloudlet, { id }, wanted) {
      const told = wanted?.end ?? null;
      if (wanted === null || told === null) return;
      const { apartUnder } = wanted;
      // 1. An issuer closes what stands open for who is detached. 2. Its disk loses that, and it starts anew when the other is attached
      // again. 3. It knows of no plan between, so to it the operation stands open: it clears its target to begin it.
      const isApart = told.why === "closed" && apartUnder !== null && apartUnder <= truth.plans.of(cloudlet).plan;
      if (isApart && !truth.lost.excuses(id, [wanted.issuer])) {
        judge.violate(() => {
          const what = `${id} began at ${truth.name(cloudlet)} ${atTime(at)}, and had ended there where it was issued`;
          return `${what}, since its target had been detached: plan ${apartUnder} says so, which the target knew`;
        });
      }
      if (!saysUntouched(told)) return;
      judge.checks += 1;
      if (truth.lost.excuses(id, [cloudlet, wanted.issuer])) return;
      judge.violate(() => {
        const what = `the plane of ${truth.name(cloudlet)} was told of ${id} ${atTime(at)}`;
        return `${what}, and ${truth.name(wanted.issuer)} had been told before that it had ended as ${told.kind}`;
      });
    },
    verdict: () => judge.verdict(),
  };
}

// An end that says that no plane was ever told of it.
function saysUntouched({ kind, why }: End): boolean {
  return why !== "unconfirmed" && (kind === "expired" || kind === "revoked" || kind === "superseded");
}

/** Judges what has no end when the run is over. */
export function operationsOver(truth: OperationTruth): OperationOracle {
  const judge = new Judge();
  return {
    name: "operations-over",
    finished() {
      for (const wanted of truth.all()) {
        if (wanted.acceptedAt === null) continue;
        judge.checks += 1;
        if (wanted.end === null && truth.excuse(wanted) === null) judge.violate(() => openText(truth, wanted));
      }
    },
    verdict: () => judge.verdict(),
  };
}

/** What is open and should not be, and how much is for which reason: one sentence each. */
export function openOperations(truth: OperationTruth): {
  readonly open: readonly string[];
  readonly exempt: readonly string[];
} {
  const open: string[] = [];
  const excused = new Map<string, number>();
  for (const wanted of truth.all()) {
    if (wanted.acceptedAt === null || wanted.end !== null) continue;
    const excuse = truth.excuse(wanted);
    if (excuse === null) open.push(openText(truth, wanted));
    else excused.set(excuse, (excused.get(excuse) ?? 0) + 1);
  }
  return { open, exempt: [...excused].map(([why, count]) => `${counted(count, "operation")} stayed open: ${why}`) };
}

function openText(truth: OperationTruth, { id, issuer, request, askedAt }: Wanted): string {
  const what = `${id}, ${request.kind} ${request.object} for ${truth.name(request.target)}`;
  return `${what}, was accepted at ${truth.name(issuer)} ${atTime(askedAt)} and has no end`;
}
