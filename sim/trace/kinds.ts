// What a trace can say: the kinds of its events and the meaning of their columns, as one table. Writers take numbers from
// it, renderers take names, docs/simulator.md takes its legend. Leaves out how rows are kept (trace.ts).
//
// The table's order is part of every digest: a new kind goes to the end.

import { marks } from "../../model/control/aliveness.ts";
import { type ViewClass, viewClasses } from "../../model/control/view.ts";
import { quirkNames } from "../quirks/table.ts";

/** How a column's number is to be read. */
export type TraceUnit =
  /** A plain whole number: an identifier, a count, a position. */
  | { readonly kind: "number" }
  /** Microseconds of true time since the run began. */
  | { readonly kind: "instant" }
  /** Microseconds, may be negative. */
  | { readonly kind: "duration" }
  | { readonly kind: "bytes" }
  /** Index of a cloudlet, -1 for none. */
  | { readonly kind: "cloudlet" }
  /** Index into these words. */
  | { readonly kind: "code"; readonly words: readonly string[] };

/** One of a kind's own columns. */
export interface TraceColumn {
  readonly name: string;
  readonly unit: TraceUnit;
  readonly meaning: string;
}

/** One kind of event. */
export interface TraceKindSpec {
  readonly name: string;
  /** One sentence, in the past tense: the row is written when it has happened. */
  readonly meaning: string;
  /** What the column `peer` means, null when it is unused (-1). */
  readonly peer: string | null;
  /** Meanings of the columns after the fixed ones, at most `TRACE_COLUMN_COUNT_MAX`; unused ones are 0. */
  readonly columns: readonly TraceColumn[];
}

/** How many columns an event has for itself. */
export const TRACE_COLUMN_COUNT_MAX = 5;
/** What the columns `cloudlet` and `peer` hold when there is none. */
export const TRACE_NOBODY = -1;

/** Words of the column `request`, by code. */
export const TRACE_REQUESTS = [
  "put",
  "delete",
  "get",
  "scan",
  "resolve",
  "add",
  "insert",
  "remove",
  "append",
  "detach",
  "attach",
] as const;
/** Words of the column `result`, by code. */
export const TRACE_RESULTS = ["written", "read", "refused", "detached", "attached"] as const;
/** Words of the column `message kind`, by code. */
export const TRACE_MESSAGES = ["hello", "records", "ack", "snapshot", "parts"] as const;
/** Words of the column `reason` of a message that did not arrive, by code. */
export const TRACE_DROPS = ["lost", "queueFull", "linkDown", "hostDown", "corrupted"] as const;
/** Words of the column `failure`, by code. */
export const TRACE_DISKS = ["torn", "lied", "replaced", "restored", "cloned", "rotten"] as const;
/** Words of the column `input`, by code. */
export const TRACE_INPUTS = [
  "started",
  "request",
  "receive",
  "linkUp",
  "linkDown",
  "stored",
  "fired",
  "administer",
  "receiveBytes",
  "issue",
  "revoke",
  "executed",
  "answered",
  "planes",
  "confirm",
  "observe",
] as const;
/** Words of the column `noted`, by code. */
export const TRACE_NOTES = [
  "farFuture",
  "dotCollision",
  "sealedRecord",
  "foreignRecord",
  "fenced",
  "collected",
  "released",
] as const;
/** Words of the column `why` of a message that was not let in, by code. */
export const TRACE_REFUSALS = [
  "corrupted",
  "malformed",
  "unknownVersion",
  "notNeighbour",
  "unknownName",
  "noCommonVersion",
] as const;
/** Words of the column `outcome` of what a core was told by those who run it, by code. */
export const TRACE_PLANS = ["planRefused", "planAdopted", "streamsOpened", "detachRefused"] as const;
/** Words of the columns that hold marks, and of what people say, by code. */
export const TRACE_MARKS = [...marks, "clear"] as const;
/** Words of the column `class` of an observation, by code. */
export const TRACE_CLASSES: readonly ViewClass[] = viewClasses.map(({ name }) => name);
/** Words for no and yes, by code. */
export const TRACE_ANSWERS = ["no", "yes"] as const;

const number = (name: string, meaning: string): TraceColumn => ({ name, unit: { kind: "number" }, meaning });
const instant = (name: string, meaning: string): TraceColumn => ({ name, unit: { kind: "instant" }, meaning });
const duration = (name: string, meaning: string): TraceColumn => ({ name, unit: { kind: "duration" }, meaning });
const size = (name: string, meaning: string): TraceColumn => ({ name, unit: { kind: "bytes" }, meaning });
const cloudlet = (name: string, meaning: string): TraceColumn => ({ name, unit: { kind: "cloudlet" }, meaning });
const code = (name: string, words: readonly string[], meaning: string): TraceColumn => ({
  name,
  unit: { kind: "code", words },
  meaning,
});

