/**
 * The form of a scenario file: which keys there are, what each means, what it may hold.
 *
 * Messages, docs/scenario.md and the JSON Schema for editors all come from here. It checks each value alone; what must
 * fit together (names, times, routes) is checked in resolve.ts, which also fills in defaults.
 */
import { wireVersion } from "../../model/replication/wire.ts";
import * as z from "zod";
import { protocolTable } from "../../model/protocols/protocols.ts";
import { type FamilyName, familyNames } from "../../workloads/topologies/index.ts";
import { type BuiltInResolver, builtInResolvers } from "../../model/topology/resolvers.ts";
import { markTable, oracleTable } from "../oracles/names.ts";
import {
  count,
  flag,
  list,
  listOf,
  map,
  type NameTable,
  nameOr,
  quantity,
  quantityOrNone,
  spread,
  text,
  value,
  variants,
  word,
} from "./pieces.ts";
import { describeFound } from "./quantity.ts";
import { detachment } from "./schema-detachments.ts";
import { explore } from "./schema-explore.ts";
import { linkContacts } from "./schema-contacts.ts";
import { familyParameters } from "./schema-family.ts";
import { fault } from "./schema-faults.ts";
import { aliveness } from "./schema-aliveness.ts";
import { measured } from "./schema-measured.ts";
import { operations } from "./schema-operations.ts";
import { quirks } from "./schema-quirks.ts";
import { site, sites } from "./schema-sites.ts";
import { travel, traveller } from "./schema-travel.ts";

type Names<Table extends readonly { readonly name: string }[]> = [Table[number]["name"], ...Table[number]["name"][]];

function namesOf<const Table extends readonly { readonly name: string }[]>(table: Table): Names<Table> {
  return table.map(({ name }) => name) as Names<Table>;
}

const families = familyNames as readonly [FamilyName, ...FamilyName[]];

/** The version of this form. */
export const FORM_VERSION = 1;

/** A control forest as nested maps; the depth is limited by the reader of the file. */
export interface TreeForm {
  readonly [cloudlet: string]: TreeForm | null;
}

const treeNode: z.ZodType<TreeForm | null> = z.lazy(() => tree.nullable());
const tree: z.ZodType<TreeForm> = z
  .record(z.string(), treeNode, {
    error: ({ input }) =>
      `expected a map of the cloudlets below, found ${describeFound(input)}; write "name:" for one with nothing below`,
  })
  .meta({ id: "tree", description: "cloudlets by name, each with the ones it controls below it" });

const topology = variants(
  "a forest",
  ["tree", "cloudlets", "family"],
  [
    map("a forest written as nested names", { tree: tree.meta({ description: "the control forest, nested" }) }),
    map("a forest written as a list", {
      cloudlets: list(
        "cloudlets, each with its adjacent upper",
        map("a cloudlet", {
          name: site,
          upper: site.optional().meta({ description: "its adjacent upper; a root has none" }),
        }),
      ),
    }),
    map("a forest drawn from the seed", {
      family: map("how to draw it", {
        cloudlets: count("how many cloudlets", 1, 10_000),
        shape: word(
          "its shape, see `causeway list families` (default: one of the plain ones, drawn)",
          families,
        ).optional(),
        ...familyParameters,
      }).meta({
        description:
          "a random tree of cloudlets c0 (the root), c1, c2 and so on; a family that knows places has names and delays of its own",
      }),
    }),
  ],
);

const scope = map("a named part of the key space", {
  name: text("the scope's name; with {cloudlet} in it, one scope per cloudlet"),
  prefix: text("all keys that begin with this are in the scope; the longest prefix wins; may hold {cloudlet}"),
  resolver: nameOr(
    "how siblings become one answer, see `causeway list resolvers` (default lww-hlc); or a function of your own",
    {
      thing: "resolvers",
      noun: "a resolver",
      words: builtInResolvers as readonly [BuiltInResolver, ...BuiltInResolver[]],
    },
    map("a function of your own, loaded only with --allow-code", {
      module: text("a JavaScript module, by its path from this file"),
      export: text("the name of the function in it"),
    }),
  ).optional(),
  durability: word("when a write is answered: once on disk (default), or at once", ["disk", "memory"]).optional(),
  collect: quantity(
    "duration",
    "how long deletes wait at a cloudlet until it reports on them, so that they go for good once all have them (default: they stay)",
  ).optional(),
  at: sites.optional().meta({ description: "for which cloudlets a {cloudlet} scope is made (default all)" }),
});

