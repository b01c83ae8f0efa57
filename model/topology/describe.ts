// A topology in words and columns, for `causeway topology FILE`: the control tree, scopes, links, flows with their routes,
// which stream reaches whom, who may target whom. The text depends on the topology alone and is compared as a whole in tests.

import type { CloudletId } from "../ids.ts";
import type { Cloudlet, Flow, Link, RouteHop, Scope, Stream, Topology } from "./topology.ts";

/** Names written out in a list; of longer ones the rest is counted. */
const NAMES_MAX = 12;

/** Lines of a table; of longer ones the rest is counted. */
const LINES_MAX = 200;

/** What the text leaves out. */
export interface DescribeOptions {
  /** Lines of each section; more are counted, not shown. Default 200, `Infinity` for all. */
  readonly linesMax?: number;
}

/** Describes a topology; several lines, each ended by a line feed. */
export function describeTopology(topology: Topology, options: DescribeOptions = {}): string {
  const { linesMax = LINES_MAX } = options;
  const { cloudlets, scopes, flows, streams, links } = topology;
  // Only what is shown is worked out: the streams of ten thousand cloudlets together reach millions.
  return [
    section("control", cloudlets.length, drawTree(topology, linesMax)),
    section("scopes", scopes.length, table(scopeHead, scopes.slice(0, linesMax).map(scopeRow(topology)))),
    section("links", links.length, table(linkHead, links.slice(0, linesMax).map(linkRow(topology)))),
    section("flows", flows.length, table(flowHead, flows.slice(0, linesMax).map(flowRow(topology)))),
    section("streams", streams.length, table(streamHead, streams.slice(0, linesMax).map(streamRow(topology)))),
    section("targets", cloudlets.length, table(targetHead, cloudlets.slice(0, linesMax).map(targetRow(topology)))),
  ].join("\n");
}

/** Lines of a section, `head` of them above the things it lists. */
interface Lines {
  readonly head: number;
  readonly lines: readonly string[];
}

function section(title: string, total: number, { head, lines }: Lines): string {
  const rest = total - (lines.length - head);
  const body = total === 0 ? ["none"] : rest > 0 ? [...lines, `and ${rest} more`] : lines;
  return [`${title} (${total})`, ...body.map((line) => `  ${line}`)].map((line) => `${line}\n`).join("");
}

/** The control forest; of a long one, its first lines. */
function drawTree(topology: Topology, linesMax: number): Lines {
  const lines: string[] = [];
  const roots = topology.cloudlets.filter(({ upper }) => upper === null).map(({ id }) => id);
  const waiting: { readonly id: CloudletId; readonly trunk: string; readonly branch: string }[] = [];
  for (const id of roots.reverse()) waiting.push({ id, trunk: "", branch: "" });
  for (let next = waiting.pop(); next !== undefined && lines.length < linesMax; next = waiting.pop()) {
    const { id, trunk, branch } = next;
    lines.push(`${trunk}${branch}${topology.cloudlets[id]!.name}`);
    const below = branch === "" ? trunk : `${trunk}${branch.startsWith("|") ? "|   " : "    "}`;
    const lowers = topology.cloudlets[id]!.lowers;
    for (let index = lowers.length - 1; index >= 0; index -= 1) {
      waiting.push({ id: lowers[index]!, trunk: below, branch: index === lowers.length - 1 ? "`-- " : "|-- " });
    }
  }
  return { head: 0, lines };
}

const scopeHead = ["scope", "prefix", "resolver", "durability", "members"];
const scopeRow =
  (topology: Topology) =>
  ({ name, prefix, resolver, durability, members }: Scope): string[] => [
    name,
    prefix,
    resolver,
    durability,
    nameList(topology, members),
  ];

const linkHead = ["link", "delay", ""];
const linkRow =
  (topology: Topology) =>
  (link: Link): string[] => {
    const ends = `${topology.cloudlets[link.a]!.name} - ${topology.cloudlets[link.b]!.name}`;
    const horizontal = topology.relation(link.a, link.b) === "horizontal";
    return [ends, delays(link), horizontal ? "horizontal: no flow may use it" : ""];
  };

const flowHead = ["flow", "ends", "route"];
const flowRow =
  (topology: Topology) =>
  (flow: Flow): string[] => [flow.name, flowEnds(topology, flow), routeText(topology, flow)];

const streamHead = ["stream", "scope", "written by", "reaches"];
const streamRow =
  (topology: Topology) =>
  ({ id, scope, origins }: Stream): string[] => {
    const reached = nameList(topology, topology.receivers(id));
    return [`${id}`, topology.scopes[scope]!.name, nameList(topology, origins), reached];
  };

const targetHead = ["issuer", "may target"];
const targetRow =
  (topology: Topology) =>
  ({ id, name }: Cloudlet): string[] => [name, nameList(topology, topology.descendants(id))];

function flowEnds(topology: Topology, flow: Flow): string {
  const upper = topology.cloudlets[flow.upper]!.name;
  const lower = topology.cloudlets[flow.lower]!.name;
  const arrow = { up: "<-", down: "->", both: "<->" }[flow.direction];
  return `${upper} ${arrow} ${lower}`;
}

function routeText(topology: Topology, flow: Flow): string {
  const rerouted = flow.reroute ? ", or another when it is down" : "";
  if (flow.route.length === 1) return `direct${rerouted}`;
  const between = flow.route.slice(0, -1).map((hop) => headOf(topology, hop));
  return `via ${nameList(topology, between)}${rerouted}`;
}

function headOf(topology: Topology, hop: RouteHop): CloudletId {
  const link = topology.links[hop.link]!;
  return hop.forward ? link.b : link.a;
}

function delays(link: Link): string {
  const forth = milliseconds(link.forth.delay);
  const back = milliseconds(link.back.delay);
  return forth === back ? forth : `${forth} forth, ${back} back`;
}

function milliseconds(micros: number): string {
  return `${micros / 1_000} ms`;
}

function nameList(topology: Topology, cloudlets: readonly CloudletId[]): string {
  if (cloudlets.length === 0) return "nobody";
  if (cloudlets.length === topology.cloudlets.length && cloudlets.length > 1) return "everyone";
  const names = cloudlets.slice(0, NAMES_MAX).map((id) => topology.cloudlets[id]!.name);
  const rest = cloudlets.length - names.length;
  return rest === 0 ? names.join(", ") : `${names.join(", ")} and ${rest} more`;
}

/** Rows under a head as lines with aligned columns; nothing stands behind the last word of a line. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): Lines {
  const all = [head, ...rows];
  const widths = head.map((_, column) => all.reduce((widest, row) => Math.max(widest, row[column]?.length ?? 0), 0));
  const lines = all.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  return { head: 1, lines };
}