const message = number("message", "number of the message, counted over the run as they are sent");
const messageKind = code("kind", TRACE_MESSAGES, "what the message is");
const session = number("session", "the client session");
const op = number("op", "the request's number");
const position = number("upTo", "position in this cloudlet's log, counted from 1");
const dot = [
  cloudlet("origin", "dot of the record: where it was written"),
  number("incarnation", "dot: which start of that process"),
  number("stream", "dot: the stream"),
  number("sequence", "dot: place in the stream, dense from 1"),
] as const;

const table = [
  {
    name: "started",
    meaning: "A process began.",
    peer: null,
    columns: [
      number("incarnation", "unique number of this start at this cloudlet"),
      number("recovered", "records its disk returned"),
      code("diskLost", TRACE_ANSWERS, "whether the disk had been replaced by an empty one"),
    ],
  },
  {
    name: "crashed",
    meaning: "A process died.",
    peer: null,
    columns: [number("unsynced", "records lost because no sync had covered them")],
  },
  {
    name: "requested",
    meaning: "A client asked its cloudlet.",
    peer: null,
    columns: [session, op, code("request", TRACE_REQUESTS, "what it asked for")],
  },
  {
    name: "replied",
    meaning: "A cloudlet answered a client.",
    peer: null,
    columns: [session, op, code("result", TRACE_RESULTS, "what came of the request")],
  },
  {
    name: "wrote",
    meaning: "A request became a record.",
    peer: null,
    columns: [op, ...dot],
  },
  {
    name: "storing",
    meaning: "A core handed records to its disk.",
    peer: null,
    columns: [position, number("records", "how many")],
  },
  {
    name: "synced",
    meaning: "A disk confirmed that everything up to a position is durable.",
    peer: null,
    columns: [position],
  },
  {
    name: "applied",
    meaning: "A record became visible.",
    peer: "who brought it; nobody for a local write",
    columns: [...dot],
  },
  {
    name: "noted",
    meaning: "A core reported something out of the ordinary.",
    peer: null,
    columns: [code("noted", TRACE_NOTES, "what"), ...dot],
  },
  {
    name: "sent",
    meaning: "A core sent a message.",
    peer: "to whom",
    columns: [message, messageKind, size("size", "encoded size")],
  },
  {
    name: "forwarded",
    meaning: "A message went on from a site on its way.",
    peer: "its destination",
    columns: [message, number("hop", "links it has crossed")],
  },
  {
    name: "received",
    meaning: "A message arrived and was handed to the core.",
    peer: "from whom",
    columns: [message, messageKind, size("size", "encoded size"), instant("sentAt", "when it was sent")],
  },
  {
    name: "dropped",
    meaning: "A message, or one copy of it, did not arrive.",
    peer: "its destination",
    columns: [message, messageKind, code("reason", TRACE_DROPS, "why")],
  },
  {
    name: "wayChanged",
    meaning: "The way to a replication neighbour opened or closed, as this cloudlet perceives it.",
    peer: "the neighbour",
    columns: [code("up", TRACE_ANSWERS, "whether it is open now")],
  },
  {
    name: "linkChanged",
    meaning: "One direction of a physical link opened or closed.",
    peer: "the far end",
    columns: [number("link", "index of the link"), code("up", TRACE_ANSWERS, "whether it is open now")],
  },
  {
    name: "fired",
    meaning: "A timer of the core fired.",
    peer: null,
    columns: [number("timer", "the core's number for it")],
  },
  {
    name: "clockStepped",
    meaning: "A wall clock jumped.",
    peer: null,
    columns: [duration("by", "how far ahead; negative: back")],
  },
  {
    name: "faultBegan",
    meaning: "A fault of the scenario set in.",
    peer: null,
    columns: [number("fault", "its index in the list of faults")],
  },
  {
    name: "faultEnded",
    meaning: "A fault of the scenario was repaired.",
    peer: null,
    columns: [number("fault", "its index in the list of faults")],
  },
  {
    name: "healed",
    meaning: "The load ended and everything that can heal was healed.",
    peer: null,
    columns: [instant("due", "when convergence is due")],
  },
  {
    name: "finished",
    meaning: "The run ended.",
    peer: null,
    columns: [],
  },
  {
    name: "stamped",
    meaning: "A record got its stamp.",
    peer: null,
    columns: [
      op,
      number("wall", "microseconds of the hybrid clock since 1970"),
      number("logical", "count within that microsecond"),
      number("lamport", "the Lamport counter"),
    ],
  },
  {
    name: "returned",
    meaning: "A version, or a tombstone, was part of the answer to a read.",
    peer: null,
    columns: [op, ...dot],
  },
  {
    name: "planned",
    meaning: "A core was told to go over to another plan of its family, or has all that it lacked since.",
    peer: null,
    columns: [
      number("plan", "index of the plan, 0 when streams opened"),
      code("outcome", TRACE_PLANS, "what came of it"),
      number("missing", "records that have to come before newly received streams are open"),
    ],
  },
  {
    name: "served",
    meaning: "A processor was done with an input, which the core then handled. Only where processors take time.",
    peer: null,
    columns: [
      code("input", TRACE_INPUTS, "what it was"),
      duration("waited", "how long it had waited before its service began"),
      duration("service", "how long it was served"),
    ],
  },
  {
    name: "refused",
    meaning: "A core did not let a message in, or can speak with a neighbour in no version.",
    peer: "who sent it",
    columns: [code("why", TRACE_REFUSALS, "why")],
  },
  {
    name: "diskFailed",
    meaning: "A disk lost what it should not, kept what it need not, or was replaced by another.",
    peer: "whose disk was copied, if one was",
    columns: [
      code("failure", TRACE_DISKS, "what happened"),
      number("lost", "durable or confirmed records that are gone"),
      number("survived", "unconfirmed records that are there"),
      code("torn", TRACE_ANSWERS, "whether the next one was half written"),
      instant("of", "when the restored backup was taken"),
    ],
  },
  {
    name: "installed",
    meaning: "Cuts became visible, all at once, in place of records one by one.",
    peer: "who brought it; nobody where several did",
    columns: [number("covered", "records known from now on"), number("versions", "versions among them that are live")],
  },
  {
    name: "compacted",
    meaning: "A core dropped the front of its log.",
    peer: null,
    columns: [number("base", "position of the last item dropped, counted from 1 in apply order")],
  },
  {
    name: "checkpointed",
    meaning: "A disk was given a snapshot in place of the front of its log.",
    peer: null,
    columns: [position],
  },
  {
    name: "unasked",
    meaning: "A core wrote a record that no request had asked for; its stamp follows, with `op` 0.",
    peer: null,
    columns: [...dot],
  },
  {
    name: "quirked",
    meaning: "A quirk acted: the surroundings of a core did something rare.",
    peer: null,
    columns: [code("quirk", quirkNames, "which")],
  },
  {
    name: "marked",
    meaning: "A cloudlet marked another one below it.",
    peer: "whom",
    columns: [code("from", TRACE_MARKS, "its mark before"), code("to", TRACE_MARKS, "its mark since")],
  },
  {
    name: "observed",
    meaning: "Something was observed of a cloudlet, for those above it.",
    peer: null,
    columns: [code("class", TRACE_CLASSES, "class of the extended view"), number("value", "what it was")],
  },
  {
    name: "confirmed",
    meaning: "A person said something of a cloudlet below.",
    peer: "of whom",
    columns: [code("says", TRACE_MARKS, "what")],
  },
] as const satisfies readonly TraceKindSpec[];

