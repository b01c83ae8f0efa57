// That small pictures stay small, whatever they are of, and show what there is: every link once as long as it can be told apart.

import fc from "fast-check";
import { expect, test } from "vitest";
import type { CloudletSpec, LinkSpec } from "../../model/topology/spec.ts";
import { micros } from "../../model/units.ts";
import { prop } from "../../properties/prop.ts";
import { drawThumbnail } from "./thumbnail.ts";

function treeOf(uppers: readonly number[]): { cloudlets: CloudletSpec[]; links: LinkSpec[] } {
  const cloudlets = uppers.map((upper, at) => ({ name: `c${at}`, ...(upper >= 0 && { upper: `c${upper}` }) }));
  return { cloudlets, links: uppers.flatMap((upper, at) => (upper < 0 ? [] : [linkOf(upper, at)])) };
}

function linkOf(a: number, b: number): LinkSpec {
  return { a: `c${a}`, b: `c${b}`, forth: { delay: micros(1_000) } };
}

const linesIn = (picture: string, kind: string): number =>
  new RegExp(`class="${kind}" d="([^"]*)"`).exec(picture)?.[1]?.match(/M/g)?.length ?? 0;

const trees = fc
  .array(fc.nat(), { maxLength: 40 })
  .map((drawn) => [-1, ...drawn.map((at, before) => at % (before + 1))]);

prop(
  "a small tree is drawn whole: all layers, a line for each link, a dashed one for each spare link",
  trees,
  (uppers) => {
    const { cloudlets, links } = treeOf(uppers);
    const depths: number[] = [];
    for (const upper of uppers) depths.push(upper < 0 ? 0 : (depths[upper] as number) + 1);
    const last = uppers.length - 1;
    const hasSpare = last > 1 && uppers[last] !== 0;
    const drawn = drawThumbnail({ cloudlets, links: hasSpare ? [...links, linkOf(0, last)] : links });
    expect(drawn.layers).toBe(Math.max(...depths) + 1);
    expect(drawn.layersDrawn).toBe(drawn.layers);
    expect(drawn.spareCount).toBe(hasSpare ? 1 : 0);
    expect(linesIn(drawn.picture, "spare")).toBe(drawn.spareCount);
    expect(linesIn(drawn.picture, "tree")).toBe(last);
    expect(linesIn(drawn.picture, "dots")).toBe(uppers.length);
  },
);

test.each([
  ["ten thousand below one", Array.from({ length: 10_000 }, (_, at) => Math.min(0, at - 1)), 2, 2],
  ["a chain of ten thousand", Array.from({ length: 10_000 }, (_, at) => at - 1), 200, 10_000],
  ["ten below each", Array.from({ length: 11_111 }, (_, at) => Math.ceil(at / 10) - 1), 3, 5],
])("%s take some kilobytes: the outer layers are left out, and what cannot be told apart", (_, uppers, drawn, all) => {
  const { cloudlets, links } = treeOf(uppers);
  const spare = Array.from({ length: 5_000 }, (_unused, at) => linkOf(at, at + 5_000));
  const { picture, layersDrawn, layers } = drawThumbnail({ cloudlets, links: [...links, ...spare] });
  expect([layersDrawn, layers]).toEqual([drawn, all]);
  expect(picture.length).toBeLessThan(10_000);
});
