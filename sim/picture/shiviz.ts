/**
 * A scene as a log for ShiViz (Beschastnikh et al., "Visualizing Distributed System Executions", TOSEM 2020): two lines per event, the
 * first with the lane's name and a vector clock over lanes, the second with what happened.
 *
 * The clocks say what could have influenced what by messages of this window; they are of the drawing, not of the core. ShiViz reads
 * the file with the expression `(?<host>\S*) (?<clock>{.*})\n(?<event>.*)`, which is its default.
 */
import { seconds } from "../trace/render.ts";
import type { Mark, Scene } from "./scene.ts";

/** The log's text. */
export function renderShiViz(scene: Scene): string {
  const { marks, arrows } = scene;
  const hosts = hostNames(scene.lanes);
  const clocks = scene.lanes.map(() => new Map<number, number>());
  // By mark: the message that it sends or takes in.
  const sends = new Map(
    arrows.flatMap(({ from, message, title }) => (from === null ? [] : [[from, { message, title }]])),
  );
  const takes = new Map(arrows.flatMap(({ from, to, title }) => (to === null ? [] : [[to, { from, title }]])));
  const atSending = new Map<number, ReadonlyMap<number, number>>();
  const lines: string[] = [];
  // Marks are in the order in which they happened, and a message is sent before it comes in.
  marks.forEach((mark, index) => {
    const clock = clocks[mark.lane]!;
    const taken = takes.get(index);
    if (taken !== undefined && taken.from !== null) join(clock, atSending.get(taken.from) ?? new Map());
    clock.set(mark.lane, (clock.get(mark.lane) ?? 0) + 1);
    if (sends.has(index)) atSending.set(index, new Map(clock));
    const text = eventText(mark, sends.get(index)?.title ?? taken?.title ?? null);
    lines.push(`${hosts[mark.lane]!} ${clockText(clock, hosts)}`, text);
  });
  return `${lines.join("\n")}\n`;
}

function join(clock: Map<number, number>, other: ReadonlyMap<number, number>): void {
  for (const [lane, count] of other) clock.set(lane, Math.max(clock.get(lane) ?? 0, count));
}

function clockText(clock: ReadonlyMap<number, number>, hosts: readonly string[]): string {
  const entries = [...clock]
    .sort(([a], [b]) => a - b)
    .map(([lane, count]) => `${JSON.stringify(hosts[lane])}:${count}`);
  return `{${entries.join(", ")}}`;
}

function eventText({ kind, at, title }: Mark, message: string | null): string {
  const [first = ""] = title.split("\n");
  const what = message === null ? first : `${kind === "sent" ? "sends" : "takes in"} ${message.split("\n").join(", ")}`;
  return `${seconds(at)} s: ${what === "" ? kind : what}`;
}

/** Names without spaces, each only once: a host ends at the first space. */
function hostNames(names: readonly string[]): readonly string[] {
  const used = new Set<string>();
  return names.map((name) => {
    let host = name.replaceAll(/\s/g, "_");
    while (used.has(host)) host += "_";
    used.add(host);
    return host;
  });
}