/** Names of the kinds of trace events. */
export type TraceKindName = (typeof table)[number]["name"];

/** The table; a row's kind is the index here. */
export const traceKinds: readonly TraceKindSpec[] = table;

/** The number of each kind, by name: `TRACE.sent`. */
export const TRACE: Readonly<Record<TraceKindName, number>> = Object.fromEntries(
  table.map(({ name }, index) => [name, index]),
) as Record<TraceKindName, number>;

/** The table as Markdown, for docs/simulator.md. */
export function renderTraceLegend(): string {
  const lines = ["| kind | what happened | peer | columns |", "|---|---|---|---|"];
  for (const { name, meaning, peer, columns } of traceKinds) {
    const described = columns.map((column) => `\`${column.name}\` ${column.meaning}${unitNote(column.unit)}`);
    lines.push(`| \`${name}\` | ${meaning} | ${peer ?? ""} | ${described.join("; ")} |`);
  }
  return `${lines.join("\n")}\n`;
}

function unitNote(unit: TraceUnit): string {
  switch (unit.kind) {
    case "number":
    case "cloudlet":
      return "";
    case "instant":
    case "duration":
      return " (microseconds)";
    case "bytes":
      return " (bytes)";
    case "code":
      return ` (${unit.words.join(", ")})`;
  }
}
