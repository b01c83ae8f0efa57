/**
 * Replay files: everything a run was made of, so that it can be made again and compared: the resolved scenario, the
 * options, the engine, and the digest to expect.
 *
 * A checksum tells a truncated or edited file from a sound one; the scenario inside is then what this program wrote, and
 * is not checked value by value again. Leaves out running it (commands/replay.ts).
 */
import { createHash } from "node:crypto";
import * as z from "zod";
import { describeFound } from "../scenario/quantity.ts";
import type { Drawn } from "../scenario/expand-topology.ts";
import type { Scenario } from "../scenario/scenario.ts";

/** Larger replays are refused unread: the largest scenario that can be read resolves to less. */
export const REPLAY_SIZE_MAX = 256 * 1024 * 1024;

const REPLAY_VERSION = 1;

/** What a replay file holds. */
export interface Replay {
  readonly engine: string;
  readonly digest: string;
  readonly verdict: string;
  /** The planted bug it ran with, null for none. */
  readonly plant: string | null;
  readonly drawn: readonly Drawn[];
  readonly scenario: Scenario;
}

/** A sound replay, or why it is none, as a message without the file's name. */
export type ReplayOutcome =
  { readonly kind: "replay"; readonly replay: Replay } | { readonly kind: "refused"; readonly why: string };

const envelope = z.strictObject({
  "causeway-replay": z.number(),
  checksum: z.string(),
  replay: z.object({
    engine: z.string(),
    digest: z.string(),
    verdict: z.string(),
    plant: z.string().nullable(),
    drawn: z.array(z.tuple([z.string(), z.string()])),
    scenario: z.object({ name: z.string(), seed: z.string() }),
  }),
});

/** The file's text. */
export function renderReplay(replay: Replay): string {
  return `${JSON.stringify({ "causeway-replay": REPLAY_VERSION, checksum: checksum(replay), replay }, null, 1)}\n`;
}

/** Reads a replay file's text. Bad input never throws. */
export function parseReplay(text: string): ReplayOutcome {
  const refused = (why: string): ReplayOutcome => ({ kind: "refused", why });
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch {
    const begins = /^\s*\{\s*"causeway-replay"/.test(text);
    return refused(
      begins
        ? "the replay is truncated or damaged: it is no complete JSON; copy it again"
        : "expected a replay file written by causeway, found no JSON; to run a scenario use: causeway run FILE",
    );
  }
  const version =
    typeof found === "object" && found !== null
      ? Object.entries(found).find(([key]) => key === "causeway-replay")
      : undefined;
  if (version === undefined)
    return refused("expected a replay file written by causeway, found other JSON; name another file");
  if (version[1] !== REPLAY_VERSION) {
    return refused(
      `expected a replay of version ${REPLAY_VERSION}, found ${describeFound(version[1])}; use the causeway that wrote it`,
    );
  }
  const parsed = envelope.safeParse(found);
  const extra = parsed.error?.issues.find((issue) => issue.code === "unrecognized_keys" && issue.path.length === 0);
  if (extra?.code === "unrecognized_keys") {
    return refused(
      `the replay was changed: it has the unknown key ${describeFound(extra.keys[0])}; remove it, or copy it again`,
    );
  }
  const whole = found as { readonly replay: Replay };
  if (!parsed.success || parsed.data.checksum !== checksum(whole.replay)) {
    return refused(
      "the replay was changed or damaged: its checksum does not fit; copy it again, or run the scenario anew",
    );
  }
  return { kind: "replay", replay: whole.replay };
}

/** JSON keeps the order of keys, so that a file read back has the checksum that it was written with. */
function checksum(replay: Replay): string {
  return createHash("sha256").update(JSON.stringify(replay)).digest("hex").slice(0, 16);
}