const direction = word("which way records travel", ["up", "down", "both"]);
const flowRest = {
  scope: text("the scope it carries; a {cloudlet} scope stands for all of its kind"),
  direction,
  reroute: flag("whether another path may be taken while its own is down (default false)").optional(),
};
const flow = variants(
  "a flow",
  ["between", "among", "upper"],
  [
    map("flows along control edges", {
      between: word(
        "tree: every control edge; shortcuts: the pairs that a family joins past the layers between; ancestors: from a {cloudlet} scope's cloudlet edge by edge to its root; upper: from there to its upper alone",
        ["tree", "shortcuts", "ancestors", "upper"],
      ),
      ...flowRest,
    }),
    map("flows that join each named cloudlet with its nearest named ancestor", {
      among: list("names of cloudlets", site),
      ...flowRest,
    }),
    map("one flow", {
      upper: site.meta({ description: "the ancestor" }),
      lower: site.meta({ description: "the descendant; {cloudlet} in a {cloudlet} scope" }),
      name: text("its name (default scope:upper-lower)").optional(),
      via: list("the sites between the ends that it is routed over, from upper to lower", site).optional(),
      ...flowRest,
    }),
  ],
);

const linkProperties = {
  delay: quantity("duration", "latency of an empty message").optional(),
  jitter: quantity("duration", "added to the delay, drawn evenly from zero to this").optional(),
  bandwidth: quantityOrNone("bandwidth", "bits per second, or none for no limit (default: none)").optional(),
  queue: quantityOrNone(
    "size",
    "bytes that may wait for the busy link, more are dropped; or none for no limit (default: none)",
  ).optional(),
  loss: quantity("share", "messages that never arrive").optional(),
  duplication: quantity("share", "messages that arrive twice").optional(),
  reordering: quantity("share", "messages held back so that later ones may overtake them").optional(),
  reorderDelay: quantity("duration", "how long those are held back").optional(),
  corruption: quantity("share", "messages that arrive with flipped bits; what is damaged is refused").optional(),
};

const links = map("the physical network", {
  along: word("tree: one link per control edge (default); none: only those in the list", ["tree", "none"]).optional(),
  defaults: map("properties of every link that does not say otherwise", linkProperties).optional(),
  list: list(
    "more links, or other properties for those of the tree",
    map("a link", {
      between: z
        .tuple([site, site], {
          error: ({ input }) => `expected the two ends as [name, name], found ${describeFound(input)}`,
        })
        .meta({ description: "its two ends" }),
      ...linkProperties,
      back: map("what differs from the second end to the first", linkProperties).optional(),
      ...linkContacts,
    }),
  ).optional(),
});

