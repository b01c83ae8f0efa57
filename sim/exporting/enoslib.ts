// A topology as network constraints for EnosLib: each cloudlet is a group with one machine, each direction of a link a constraint. Both
// directions are written out, so that Enos of 2018 and EnosLib read the same. Who has no link loses everything by default.
//
// Leaves out everything that is not the topology.

import type { LinkDirectionSpec } from "../../model/topology/spec.ts";
import { renderForm } from "../scenario/write.ts";
import type { Exporter } from "./exported.ts";
import { unsaidOf } from "./over-time.ts";

/** A link without a limit gets this one, since a rate has to be said. */
const RATE_WITHOUT_LIMIT = 10_000_000_000;
const LOSS_OF_ALL = 1_000_000;

/** Writes it. */
export const exportEnosLib: Exporter = (name, { cloudlets, links }) => {
  const notes: string[] = [];
  const directions = links.flatMap(({ a, b, forth, back = forth }) => [
    { src: a, dst: b, way: forth },
    { src: b, dst: a, way: back },
  ]);
  const unlimited = directions.filter(({ way }) => way.bandwidth === undefined).length;
  if (unlimited > 0)
    notes.push(
      `${unlimited} directions of links have no limit, and a rate has to be said: it is ${rateText(RATE_WITHOUT_LIMIT)}`,
    );
  const ways = directions.map(({ way }) => way);
  notes.push(...unsaidOf(ways, ["jitter", "queue", "duplication", "reordering", "corruption"]));
  notes.push("cloudlets without a link lose everything to each other, so that what they say goes over links alone");
  notes.push("who is above whom, scopes and flows are left out: the format does not have them");
  const form = {
    topology: Object.fromEntries(cloudlets.map((cloudlet) => [cloudlet.name, { cluster: { compute: 1 } }])),
    network_constraints: {
      default_delay: "0ms",
      default_rate: rateText(RATE_WITHOUT_LIMIT),
      default_loss: "100%",
      groups: cloudlets.map((cloudlet) => cloudlet.name),
      constraints: directions.map(({ src, dst, way }) => ({ src, dst, ...ruleOf(way) })),
    },
  };
  const head = [
    `Network constraints of ${name}, for EnosLib. Put the clusters of your testbed in place of cluster.`,
    ...notes,
  ];
  return { text: `${head.map((line) => `# ${line}\n`).join("")}${renderForm(form)}`, notes };
};

function ruleOf({
  delay,
  bandwidth = RATE_WITHOUT_LIMIT,
  loss = 0,
}: LinkDirectionSpec): Readonly<Record<string, string>> {
  return { delay: `${delay / 1_000}ms`, rate: rateText(bandwidth), loss: `${Math.min(loss, LOSS_OF_ALL) / 10_000}%` };
}

function rateText(bits: number): string {
  if (bits % 1e9 === 0) return `${bits / 1e9}gbit`;
  return bits % 1e6 === 0 ? `${bits / 1e6}mbit` : `${bits / 1e3}kbit`;
}
