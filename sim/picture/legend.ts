/** What stands below a picture: what its lines and colours mean, and what is left out. */
import { counted } from "../oracles/words.ts";
import { missedText } from "../report/fault-words.ts";
import { coordinate, element, escaped } from "../report/markup.ts";
import { stripKeys, type StripFrame } from "./draw-watched.ts";
import type { Scene } from "./scene.ts";
import { inLines, size, textWidth } from "./text.ts";

interface Key {
  /** In a field of 26 by 12 of which this is the upper left corner. */
  readonly drawn: (x: number, y: number) => string;
  readonly text: string;
}

/** Draws it from `top` on, where the first line of text stands; tells where it ends. */
export function drawLegend(
  scene: Scene,
  strips: StripFrame,
  { width, top }: { readonly width: number; readonly top: number },
): { readonly content: readonly string[]; readonly bottom: number } {
  const line = (name: string, text: string): Key => ({
    text,
    drawn: (x, y) => element("path", { class: name, d: `M${coordinate(x)} ${y + 6}h26` }),
  });
  const arrows = [
    line("arrow records other", "records"),
    line("arrow snapshot other", "snapshot"),
    line("arrow ack other", "acknowledgement"),
    line("arrow hello other", "hello"),
    ...(scene.breach === null
      ? []
      : [line("arrow records breach", "what the violation is about"), line("arrow records past", "what that follows")]),
  ];
  const content: string[] = [];
  let y = top;
  for (const keys of [scene.isCoarse ? [] : arrows, stripKeys(strips, scene.watched)]) {
    let x = size.left;
    for (const { drawn, text } of keys) {
      const room = 32 + text.length * size.small;
      if (x > size.left && x + room > size.left + textWidth(width)) {
        x = size.left;
        y += size.line + 3;
      }
      content.push(drawn(x, y - 10), element("text", { class: "small", x: coordinate(x + 32), y }, escaped(text)));
      x += room + 24;
    }
    if (keys.length > 0) y += size.line + 7;
  }
  const lines = inLines(legendText(scene), width);
  lines.forEach((text, index) => {
    content.push(element("text", { class: "says", x: size.left, y: y + index * size.line }, escaped(text)));
  });
  return { content, bottom: y + lines.length * size.line };
}

function legendText({ lanesLeftOut, faults, faultsMissed, watched, isCoarse }: Scene): string {
  const says = ["True time from left to right, not to scale: pauses are drawn as their logarithm."];
  const missed = missedText(faultsMissed);
  if (faults.length + faultsMissed > 0) {
    const also = missed === "" ? "" : `; ${missed}`;
    says.push(`Faults are shaded from when they set in until they were over, and say what they hit${also}.`);
  }
  if (watched.length > 0) says.push("Below a lane: how its adjacent upper marks it.");
  if (isCoarse) says.push("Requests, records and messages of a whole run are too many to be drawn: name a part of it.");
  if (lanesLeftOut > 0) says.push(`Left out: ${counted(lanesLeftOut, "cloudlet")} where nothing of this happened.`);
  return says.join(" ");
}
