// The fact that each kind of cloud data is merged as it demands (D3): a register, a gauge, a counter, a log, the state of a message queue
// and a table, all written at a hub and two sites that are cut off from each other in turn. Whatever any of them has put in and
// nobody has taken out is there in the end, everywhere alike; and all reads on the way are held against the oracles.
//
// Leaves out deployment data (deployment-facts.ts), and what users' own functions make (model/replication/resolver.test.ts).

import type { CloudletId } from "../../model/ids.ts";
import type { KeyAnswer, Merged } from "../../model/replication/io.ts";
import type { RunOutcome } from "../run/runner.ts";
import { type Fact, Trial } from "./fact.ts";
import { runText } from "./run-facts.ts";

const classes = {
  register: "return-them-all",
  gauge: "lww-hlc",
  counter: "counter",
  log: "log",
  queue: "queue",
  table: "table",
} as const;
const sites = ["hub", "east", "west"] as const;
const ROUNDS = 8;

function scenario(): string {
  const scopes = Object.entries(classes).map(
    ([name, resolver]) => `{ name: ${name}, prefix: ${name}/, resolver: ${resolver} }`,
  );
  const flows = Object.keys(classes).map((name) => `{ scope: ${name}, between: tree, direction: both }`);
  const steps: string[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [place, site] of sites.entries()) {
      const at = round * 2_000 + place * 300 + 100;
      const step = (what: string, later = 0): void =>
        void steps.push(`{ ${what}, at: ${at + later}ms, cloudlet: ${site}, session: ${site} }`);
      step(`put: register/x, value: ${site}-${round}`);
      step(`put: gauge/x, value: "${round * 3 + place}"`, 20);
      step(`add: counter/x, amount: ${[1, 10, 100][place] ?? 0}`, 40);
      step(`append: log/x, entry: ${site}-${round}`, 60);
      step(`append: queue/x, entry: ${site}-${round}`, 80);
      // Every other entry is taken where it was put in, a round later.
      if (round % 2 === 1) step(`remove: queue/x, element: ${site}-${round - 1}`, 100);
      step(`insert: table/x, element: ${site}/round=${round}`, 120);
      step(`insert: table/x, element: shared/${site}=${round}`, 140);
      if (round === 3 && site === "east") step("remove: table/x, element: passing", 160);
      if (round < 3) step(`insert: table/x, element: passing/${site}=${round}`, 160);
      for (const [index, name] of Object.keys(classes).entries()) step(`get: ${name}/x`, 180 + index);
    }
  }
  return `causeway: 1
name: classes
seed: 2
topology: { tree: { hub: { east: null, west: null } } }
scopes: [${scopes.join(", ")}]
flows: [${flows.join(", ")}]
links: { defaults: { delay: 15ms, loss: 3%, duplication: 3% } }
script: [${steps.join(", ")}]
faults: [{ isolate: east, from: 3s, until: 7s }, { isolate: west, from: 6s, until: 11s }, { crash: west, at: 12s, for: 1s }]
duration: 17s
settle: 60s
expectations: { sometimes: [conflict] }
`;
}

function answerAt({ world }: RunOutcome, cloudlet: CloudletId, name: string): KeyAnswer | null {
  const core = world.core(cloudlet)?.fork();
  const op = { kind: "get", key: `${name}/x` } as const;
  const effects = core?.step(
    { kind: "request", session: 900_001 as never, id: 900_001 as never, op },
    { monotonic: 80_000_000, wall: 80_000_000 },
  );
  const result = (effects ?? []).flatMap((effect) => (effect.kind === "reply" ? [effect.result] : []))[0];
  return result?.kind === "read" ? (result.answers[0] ?? null) : null;
}

const every = (text: (site: string, round: number) => string | null): readonly string[] =>
  sites
    .flatMap((site) => Array.from({ length: ROUNDS }, (_, round) => text(site, round)))
    .filter((one) => one !== null);

// What there must be in the end, whatever order it came in; null: judged elsewhere.
function complaintOf(merged: Merged): string | null {
  const entry = (site: string, round: number): string => `${site}-${round}`;
  switch (merged.kind) {
    case "counter":
      return merged.total === String(ROUNDS * 111) ? null : `counts ${merged.total}`;
    case "log":
      return same(merged.entries, every(entry)) ? null : `has the entries ${merged.entries.join(" ")}`;
    case "queue": {
      const left = every((site, round) => (round % 2 === 0 ? null : entry(site, round)));
      return same(merged.entries, left) ? null : `has left ${merged.entries.join(" ")}`;
    }
    case "table": {
      const cells = merged.rows.flatMap(({ row, cells: of }) =>
        of.map(([column, value]) => `${row}/${column}=${value}`),
      );
      const last = sites.flatMap((site) => [`${site}/round=${ROUNDS - 1}`, `shared/${site}=${ROUNDS - 1}`]);
      // What east had not got when it took the row away, since it was cut off.
      const unseen = ["passing/hub=2", "passing/west=2"];
      return same(cells, [...last, ...unseen]) ? null : `has the cells ${cells.join(" ")}`;
    }
    default:
      return `is a ${merged.kind}`;
  }
}

function same(found: readonly string[], right: readonly string[]): boolean {
  return found.toSorted().join(" ") === right.toSorted().join(" ");
}

/** It. */
export const dataClassesFact: Fact = {
  name: "data-classes",
  says: "Registers, gauges, counters, logs, queues and tables are each merged as they demand, and are the same everywhere in the end.",
  deviations: [{ name: "removes-unseen", says: "A removal also takes away what its cloudlet had not got." }],
  try(deviation) {
    const trial = new Trial();
    const outcome = runText("classes.yaml", scenario(), {}, deviation);
    const { report, topology } = outcome;
    trial.expect(report.verdict === "passed", () => report.unmet[0] ?? report.verdict);
    for (const name of Object.keys(classes)) {
      const [first, ...others] = topology.cloudlets.map(({ id }) => JSON.stringify(answerAt(outcome, id, name)));
      trial.expect(
        first !== "null" && others.every((other) => other === first),
        () => `what stands as ${name} is ${[first, ...others].join(" and ")}`,
      );
      const merged = answerAt(outcome, 0 as CloudletId, name)?.merged ?? null;
      const complaint = merged === null ? null : complaintOf(merged);
      trial.expect(complaint === null, () => `the ${name} ${complaint ?? ""}`);
    }
    return trial.end();
  },
};
