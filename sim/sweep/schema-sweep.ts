/**
 * The form of a sweep file: topologies x workloads x faults x parameters x seeds, how cases are chosen from them, and what is expected of
 * all runs together. Messages, docs/scenario.md and the JSON Schema for editors come from here.
 *
 * It checks each value alone; what must fit together is checked by read-sweep.ts.
 */
import * as z from "zod";
import { type FamilyName, familyNames } from "../../workloads/topologies/index.ts";
import { type MarkName, markTable } from "../oracles/names.ts";
import { count, flag, list, map, text, variants, word } from "../scenario/pieces.ts";
import { describeFound } from "../scenario/quantity.ts";
import { isSeed } from "../scenario/schema.ts";
import { fault } from "../scenario/schema-faults.ts";
import { statistics } from "./plan.ts";

/** The version of this form. */
export const SWEEP_VERSION = 1;
/** More runs than this are asked for by mistake, or cut into several sweeps. */
export const CASES_MAX = 10_000_000;

const families = familyNames as readonly [FamilyName, ...FamilyName[]];
const markNames = markTable.map(({ name }) => name) as [MarkName, ...MarkName[]];

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const choiceSays = "a value, a list of values, or a range { from, to } with or without { step }";

/** Values that an axis takes. */
const choice = (what: string) =>
  z
    .union(
      [scalar, z.array(z.unknown()).min(1), z.strictObject({ from: scalar, to: scalar, step: scalar.optional() })],
      { error: ({ input }) => `expected ${choiceSays}, found ${describeFound(input)}` },
    )
    .meta({ title: "value, list or range", description: `${what}: ${choiceSays}` });

const linkChoices = map("links of the whole topology", {
  delay: choice("latency of an empty message").optional(),
  jitter: choice("added to the delay").optional(),
  bandwidth: choice("bits per second").optional(),
  queue: choice("bytes that may wait").optional(),
  loss: choice("messages that never arrive").optional(),
  duplication: choice("messages that arrive twice").optional(),
  reordering: choice("messages held back").optional(),
}).meta({
  title: "map of link properties",
  description: "what links.defaults of the workload is set to, key by key: each a value, a list or a range",
});

const topology = variants(
  "topologies",
  ["family", "file", "folder"],
  [
    map("members of one family, or of several", {
      family: z
        .union([word("a family", families), list("families", word("a family", families))], {
          error: ({ input }) =>
            `expected a family (see \`causeway list families\`) or a list of them, found ${describeFound(input)}`,
        })
        .meta({ description: "a family or a list of families, see `causeway list families`" }),
      cloudlets: choice("how many cloudlets"),
      km: choice("the side of the square that cloudlets lie in, in km, of families that have one").optional(),
      alpha: choice("how far links reach, of waxman").optional(),
      beta: choice("how many links there are, of waxman").optional(),
      round: choice("how long a round takes, of those that move").optional(),
      links: linkChoices.optional(),
    }),
    map("the topology of a file", {
      file: text("a scenario, or a file with the sections topology and links of one, by its path from this file"),
      links: linkChoices.optional(),
    }),
    map("the topologies of all YAML files in a folder", {
      folder: text("the folder, by its path from this file; its files are taken in the order of their names"),
      links: linkChoices.optional(),
    }),
  ],
);

const workload = variants(
  "a workload",
  ["file", "generated"],
  [
    map("the workload of a scenario", { file: text("a scenario, by its path from this file") }),
    map("scenarios drawn whole from each run's seed: scopes, flows, clients, clocks, disks and faults", {
      generated: map("which scenarios; `{}`: of data alone, whose members stay and are not watched", {
        detachments: flag(
          "true: scenarios in which members are cut off, detached and come back, called detachments in results (default false)",
        ).optional(),
        operations: flag(
          "true: scenarios in which people ask for operations, called operations in results (default false)",
        ).optional(),
        aliveness: flag(
          "true: scenarios in which cloudlets are watched, and in half of which people ask for operations, called aliveness in results; with operations: either of the two, called control (default false)",
        ).optional(),
      }),
    }),
  ],
);

const faults = z
  .union(
    [
      z.enum(["own", "swarm"]),
      map("a list of faults with a name", {
        name: text("what it is called in results"),
        list: list("faults that take the place of the workload's own", fault).meta({ title: "list of faults" }),
      }),
    ],
    {
      error: ({ input }) =>
        `expected own, swarm, or a map with name and list, found ${describeFound(input)}; swarm draws faults for each run`,
    },
  )
  .meta({
    description:
      "own: those of the workload; swarm: these and others drawn for each run from the whole table; or a list with a name",
  });

