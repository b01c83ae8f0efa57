// When a cloudlet reports: at once when there is something new that must not wait, else every `period` while its upper can be reached.
// To an upper that cannot be reached reports become ever rarer, up to `slowest`: each only replaces the one before it in the
// queue. When the way opens it reports at once, and begins anew with short periods.
//
// Leaves out what is in a report (report.ts).

import type { Duration } from "../units.ts";

/** How often. */
export interface ReportingSettings {
  readonly period: Duration;
  readonly slowest: Duration;
}

/** When it last reported, and how long it waits from there. */
export interface Reporting {
  readonly reportedAt: number | null;
  readonly pause: Duration;
}

/** Before the first report. */
export function beginReporting({ period }: ReportingSettings): Reporting {
  return { reportedAt: null, pause: period };
}

/** After a report. */
export function reported(
  { pause }: Reporting,
  isReachable: boolean,
  now: number,
  { period, slowest }: ReportingSettings,
): Reporting {
  return { reportedAt: now, pause: isReachable ? period : (Math.min(pause * 2, slowest) as Duration) };
}

/** The way to the upper has opened: at once. */
export function reachable(_before: Reporting, { period }: ReportingSettings): Reporting {
  return { reportedAt: null, pause: period };
}

/** When the next report is due. */
export function reportDue({ reportedAt, pause }: Reporting): number {
  return reportedAt === null ? -Infinity : reportedAt + pause;
}
