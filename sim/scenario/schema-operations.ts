/**
 * The form of operations: who asks for what, and what carries it out.
 *
 * Leaves out what fits together (resolve-operations.ts).
 */
import { count, flag, list, map, quantity, spread, text, word } from "./pieces.ts";
import { sites } from "./schema-sites.ts";

const planeNames = ["control", "management"] as const;

const issuer = map("people who ask for operations, one at each of some cloudlets", {
  name: text("what they are called; the objects that they work on are named after them"),
  at: sites.meta({ description: "where they ask: all, roots, leaves, a cloudlet, or a list" }),
  targets: sites
    .optional()
    .meta({ description: "for whom: all, roots, leaves, a cloudlet, or a list (default: everybody below)" }),
  kinds: list("what they ask for, such as vm.create; one of these, evenly", text("a kind of operation")).min(1, {
    error: "expected at least one kind of operation, found none",
  }),
  every: spread("how long from one operation to the next"),
  objects: count("how many objects they work on at each target (default 1)", 1, 1_000_000).optional(),
  by: word("as whom they ask (default operator)", ["owner", "operator", "tenant"]).optional(),
  priority: count("higher ones are carried out first (default 0)", 0, 9).optional(),
  priorities: list("in place of priority: one of these, evenly", count("a priority", 0, 9)).optional(),
  payload: quantity("size", "how much the plane is to be told with each (default 0B)").optional(),
  after: map(
    "operations that come after another one: each begins only once that is done, and ends as it ends otherwise",
    {
      issuer: text("whose latest operation at the same cloudlet for the same target; may be its own name"),
      share: quantity("share", "how many of its operations do (default 100%)").optional(),
    },
  ).optional(),
  needs: count(
    "the version of the operation schema that they need: each cloud.majorUpgrade that a target has done raises its own by one (default 1)",
    1,
    1000,
  ).optional(),
  intrudes: flag(
    "asks for what is not his to ask, and is to be refused: kinds and targets are not checked (default false)",
  ).optional(),
  takesBack: map("operations that are taken back", {
    share: quantity("share", "how many of them (default 100%)").optional(),
    after: quantity("duration", "how long after they were accepted"),
  }).optional(),
  expiry: quantity("duration", "how long an operation may wait (default: for as long as it takes)").optional(),
  count: count("operations at most, by each of them (default: as many as the duration allows)", 1, 1e9).optional(),
});

/** The section `operations`. */
export const operations = map("operations that are asked for, queued and carried out (docs/control.md)", {
  custody: word("where they lie on their way: at every layer (default), or at one that hands them on", [
    "shared",
    "distributed",
  ]).optional(),
  caps: map("what each queue holds at most", {
    records: count("operations (default 10000)", 1, 1e9).optional(),
    bytes: quantity("size", "bytes of their texts (default 16MB)").optional(),
  }).optional(),
  policy: word("what happens at the cap: nobody else is accepted (default), or somebody is given up", [
    "refuse",
    "expire-oldest",
    "expire-lowest",
  ]).optional(),
  oneWay: sites
    .meta({ description: "cloudlets from which nothing comes up: what is asked for over such an edge needs an expiry" })
    .optional(),
  takes: spread("how long a plane works on an operation (default 100ms)").optional(),
  issuers: list("who asks; may be left out where there is aliveness", issuer)
    .min(1, { error: "expected at least one who asks, found none" })
    .optional(),
  kept: list(
    "where the state of objects is kept: what is read there tells of operations that are pending (default: nowhere)",
    map("objects of a kind", {
      objects: text("the kind, such as vm"),
      at: text("the key of each one's state, such as vms/{cloudlet}/{object}"),
    }),
  ).optional(),
  planes: list(
    "planes that are not there, or fail; all others are there and work",
    map("a plane of some cloudlets", {
      at: sites,
      plane: word("which one", planeNames),
      state: word("none: it is not there; healthy (default): it is, and fails at times if it says so", [
        "none",
        "healthy",
      ]).optional(),
      members: count(
        "members of the store that it lives on: it works while most of them are up (default 1)",
        1,
        99,
      ).optional(),
      memory: word(
        "where it keeps what it has done; disk: on that of its cloudlet, and it forgets with it (default: apart)",
        ["apart", "disk"],
      ).optional(),
      failure: quantity("share", "how many of its operations it reports as failed (default 0%)").optional(),
      fails: list(
        "when it does nothing",
        map("a time", {
          from: quantity("duration", "when it fails"),
          until: quantity("duration", "when it works again (default: when the load ends)").optional(),
          members: list("which members of its store go down, from 1 (default: all)", count("a member", 1, 99))
            .min(1, { error: "expected at least one member, found none" })
            .optional(),
        }),
      ).optional(),
    }),
  ).optional(),
});
