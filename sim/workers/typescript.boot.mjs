/**
 * First file of a worker that runs from sources: teaches the thread TypeScript, then loads the real entry.
 *
 * Plain JavaScript, because Node 20 refuses a .ts file as a worker's entry even under tsx (privatenumber/tsx#354).
 * Never used from compiled code.
 */
import { workerData } from "node:worker_threads";

// Dynamic, so that an installed package, which has no tsx, can still be checked for what it needs.
const { register } = await import("tsx/esm/api");
register();
await import(workerData.entry);
