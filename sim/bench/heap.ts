/**
 * Bytes of JavaScript heap that are really in use, for benchmarks of memory. Leaves out memory outside the heap.
 */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** Collects garbage, whatever flags the process was started with, and returns the bytes left on the heap. */
export function heapInUse(): number {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  collect();
  return process.memoryUsage().heapUsed;
}
