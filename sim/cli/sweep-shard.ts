/**
 * Which shard of a sweep this machine runs: `2/8`, or what a batch engine says to each of its jobs. Slurm counts from any number
 * (SLURM_ARRAY_TASK_ID from SLURM_ARRAY_TASK_MIN on, SLURM_ARRAY_TASK_STEP apart, as many as SLURM_ARRAY_TASK_COUNT), Kubernetes from 0 and
 * without saying how many there are (JOB_COMPLETION_INDEX).
 *
 * Leaves out which cases a shard has (sim/sweep/chunks.ts).
 */
export interface Shard {
  /** From 1. */
  readonly shard: number;
  readonly of: number;
}

/** The shard, or why there is none, as a message without the option. */
export type ShardOutcome = ({ readonly kind: "shard" } & Shard) | { readonly kind: "refused"; readonly why: string };

const SHARDS_MAX = 100_000;

/** Reads `--shard`. */
export function readShard(text: string, environment: Readonly<Record<string, string | undefined>>): ShardOutcome {
  const plain = /^(\d{1,6})\/(\d{1,6})$/.exec(text);
  if (plain !== null) return shardOf(Number(plain[1]), Number(plain[2]), `found ${text}`);
  const auto = /^auto(?:\/(\d{1,6}))?$/.exec(text);
  if (auto === null) return refused(`expected i/n such as 2/8, auto, or auto/n, found "${text}"`);
  const number = (name: string): number | null => {
    const value = environment[name] ?? "";
    return /^\d{1,9}$/.test(value) ? Number(value) : null;
  };
  const wanted = auto[1] === undefined ? null : Number(auto[1]);
  const task = number("SLURM_ARRAY_TASK_ID");
  if (task !== null) {
    const least = number("SLURM_ARRAY_TASK_MIN") ?? 0;
    const of = wanted ?? number("SLURM_ARRAY_TASK_COUNT");
    if (of === null) return refused("SLURM_ARRAY_TASK_COUNT does not say how many there are; write auto/n");
    // An array such as 1-7:2 counts in steps; in one such as 1,2,9 numbers say nothing of places.
    const step = number("SLURM_ARRAY_TASK_STEP") ?? 1;
    const found = `SLURM_ARRAY_TASK_ID is ${task}, the least is ${least}, and there are ${of}`;
    return shardOf((task - least) / Math.max(1, step) + 1, of, found);
  }
  const index = number("JOB_COMPLETION_INDEX");
  if (index === null) return refused("neither SLURM_ARRAY_TASK_ID nor JOB_COMPLETION_INDEX is set; write i/n");
  if (wanted === null) return refused("JOB_COMPLETION_INDEX does not say how many there are; write auto/n");
  return shardOf(index + 1, wanted, `JOB_COMPLETION_INDEX is ${index}, and there are ${wanted}`);
}

function shardOf(shard: number, of: number, found: string): ShardOutcome {
  if (Number.isSafeInteger(shard) && shard >= 1 && shard <= of && of <= SHARDS_MAX) return { kind: "shard", shard, of };
  return refused(`expected a shard from 1 to at most ${SHARDS_MAX} of so many, ${found}; give another`);
}

function refused(why: string): ShardOutcome {
  return { kind: "refused", why };
}
