// What lives, for benchmarks of memory: heap and typed arrays after collections. The memory of typed arrays is given back some time
// after the first collection, so it takes three with a pause between.

import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

const ROUNDS = 3;
const PAUSE = 20;

/** Bytes in use that something still refers to. */
export async function memoryInUse(): Promise<number> {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  for (let round = 0; round < ROUNDS; round += 1) {
    collect();
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
