// The matrix of requirements: each row of the catalogue with what became of its checks.
//
// Leaves out running them (check.ts, run-requirements.ts) and how the matrix is printed (cli/requirements-table.ts).

import { type CheckName, kindOfCheck, type Requirement } from "../../model/requirements/index.ts";
import type { CheckJob, Finding } from "./check.ts";
import type { Plant } from "../plants/plant.ts";

/** What may be said of a row. `covered`: its checks were not run here. */
export const statuses = {
  covered: "covered",
  holding: "covered and holding",
  failing: "covered and failing",
  exempt: "exempt",
  open: "not yet covered",
} as const;

/** What is said of a row. */
export type Status = keyof typeof statuses;

/** A row, judged. */
export interface MatrixRow {
  readonly requirement: Requirement;
  readonly status: Status;
  /** Why it fails, with the check; null where it does not. */
  readonly evidence: string | null;
  /** What came of what is to turn it: why it fails then, null where it does not; null where that was not tried. */
  readonly turned: { readonly evidence: string | null } | null;
}

/** What was found out, by check; and by `turnKey` what came of checks that were to fail. */
export interface Findings {
  readonly checks: ReadonlyMap<CheckName, Finding>;
  readonly turns: ReadonlyMap<string, Finding>;
}

/** Drawn worlds that rows share: in any, and in worlds that detach members, have operations, watch, or collect deletes. */
const WORLDS = [
  { count: 60 },
  { world: "detaching", count: 20 },
  { world: "operating", count: 20 },
  { world: "watching", count: 20 },
  { world: "collecting", count: 20 },
] as const satisfies readonly { readonly world?: NonNullable<Plant["world"]>; readonly count: number }[];

/** The name of a turn: rows of the same share a run. */
export function turnKey({ coverage }: Requirement): string | null {
  return coverage.kind === "covered" ? JSON.stringify(coverage.turn) : null;
}

/** The checks of a row that a program can run; none where it is not covered. */
export function runnableChecks({ checks, coverage }: Requirement): readonly CheckName[] {
  return coverage.kind === "covered" ? checks.filter((check) => kindOfCheck(check) !== "tests") : [];
}

/** The jobs that try all checks of these rows, each check once. */
export function checkJobs(rows: readonly Requirement[]): readonly CheckJob[] {
  const names = [...new Set(rows.flatMap(runnableChecks))];
  const ofOracles = names.some((name) => kindOfCheck(name) === "oracle");
  return [
    ...names.flatMap((check): CheckJob[] => (kindOfCheck(check) === "oracle" ? [] : [{ kind: "check", check }])),
    ...(ofOracles ? WORLDS : []).map((runs): CheckJob => ({
      kind: "worlds",
      runs: { plant: null, first: 0, until: [], ...runs },
    })),
  ];
}

/** The jobs that must turn these rows, each once. */
export function turnJobs(rows: readonly Requirement[]): readonly CheckJob[] {
  const turns = new Map(
    rows.flatMap((row) => (row.coverage.kind === "covered" ? [[turnKey(row), row.coverage.turn]] : [])),
  );
  return [...turns.values()].map((turn) => ({ kind: "turn", turn }));
}

/** Joins what several jobs found of the same checks: put to the test in all of them, and the first complaint. */
export function joined(findings: readonly Finding[]): ReadonlyMap<CheckName, Finding> {
  const all = new Map<CheckName, Finding>();
  for (const finding of findings) {
    const known = all.get(finding.check);
    all.set(
      finding.check,
      known === undefined
        ? finding
        : { check: finding.check, count: known.count + finding.count, complaint: known.complaint ?? finding.complaint },
    );
  }
  return all;
}

/** Judges one row. A check that was never put to the test does not hold. */
export function judgeRow(requirement: Requirement, { checks, turns }: Findings): MatrixRow {
  const { coverage } = requirement;
  if (coverage.kind !== "covered") return { requirement, status: coverage.kind, evidence: null, turned: null };
  const evidence = evidenceOf(requirement, checks);
  const isWhole = runnableChecks(requirement).every((check) => checks.has(check));
  const turned = turns.get(turnKey(requirement) ?? "");
  return {
    requirement,
    status: evidence !== null ? "failing" : isWhole ? "holding" : "covered",
    evidence,
    turned: turned === undefined ? null : { evidence: evidenceOf(requirement, new Map([[turned.check, turned]])) },
  };
}

function evidenceOf(requirement: Requirement, checks: Findings["checks"]): string | null {
  for (const check of runnableChecks(requirement)) {
    const finding = checks.get(check);
    if (finding === undefined) continue;
    if (finding.complaint !== null) return `${check}: ${finding.complaint}`;
    if (finding.count === 0) return `${check}: it was never put to the test`;
  }
  return null;
}

/** Is nothing failing, and was everything turned that was to be? */
export function isSound(rows: readonly MatrixRow[]): boolean {
  return rows.every(({ status, turned }) => status !== "failing" && turned?.evidence !== null);
}
