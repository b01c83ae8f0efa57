// Whether what a worker's job keeps still fits into the heap that it may have: asked in the middle of a run, every so many events. V8 ends a
// worker at its limit by itself, but not always alone: where a single piece of memory, such as a map that grows to twice its size, is more
// than what is left, it ends the whole process. So the worker goes by itself before that, at a limit below V8's (worker.ts).
//
// Garbage is no reason to go: before that is decided it is collected. Leaves out what lies beside the heap, such as typed arrays.

import { getHeapStatistics, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { isMainThread, workerData } from "node:worker_threads";

/** What a worker ends with whose job needs more than it may have: no code that Node uses. */
export const HEAP_IS_FULL = 43;

/**
 * V8's limit in MiB for a worker that goes by itself at this one. A map that is all the worker keeps becomes one of twice its size, and is
 * there until that is filled: until then it may not have been asked.
 */
export function limitBeyond(heapLimitMebibytes: number): number {
  return 3 * heapLimitMebibytes;
}

/** Ends this thread where its heap is full. Does nothing where nobody has said how much that is, or in the main thread. */
export const heedHeap: () => void = watch();

function watch(): () => void {
  const { heapLimitMebibytes } = (workerData ?? {}) as { readonly heapLimitMebibytes?: number };
  if (isMainThread || heapLimitMebibytes === undefined) return () => undefined;
  const limit = heapLimitMebibytes * 2 ** 20;
  let collect: (() => void) | null = null;
  let askFrom = limit;
  return () => {
    if (getHeapStatistics().used_heap_size < askFrom) return;
    collect ??= collector();
    collect();
    const { used_heap_size: live } = getHeapStatistics();
    if (live >= limit) process.exit(HEAP_IS_FULL);
    // To collect takes long where much lives: not again before there is some more.
    askFrom = limit + (limit - live) / 4;
  };
}

function collector(): () => void {
  setFlagsFromString("--expose-gc");
  return runInNewContext("gc") as () => void;
}