const keyChoice = {
  weight: count("its share of all requests of the mix (default 1)", 1, 1_000_000).optional(),
  keys: count("how many keys; a number from 0 is put behind the prefix (default 1)", 1, 10_000_000).optional(),
  popularity: text("uniform (default), or zipf(0.99): how unevenly keys are chosen").optional(),
};
const prefix = text("the prefix of its keys; {cloudlet} stands for the client's cloudlet");
/** A larger value would not fit into one message together with what a link holds in flight. */
const VALUE_SIZE_MAX = "16MiB";
const ttl = quantity("duration", "how long the values are to last; then their cloudlet deletes them").optional();
const action = variants(
  "a request",
  ["put", "delete", "resolve", "add", "insert", "remove", "append", "get", "scan"],
  [
    map("writes", {
      put: prefix,
      size: quantity("size", `size of the values, at most ${VALUE_SIZE_MAX} (default 128B)`, VALUE_SIZE_MAX).optional(),
      ...keyChoice,
      ttl,
    }),
    map("deletes", { delete: prefix, ...keyChoice }),
    map("resolves open siblings; refused where there are none", {
      resolve: prefix,
      size: quantity("size", `size of the values, at most ${VALUE_SIZE_MAX} (default 128B)`, VALUE_SIZE_MAX).optional(),
      ...keyChoice,
    }),
    map("adds to counters: 1 to 10, every fourth time below zero", { add: prefix, ...keyChoice }),
    map("inserts into sets one of the elements e0 to e7", { insert: prefix, ...keyChoice }),
    map("removes one of these elements from sets", { remove: prefix, ...keyChoice }),
    map("appends to logs", { append: prefix, ...keyChoice }),
    map("reads", { get: prefix, ...keyChoice }),
    map("scans", {
      scan: prefix,
      weight: keyChoice.weight,
      limit: count("the most keys in one answer (default 100)", 1, 100_000).optional(),
    }),
  ],
);

const clients = map("clients of one kind", {
  name: text("the group's name"),
  at: sites.optional().meta({
    description:
      "where they are, or with moves where they begin: all, roots, leaves, a cloudlet, or a list; left out with contacts",
  }),
  travel: travel.optional().meta({ description: "how they move; left out where they stay" }),
  sessions: count("clients at each of these cloudlets (default 1)", 1, 100_000).optional(),
  think: spread("closed loop: how long a client waits after an answer before it asks again").optional(),
  every: spread("open loop: how long from one request to the next, whatever the answers").optional(),
  requests: count(
    "closed loop: about how many requests the whole group makes, however many cloudlets there are; how long a client waits follows from it",
    1,
    100_000_000,
  ).optional(),
  operations: count(
    "requests per client at most (default: as many as the duration allows)",
    1,
    1_000_000_000,
  ).optional(),
  starts: quantity("duration", "when they begin (default 0s)").optional(),
  mix: list("what they ask for", action).min(1, { error: "expected at least one request in the mix, found none" }),
});

const key = text("a key", "a key");
const stepRest = {
  at: quantity("duration", "when, since the run began"),
  cloudlet: site.optional().meta({ description: "the name of a cloudlet; left out for a session that travels" }),
  session: text("the client; one session belongs to one cloudlet, unless it travels"),
};
const replaceAll = flag("where siblings are kept: replace every live version, seen or not").optional();
const filled = quantity(
  "size",
  `how large it is at least, at most ${VALUE_SIZE_MAX}: it is filled up with dots`,
  VALUE_SIZE_MAX,
).optional();
const step = variants(
  "a step",
  ["put", "delete", "resolve", "add", "insert", "remove", "append", "get", "scan"],
  [
    map("a write", { put: key, value: value(), size: filled, ...stepRest, replaceAll, ttl }),
    map("a delete", { delete: key, ...stepRest, replaceAll }),
    map("a resolution by hand of all siblings that stand there", { resolve: key, value: value(), ...stepRest }),
    map("an addition to a counter", {
      add: key,
      amount: count("how much, may be negative", -Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER),
      ...stepRest,
    }),
    map("an insertion into a set", { insert: key, element: value(), ...stepRest }),
    map("a removal from a set", { remove: key, element: value(), ...stepRest }),
    map("an appending to a log", { append: key, entry: value(), size: filled, ...stepRest }),
    map("a read", { get: key, ...stepRest }),
    map("a scan", {
      scan: text("a prefix of keys"),
      ...stepRest,
      limit: count("the most keys", 1, 100_000).optional(),
    }),
  ],
);

const clock = map("clocks against true time", {
  at: sites,
  offset: quantity("offset", "how far ahead of true time at the start, may be negative (default 0s)").optional(),
  drift: quantity("drift", "how much too fast, may be negative (default 0ppm)").optional(),
});

