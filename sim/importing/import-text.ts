// One document in, one topology out, with what was done to it: tells the format, reads it, and makes the map a topology.
// Leaves out where documents come from (sources.ts), and what is written (write-topology.ts).

import {
  becomeTopology,
  type BecomeOptions,
  type ImportedTopology,
} from "../../workloads/importing/become-topology.ts";
import { isContactTable, readContactTable } from "../../workloads/importing/contact-table.ts";
import { type EnosCompat, readEnos } from "../../workloads/importing/enos.ts";
import { Fidelity, type FidelityNote } from "../../workloads/importing/fidelity.ts";
import { looksLikeGml, readGml } from "../../workloads/importing/gml.ts";
import { readGraphMl } from "../../workloads/importing/graphml.ts";
import { readIFogSim } from "../../workloads/importing/ifogsim.ts";
import { isIFogSimPlaces, readIFogSimPlaces } from "../../workloads/importing/ifogsim-places.ts";
import { looksLikeIon, readIon } from "../../workloads/importing/ion.ts";
import { readKollaps } from "../../workloads/importing/kollaps.ts";
import { isLatencyMatrix, type LatencyMeaning, readLatencyMatrix } from "../../workloads/importing/latency-matrix.ts";
import { beginning, type ImportProblem, type MapOutcome, refused } from "../../workloads/importing/outcome.ts";
import { readGmlGraph } from "../../workloads/importing/shadow.ts";
import { readSimGrid } from "../../workloads/importing/simgrid.ts";
import type { FileBeside } from "../../workloads/importing/simgrid-profiles.ts";
import type { SimGridLatency } from "../../workloads/importing/simgrid-routes.ts";
import { isNodeLink, readTopoHub } from "../../workloads/importing/topohub.ts";
import type { XmlElement } from "../../workloads/importing/xml.ts";
import { parseDocument } from "../scenario/document.ts";
import { readCsv } from "./read-csv.ts";
import { readXml } from "./read-xml.ts";

/** The formats, with what people call them. */
export const importFormats = [
  { name: "graphml", says: "GraphML, as the Internet Topology Zoo has it" },
  { name: "gml", says: "GML, as Shadow and the Internet Topology Zoo have it" },
  { name: "topohub", says: "node-link JSON, as TopoHub has it" },
  { name: "kollaps", says: "a Kollaps experiment in XML" },
  { name: "simgrid", says: "a SimGrid platform in XML" },
  { name: "enos", says: "network constraints in YAML, as Enos and EnosLib have them" },
  { name: "ifogsim", says: "JSON of devices or CSV of their places, as iFogSim has them" },
  { name: "latencies", says: "a CSV table of latencies between sites, in ms" },
  { name: "contacts", says: "a CSV table of contacts, or a contact plan of ION" },
] as const;

/** Its name. */
export type ImportFormat = (typeof importFormats)[number]["name"];

/** What people may choose. */
export interface ImportOptions extends BecomeOptions {
  /** Left out: told from the text. */
  readonly format?: ImportFormat;
  /** What a table of latencies holds; left out: one way. */
  readonly latencies?: LatencyMeaning;
  /** Whose reading of network constraints; left out: that of Enos in 2018. */
  readonly compat?: EnosCompat;
  /** What latencies and bandwidths of a SimGrid platform are taken to be; left out: as they are written. */
  readonly simgridLatency?: SimGridLatency;
  /** Texts of files beside the document, for profiles of a SimGrid platform; left out: there are none. */
  readonly fileOf?: FileBeside;
}

/** What comes of a document. */
export type ImportOutcome =
  | {
      readonly kind: "imported";
      readonly format: ImportFormat;
      /** As the source calls itself. */
      readonly name: string | null;
      readonly topology: ImportedTopology;
      readonly notes: readonly FidelityNote[];
    }
  | { readonly kind: "refused"; readonly problems: readonly ImportProblem[] };

/** Imports one. */
export function importText(text: string, options: ImportOptions = {}): ImportOutcome {
  if (text.trim() === "") {
    const message = "expected a map, found an empty file; was it loaded whole? Name one that has something in it";
    return { kind: "refused", problems: [{ ...beginning, message }] };
  }
  const format = options.format ?? formatOf(text);
  if (format === null) {
    const known = importFormats.map(({ name, says }) => `${name} (${says})`).join(", ");
    return {
      kind: "refused",
      problems: [{ ...beginning, message: `expected one of ${known}, found none of them; name it with --format` }],
    };
  }
  const fidelity = new Fidelity();
  const read = readers[format](text, options, fidelity);
  if (read.kind === "refused") return read;
  const become = becomeTopology(read.map, options, fidelity);
  if (become.kind === "refused") return become;
  return { kind: "imported", format, name: read.map.name, topology: become.topology, notes: fidelity.notes };
}

