// How a cloudlet watches those below it, and lets itself be watched.

import { seconds, type Duration } from "../units.ts";
import type { WatchSettings } from "./aliveness.ts";
import { fencingPolicy, type FencingPolicy } from "./fencing.ts";
import type { ReportingSettings } from "./reporting.ts";

/** All of it. A report's period is shorter than the time after which somebody counts as silent. */
export interface AlivenessSettings {
  readonly watch: WatchSettings;
  readonly reporting: ReportingSettings;
  /** What waits for longer is a backlog. */
  readonly backlogAge: Duration;
  readonly fencing: FencingPolicy;
}

/** Where nothing else is said. */
export const defaultAliveness: AlivenessSettings = {
  watch: { silentAfter: seconds(30), calmFor: seconds(5) },
  reporting: { period: seconds(10), slowest: seconds(3_600) },
  backlogAge: seconds(5),
  fencing: fencingPolicy,
};