const cpuTime = (what: string) => quantity("duration", `how long it works on ${what} (default 0s)`).optional();
const cpu = map("processors, each with one queue", {
  at: sites,
  request: cpuTime("a request"),
  receive: cpuTime("a message"),
  stored: cpuTime("a confirmation of the disk"),
  fired: cpuTime("a timer"),
  perKiB: cpuTime("each 1024 bytes of a request's key and value or of a message, on top"),
});

const disk = map("disks", { at: sites, sync: spread("how long until written data is durable") });

const wireVersionOf = (what: string) => count(what, 1, wireVersion).optional();
const wire = map("the byte form of messages and records", {
  encode: flag(
    "whether every message goes through its bytes (default: where versions differ or links corrupt)",
  ).optional(),
  versions: list(
    "which versions cloudlets know; later entries win (default: version 1 everywhere)",
    map("what some cloudlets know", {
      at: sites,
      version: count("the highest version that they speak", 1, wireVersion),
      least: wireVersionOf("the lowest version that they speak, greetings apart (default 1)"),
      writes: wireVersionOf("the version that they write their records in (default: the highest)"),
    }),
  ).optional(),
});

const plan = map("a change of the control forest; flows written as patterns follow it", {
  at: quantity("duration", "when it is decided"),
  told: spread("how long after that each cloudlet is told (default 0s)").optional(),
  reparent: z
    .record(z.string(), site, {
      error: ({ input }) => `expected a map from cloudlet to new upper, found ${describeFound(input)}`,
    })
    .meta({ description: "cloudlets with their new uppers; what is below them comes along" })
    .optional(),
  detach: list("cloudlets that have no upper from then on; what is below them comes along", site).optional(),
  flows: list(
    "the flows from then on (default: those of the scenario, whose patterns follow the forest)",
    flow,
  ).optional(),
});

const properties = { thing: "properties", noun: "a property", words: namesOf(oracleTable) } satisfies NameTable<
  Names<typeof oracleTable>
>;
const marks = { thing: "marks", noun: "a mark", words: namesOf(markTable) } satisfies NameTable<
  Names<typeof markTable>
>;
const otherMarks = { ...marks, keys: "sometimes" };
const otherProperties = { ...properties, keys: "always, eventually or violated" };
const expectations = map("what the verdict judges", {
  always: listOf(
    "properties that hold at every moment (default: all safety properties but rtc and rtc-arb)",
    properties,
    otherMarks,
  ).optional(),
  eventually: listOf("properties that hold at the end (default: convergence)", properties, otherMarks).optional(),
  sometimes: listOf("marks that the run reaches, or it proves nothing", marks, otherProperties).optional(),
  violated: listOf("properties that must be seen violated: how negative cases pass", properties, otherMarks).optional(),
  bounds: z
    .record(
      z.string(),
      z.string({
        error: ({ input }) => `expected a bound such as "<= 2s", found ${describeFound(input)}; put it in quotes`,
      }),
      { error: ({ input }) => `expected a map from metric to bound, found ${describeFound(input)}` },
    )
    .optional()
    .meta({ description: 'metric: "<= 2s"; comparisons are <=, >=, <, >, ==; see `causeway list metrics`' }),
});

/** The section `draw`, checked before everything else: what it draws may stand anywhere. */
export const drawForm = z
  .record(
    z.string(),
    variants(
      "a draw",
      ["oneOf", "from"],
      [
        map("an even choice from a list", { oneOf: list("what to choose from", z.unknown()) }),
        map("an even choice from a range, both ends included", {
          from: z.union([z.string(), z.number()]).meta({ description: "the least: a whole number, or a quantity" }),
          to: z.union([z.string(), z.number()]).meta({ description: "the most, of the same kind" }),
        }),
      ],
    ),
    { error: ({ input }) => `expected a map from path to choices, found ${describeFound(input)}` },
  )
  .meta({ description: "values drawn from the seed, by the path they are put at, as in --set" });

const SEED_LENGTH_MAX = 200;