// By what it begins with: the rest is the reader's to judge.
function formatOf(text: string): ImportFormat | null {
  const begins = text.slice(0, 4_096).trimStart();
  if (begins.startsWith("<") || begins.startsWith("\uFEFF<")) return xmlFormatOf(text);
  // At the beginning of a line, or behind a bracket or a comma where a document is written in one.
  if (/(?:^|[{,])["' \t{]{0,40}(?:network_constraints|default_delay)["']?\s*:/mu.test(text)) return "enos";
  if (begins.startsWith("{")) return /"type"\s*:\s*"FOG_DEVICE"/u.test(text) ? "ifogsim" : "topohub";
  if (looksLikeGml(begins)) return "gml";
  if (looksLikeIon(text)) return "contacts";
  const csv = readCsv(text);
  if (csv.kind !== "rows") return null;
  if (isIFogSimPlaces(csv.rows)) return "ifogsim";
  if (isContactTable(csv.rows)) return "contacts";
  return isLatencyMatrix(csv.rows) ? "latencies" : null;
}

function xmlFormatOf(text: string): ImportFormat | null {
  // Long comments may stand before, and name other things.
  const begins = text
    .slice(0, 262_144)
    .split("<!--")
    .map((part, at) => (at === 0 ? part : part.slice(part.indexOf("-->") + 3)))
    .join("")
    .slice(0, 4_096);
  if (/<(?:\w+:)?graphml\b/u.test(begins)) return "graphml";
  if (/<experiment\b/u.test(begins)) return "kollaps";
  return /<platform\b/u.test(begins) ? "simgrid" : null;
}

const readers: Readonly<
  Record<ImportFormat, (text: string, options: ImportOptions, fidelity: Fidelity) => MapOutcome>
> = {
  graphml: (text, _options, fidelity) => fromXml(text, "graphml", (root) => readGraphMl(root, fidelity)),
  kollaps: (text, _options, fidelity) => fromXml(text, "experiment", (root) => readKollaps(root, fidelity)),
  simgrid: (text, { simgridLatency: latencies = "nominal", fileOf = () => null }, fidelity) =>
    fromXml(text, "platform", (root) => readSimGrid(root, { latencies, fileOf }, fidelity)),
  gml(text, _options, fidelity) {
    const gml = readGml(text);
    return gml.kind === "list" ? readGmlGraph(gml.list, fidelity) : gml;
  },
  topohub(text, _options, fidelity) {
    const parsed = parseDocument("", text);
    if (parsed.kind === "invalid") return { kind: "refused", problems: asOfJson(parsed.problems) };
    const { document } = parsed;
    if (isNodeLink(document.value)) return readTopoHub(document.value, (path) => document.placeOf(path), fidelity);
    return refused(
      beginning,
      "expected a map with the lists nodes and edges (or links), found others; is this node-link JSON?",
    );
  },
  enos(text, { compat = "enos-2018" }, fidelity) {
    const parsed = parseDocument("", text);
    if (parsed.kind === "invalid") return { kind: "refused", problems: parsed.problems };
    return readEnos(parsed.document.value, parsed.document, compat, fidelity);
  },
  ifogsim(text, _options, fidelity) {
    if (!text.trimStart().startsWith("{")) {
      const csv = readCsv(text);
      return csv.kind === "rows" ? readIFogSimPlaces(csv.rows, fidelity) : csv;
    }
    const parsed = parseDocument("", text);
    if (parsed.kind === "invalid") return { kind: "refused", problems: asOfJson(parsed.problems) };
    const { document } = parsed;
    return readIFogSim(document.value, (path) => document.placeOf(path), fidelity);
  },
  contacts(text, _options, fidelity) {
    if (looksLikeIon(text)) return readIon(text, fidelity);
    const csv = readCsv(text);
    return csv.kind === "rows" ? readContactTable(csv.rows, fidelity) : csv;
  },
  latencies(text, { latencies = "one-way" }, fidelity) {
    const csv = readCsv(text);
    return csv.kind === "rows" ? readLatencyMatrix(csv.rows, latencies, fidelity) : csv;
  },
};

/** JSON is read as YAML, which it is: whoever wrote it knows nothing of that. */
function asOfJson(problems: readonly ImportProblem[]): readonly ImportProblem[] {
  return problems.map(({ line, column, message }) => ({
    line,
    column,
    message: message
      .replace("expected YAML, found", "expected JSON, found")
      .replace("; YAML nests by indentation", "; is the file whole?"),
  }));
}

function fromXml(text: string, name: string, read: (root: XmlElement) => MapOutcome): MapOutcome {
  const xml = readXml(text);
  if (xml.kind === "refused") return xml;
  if (xml.root.name === name) return read(xml.root);
  return refused(
    xml.root,
    `expected ${name} as the outermost element, found ${xml.root.name}; name the format with --format`,
  );
}
