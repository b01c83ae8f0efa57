// What a worker may do wrong, on demand: for tests of whoever starts workers.

import { unreachable } from "../../model/assert.ts";

/** The ways. */
export const troubles = ["throw", "exit", "hang", "overfill"] as const;

/** One of them. */
export type Trouble = (typeof troubles)[number];

/** Gets this thread into trouble. */
export function makeTrouble(trouble: Trouble): never {
  switch (trouble) {
    case "throw":
      throw new RangeError("a job of its own mind");
    case "exit":
      process.exit(7);
    case "hang":
      for (;;);
    case "overfill": {
      const kept: number[][] = [];
      for (;;) kept.push(new Array<number>(100_000).fill(1.5));
    }
    default:
      return unreachable(trouble);
  }
}
