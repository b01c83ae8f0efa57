// Names what links lose by chance: in place of a share of all messages the very messages that a run lost, each by a fault that loses
// whatever its link is given in that microsecond. A loss with a name can be read, and taken away one by one, and which of them
// matter no longer depends on the seed.
//
// It is another run where that cannot be said: what else the link is given in the same microsecond is lost, too; what is lost at the
// very beginning or after the load, when there are no faults, is not. And losses on ways over several links have no name, since nobody
// is told on which of them they happened. Leaves out whether the world still shows what it is to show (shrink.ts).

import type { LinkDirectionSpec } from "../../model/topology/spec.ts";
import { instant } from "../../model/units.ts";
import { firstPlanOf, type RunOptions } from "../run/run.ts";
import { noHarm } from "../scenario/no-harm.ts";
import type { Fault, LinkHarm, Scenario } from "../scenario/scenario.ts";
import { withTopologies } from "./edits.ts";
import { omit } from "./omit.ts";
import { runLoad } from "./run-load.ts";

/** Of more nobody would want to read a list, and a rate says it better. */
const LOSSES_MAX = 40;

const LOST: LinkHarm = { ...noHarm, loss: 1_000_000 };

/**
 * The same world with its losses named; null where links lose nothing, or too much, or where a loss has no name. Runs it once, up to
 * the end of its load.
 */
export function withNamedLosses(world: Scenario, options: RunOptions): Scenario | null {
  const { links } = world.topology;
  const loses = ({ loss = 0 }: LinkDirectionSpec): boolean => loss > 0;
  if (!links.some(({ forth, back = forth }) => loses(forth) || loses(back))) return null;
  const names = firstPlanOf(world).cloudlets.map(({ name }) => name);
  const found = new Map<string, Fault>();
  let namelessCount = 0;
  runLoad(world, options, {
    dropped(at, from, to, _message, reason) {
      if (reason !== "lost" || at >= world.duration) return;
      const [sender, taker] = [names[from] ?? "", names[to] ?? ""];
      const link = links.find(({ a, b }) => (a === sender && b === taker) || (a === taker && b === sender));
      if (link === undefined) {
        namelessCount += 1;
        return;
      }
      const { a, b } = link;
      const direction = a === sender ? "forth" : "back";
      const until = instant(at + 1);
      found.set(`${at} ${a} ${b} ${direction}`, { kind: "degrade", a, b, direction, harm: LOST, from: at, until });
    },
  });
  if (namelessCount > 0 || found.size > LOSSES_MAX) return null;
  const kept = withTopologies(world, (spec) => ({
    ...spec,
    links: spec.links.map(({ a, b, forth, back }) => ({
      a,
      b,
      forth: omit(forth, "loss"),
      ...(back !== undefined && { back: omit(back, "loss") }),
    })),
  }));
  return { ...kept, faults: [...kept.faults, ...found.values()] };
}
