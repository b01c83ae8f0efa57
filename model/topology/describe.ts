// A topology in words and columns, for `causeway topology FILE`: the control tree, scopes, flows with their routes, which
// stream reaches whom, who may target whom. The text depends on the topology alone and is compared as a whole in tests.

import type { CloudletId } from "../ids.ts";
import type { Flow, Link, RouteHop, Topology } from "./topology.ts";

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
  const sections: readonly (readonly [title: string, lines: readonly string[]])[] = [
    [`control (${counted(cloudlets.length, "cloudlet")})`, treeLines(topology)],
    [`scopes (${scopes.length})`, scopeLines(topology)],
    [`links (${links.length})`, linkLines(topology)],
    [`flows (${flows.length})`, flowLines(topology)],
    [`streams (${streams.length})`, streamLines(topology)],
    ["targets of operations", targetLines(topology)],
  ];
  let text = "";
  for (const [title, lines] of sections) {
    if (text !== "") text += "\n";
    text += `${title}\n`;
    for (const line of lines.slice(0, linesMax)) text += `  ${line}\n`;
    if (lines.length > linesMax) text += `  and ${lines.length - linesMax} more\n`;
    if (lines.length === 0) text += "  none\n";
  }
  return text;
}

/** The control forest, drawn. */
function treeLines(topology: Topology): string[] {
  const lines: string[] = [];
  const roots = topology.cloudlets.filter(({ upper }) => upper === null).map(({ id }) => id);
  const waiting: { readonly id: CloudletId; readonly trunk: string; readonly branch: string }[] = [];
  for (const id of roots.reverse()) waiting.push({ id, trunk: "", branch: "" });
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { id, trunk, branch } = next;
    lines.push(`${trunk}${branch}${topology.cloudlets[id]!.name}`);
    const below = branch === "" ? trunk : `${trunk}${branch.startsWith("|") ? "|   " : "    "}`;
    const lowers = topology.cloudlets[id]!.lowers;
    for (let index = lowers.length - 1; index >= 0; index -= 1) {
      waiting.push({ id: lowers[index]!, trunk: below, branch: index === lowers.length - 1 ? "`-- " : "|-- " });
    }
  }
  return lines;
}

function scopeLines(topology: Topology): string[] {
  const rows = topology.scopes.map(({ name, prefix, resolver, durability, members }) => [
    name,
    prefix,
    resolver,
    durability,
    `held by ${nameList(topology, members)}`,
  ]);
  return table(rows.length === 0 ? [] : [["scope", "prefix", "resolver", "durability", "members"], ...rows]);
}

function linkLines(topology: Topology): string[] {
  const rows = topology.links.map((link) => {
    const horizontal = topology.relation(link.a, link.b) === "horizontal";
    return [linkName(topology, link), delays(link), horizontal ? "horizontal, never used by flows" : ""];
  });
  return table(rows.length === 0 ? [] : [["link", "delay", ""], ...rows]);
}

function flowLines(topology: Topology): string[] {
  const rows = topology.flows.map((flow) => [flow.name, flowEnds(topology, flow), routeText(topology, flow)]);
  return table(rows.length === 0 ? [] : [["flow", "ends", "route"], ...rows]);
}

function streamLines(topology: Topology): string[] {
  const rows = topology.streams.map(({ id, scope, origins }) => [
    `${id}`,
    topology.scopes[scope]!.name,
    nameList(topology, origins),
    nameList(topology, topology.receivers(id)),
  ]);
  return table(rows.length === 0 ? [] : [["stream", "scope", "written by", "reaches"], ...rows]);
}

function targetLines(topology: Topology): string[] {
  const rows = topology.cloudlets.map(({ id, name }) => [name, nameList(topology, topology.descendants(id))]);
  return table([["issuer", "may target"], ...rows]);
}

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

function linkName(topology: Topology, link: Link): string {
  return `${topology.cloudlets[link.a]!.name} - ${topology.cloudlets[link.b]!.name}`;
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

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** Rows as lines with aligned columns; nothing stands behind the last word of a line. */
function table(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, cell.length);
  }
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}