const seedError = {
  error: ({ input }: { readonly input?: unknown }) => `expected a seed, found ${describeFound(input)}`,
};
const seed = z.union([z.string(seedError).refine(isSeed, seedError), z.int(seedError).min(0, seedError)], seedError);

const choose = z
  .union(
    [
      z.enum(["grid"]),
      variants(
        "how cases are chosen",
        ["random", "latin"],
        [
          map("so many points, each axis drawn evenly", { random: count("how many", 1, CASES_MAX) }),
          map("so many points, each axis cut into as many parts and none of these taken twice", {
            latin: count("how many", 1, CASES_MAX),
          }),
        ],
      ),
    ],
    { error: ({ input }) => `expected grid, { random: 1000 } or { latin: 1000 }, found ${describeFound(input)}` },
  )
  .meta({
    description:
      "grid (default): every combination; { random: n }: n points drawn evenly; { latin: n }: n points of a Latin hypercube",
  });

const bounds = z
  .record(
    z.string(),
    z.partialRecord(
      z.enum(statistics),
      z.string({
        error: ({ input }) => `expected a bound such as "<= 2s", found ${describeFound(input)}; put it in quotes`,
      }),
      {
        error: ({ input }) =>
          `expected a map from ${statistics.join(", ")} to a bound such as "<= 2s", found ${describeFound(input)}`,
      },
    ),
    { error: ({ input }) => `expected a map from metric to bounds, found ${describeFound(input)}` },
  )
  .meta({
    description: `metric: { p95: "<= 2s" }, over all runs in which it was measured; ${statistics.join(", ")}; see \`causeway list metrics\``,
  });

const expectations = map("what is expected of all runs together; each is judged by its own scenario besides", {
  sometimes: z
    .union([z.enum(["every"]), z.array(z.enum(markNames))], {
      error: ({ input }) =>
        `expected every, or a list of marks (see \`causeway list marks\`), found ${describeFound(input)}`,
    })
    .optional()
    .meta({
      description:
        "marks that some run has to reach; every: all that drawn runs do not reach rarely or never, those of members that are detached, of operations and of aliveness only where scenarios are drawn with them",
    }),
  everyFault: flag("whether every kind of fault has to be drawn somewhere (default false)").optional(),
  topologies: map(
    "how many topologies that differ in shape or parameters there have to be; only runs count that did enough",
    {
      count: count("how many", 1, CASES_MAX),
      requests: count("runs with fewer requests than this do not count (default 1)", 1, 1_000_000_000).optional(),
      marks: z
        .array(z.enum(markNames), {
          error: ({ input }) => `expected a list of marks (see \`causeway list marks\`), found ${describeFound(input)}`,
        })
        .optional()
        .meta({ description: "runs that have not reached each of these marks do not count" }),
    },
  ).optional(),
  bounds: bounds.optional(),
});

/** The whole form. */
export const sweepForm = map("a sweep", {
  sweep: z
    .literal(SWEEP_VERSION, {
      error: ({ input }) =>
        input === undefined
          ? `missing: expected "sweep: ${SWEEP_VERSION}" as the first line; is this a sweep? A scenario is run with \`causeway run\``
          : `expected ${SWEEP_VERSION}, the version of the form that this causeway reads, found ${describeFound(input)}`,
    })
    .meta({ description: "the version of this form; always 1" }),
  name: text("the sweep's name; results go into a folder of this name"),
  seed: seed.optional().meta({ description: "what cases are chosen and drawn from (default 1)" }),
  topologies: list("topologies (default: the one of each workload)", topology).optional(),
  workloads: list("workloads", workload).min(1, { error: "expected at least one workload, found none" }),
  faults: list("faults (default: those of each workload)", faults).optional(),
  parameters: z
    .record(z.string(), choice("values"), {
      error: ({ input }) => `expected a map from path to values, found ${describeFound(input)}`,
    })
    .optional()
    .meta({ description: `other values of the workload by their paths, as --set has them: ${choiceSays}` }),
  seeds: z
    .union([count("runs of each point", 1, 1_000_000), z.array(seed).min(1)], {
      error: ({ input }) => `expected how many runs of each point, or a list of seeds, found ${describeFound(input)}`,
    })
    .optional()
    .meta({
      description:
        "how many runs of each point, each with a seed of its own (default 1); or a list of seeds that every point is run with, so that points differ in nothing else",
    }),
  choose: choose.optional(),
  expectations: expectations.optional(),
});

/** A sweep as its file has it. */
export type SweepForm = z.infer<typeof sweepForm>;
/** Values of an axis as the file has them. */
export type ChoiceForm = z.infer<ReturnType<typeof choice>>;
