/**
 * Gives every fast-check property of one test run the same seed, and keeps that seed for the failing message.
 *
 * `CAUSEWAY_SEED` (a whole number) decides. In CI, where nobody is there to repeat a lucky failure, it must be given;
 * at a desk a fresh one is drawn, so that ordinary work keeps exploring. Leaves out the simulator's own seeds: a
 * scenario always names its seed, and nothing here may influence it.
 */
import { randomInt } from "node:crypto";
import fc from "fast-check";
import { seedFromEnvironment } from "./seed.ts";

fc.configureGlobal({ seed: seedFromEnvironment(process.env, () => randomInt(2 ** 31)) });
