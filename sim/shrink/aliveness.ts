// Aliveness of a scenario that is being made smaller: what names a cloudlet that is gone, or comes when the load is over, goes with
// it; cloudlets take other names; moments come earlier. Leaves out dropping what stands for itself (cuts.ts).

import type { Topology } from "../../model/topology/topology.ts";
import type { Instant } from "../../model/units.ts";
import type { AlivenessSetting } from "../scenario/aliveness.ts";

/** What is left where this is the topology: somebody who is not above another one any more says nothing of it. */
export function tidiedAliveness(aliveness: AlivenessSetting, topology: Topology, duration: number): AlivenessSetting {
  const isThere = (name: string): boolean => topology.cloudletNamed(name) !== null;
  const isAbove = (by: string, about: string): boolean => {
    const [speaker, subject] = [topology.cloudletNamed(by), topology.cloudletNamed(about)];
    return speaker !== null && subject !== null && topology.relation(speaker, subject) === "lower";
  };
  return {
    ...aliveness,
    observed: aliveness.observed.flatMap((source) => {
      const at = source.at.filter(isThere);
      return at.length === 0 ? [] : [{ ...source, at }];
    }),
    confirmations: aliveness.confirmations.filter(({ at, by, about }) => at < duration && isAbove(by, about)),
  };
}

/** The same with other names of cloudlets. */
export function renamedAliveness(aliveness: AlivenessSetting, named: (name: string) => string): AlivenessSetting {
  return {
    ...aliveness,
    observed: aliveness.observed.map((source) => ({ ...source, at: [...new Set(source.at.map(named))] })),
    confirmations: aliveness.confirmations.map((word) => ({
      ...word,
      by: named(word.by),
      about: named(word.about),
    })),
  };
}

/** The same with other moments. */
export function movedAliveness(aliveness: AlivenessSetting, to: (at: Instant) => Instant): AlivenessSetting {
  return { ...aliveness, confirmations: aliveness.confirmations.map((word) => ({ ...word, at: to(word.at) })) };
}