/**
 * May this text be a seed? It stands in the first line of every report and in commands to copy, where a control character
 * would do something else than be seen.
 */
export function isSeed(seed: string): boolean {
  return seed.length > 0 && seed.length <= SEED_LENGTH_MAX && !/[\p{Cc}\p{Cs}\u2028\u2029]/u.test(seed);
}

const seedError = {
  error: ({ input }: { readonly input?: unknown }) =>
    `expected a seed, a text of 1 to ${SEED_LENGTH_MAX} characters without control characters or a whole number from 0 to ${Number.MAX_SAFE_INTEGER}, found ${describeFound(input)}`,
};

/** The whole form. */
export const scenarioForm = map("a scenario", {
  causeway: z
    .literal(FORM_VERSION, {
      error: ({ input }) =>
        input === undefined
          ? `missing: expected "causeway: ${FORM_VERSION}" as the first line; is this a scenario?`
          : `expected ${FORM_VERSION}, the version of the form that this causeway reads, found ${describeFound(input)}`,
    })
    .meta({ description: "the version of this form; always 1" }),
  name: text("the scenario's name"),
  shows: list("ids of the catalogue of requirements that it shows", text("an id such as D12")).optional(),
  seed: z
    .union(
      [
        z.string(seedError).min(1, seedError).max(SEED_LENGTH_MAX, seedError).refine(isSeed, seedError),
        z.int(seedError).min(0, seedError).max(Number.MAX_SAFE_INTEGER, seedError),
      ],
      seedError,
    )
    .optional()
    .meta({ description: "what all chance comes from; may be left out only where --seed is given" }),
  draw: drawForm.optional(),
  protocol: word(
    "what runs at every cloudlet (default causeway, the core); see `causeway list protocols`",
    namesOf(protocolTable),
  ).optional(),
  causality: word("whose operations a cloudlet orders: those of each session, or all of its own (default session)", [
    "session",
    "cloudlet",
  ]).optional(),
  topology,
  scopes: list("scopes", scope).optional(),
  flows: list("replication flows", flow).optional(),
  links: links.optional(),
  clients: list("groups of clients that make requests at random", clients).optional(),
  script: list("requests at stated moments", step).optional(),
  travellers: list("sessions of the script that move", traveller).optional(),
  clocks: list("clocks that are not perfect; later entries win", clock).optional(),
  disks: list("disks; later entries win (default: 200us everywhere)", disk).optional(),
  cpus: list("processors; later entries win (default: everything is handled at once)", cpu).optional(),
  wire: wire.optional(),
  logs: map("how much is kept of what was applied and stored", {
    retain: count(
      "records that a replica's log retains; who needs older ones gets a snapshot (default 65536)",
      0,
      1e9,
    ).optional(),
    checkpoint: count(
      "entries after which a disk is given a snapshot in their place (default: never)",
      1,
      1e9,
    ).optional(),
  }).optional(),
  plans: list("changes of the topology while it runs, in order of time", plan).optional(),
  detachments: list("what is decided about members that are away", detachment).optional(),
  operations: operations.optional(),
  aliveness: aliveness.optional(),
  measured: measured.optional(),
  faults: list("what breaks, and when", fault).optional(),
  quirks: quirks.optional(),
  core: sites.optional().meta({
    description:
      "who is healed when the load ends, and has to converge; what is broken elsewhere stays so (default: everybody)",
  }),
  clockBound: quantity(
    "duration",
    "how far a received stamp may lead a clock that still follows it (default 1min)",
  ).optional(),
  duration: quantity("duration", "how long load and faults last; then everything that can heal is healed"),
  settle: quantity("duration", "budget for convergence after healing (default 30s)").optional(),
  expectations: expectations.optional(),
  explore: explore.optional(),
});

/** A scenario as written, checked value by value. */
export type ScenarioForm = z.infer<typeof scenarioForm>;

/** The section `draw` as written. */
export type DrawForm = z.infer<typeof drawForm>;
