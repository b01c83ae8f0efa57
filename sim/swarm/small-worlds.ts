// The worlds that runs are counted on: trees of 2 to 32 cloudlets of every shape, about 200 requests in six seconds. Shared by the
// benchmarks of swarms and of sweeps, so that their numbers are of the same runs.

import { TREE_SHAPES } from "../../workloads/topologies/index.ts";

const CLOUDLETS_MAX = 32;
const REQUESTS = 200;
const SECONDS = 6;

/** What differs from run to run. */
export interface SmallWorld {
  readonly topology: { readonly family: { readonly cloudlets: number; readonly shape: string } };
  /** Of each client, between two requests. */
  readonly think: string;
}

/** The world of the run with this number. */
export function smallWorld(run: number): SmallWorld {
  const cloudlets = 2 + (run % (CLOUDLETS_MAX - 1));
  const shape = TREE_SHAPES[run % TREE_SHAPES.length] as string;
  const think = Math.round((SECONDS * 1_000 * cloudlets) / REQUESTS);
  return { topology: { family: { cloudlets, shape } }, think: `uniform(${think}ms, ${think + 2}ms)` };
}

/** It as the text of a scenario. */
export function smallWorldText({ topology: { family }, think }: SmallWorld): string {
  return `
causeway: 1
name: swarm-small
topology: { family: { cloudlets: ${family.cloudlets}, shape: ${family.shape} } }
scopes:
  - { name: state, prefix: state/ }
  - { name: "metrics/{cloudlet}", prefix: "metrics/{cloudlet}/", at: leaves }
flows:
  - { scope: state, between: tree, direction: both }
  - { scope: "metrics/{cloudlet}", between: tree, direction: up }
clients:
  - name: people
    at: all
    think: ${think}
    mix:
      - { put: state/, keys: 20, weight: 3 }
      - { delete: state/, keys: 20, weight: 1 }
      - { get: state/, keys: 20, weight: 4 }
duration: ${SECONDS}s
settle: 120s
`;
}
