// Operations of a scenario that is being made smaller: what names a cloudlet that is gone, or comes when the load is over, goes with
// it; cloudlets take other names; moments come earlier. Leaves out dropping what stands for itself (cuts.ts).

import type { Instant } from "../../model/units.ts";
import type { OperationsSetting } from "../scenario/operations.ts";

/**
 * What is left of operations where these cloudlets are there; null where nobody is left who asks.
 *
 * @param areWatched the planes of cloudlets are asked about all the same, since somebody watches them
 */
export function tidiedOperations(
  operations: OperationsSetting,
  isThere: (name: string) => boolean,
  duration: number,
  areWatched: boolean,
): OperationsSetting | null {
  const left = operations.issuers.flatMap((issuer) => {
    const at = issuer.at.filter(isThere);
    const targets = issuer.targets?.filter(isThere) ?? null;
    return at.length === 0 || targets?.length === 0 ? [] : [{ ...issuer, at, targets }];
  });
  // Whoever is followed is still there, and asks where the other one does.
  const issuers = left.map((issuer) => {
    const followed = left.find(({ name }) => name === issuer.after?.issuer);
    return followed?.at.some((cloudlet) => issuer.at.includes(cloudlet)) === true ? issuer : { ...issuer, after: null };
  });
  if (issuers.length === 0 && !areWatched) return null;
  return {
    ...operations,
    issuers,
    failures: operations.failures.filter(({ cloudlet }) => isThere(cloudlet)),
    missing: operations.missing.filter(({ cloudlet }) => isThere(cloudlet)),
    ...(operations.stores !== undefined && {
      stores: operations.stores.filter(({ cloudlet }) => isThere(cloudlet)),
    }),
    outages: operations.outages.filter(({ cloudlet, from }) => isThere(cloudlet) && from < duration),
  };
}

/** The same with other names of cloudlets. */
export function renamedOperations(operations: OperationsSetting, named: (name: string) => string): OperationsSetting {
  const renamed = <Named extends { readonly cloudlet: string }>(one: Named): Named => ({
    ...one,
    cloudlet: named(one.cloudlet),
  });
  return {
    ...operations,
    issuers: operations.issuers.map((one) => ({
      ...one,
      at: one.at.map(named),
      targets: one.targets?.map(named) ?? null,
    })),
    missing: operations.missing.map(renamed),
    failures: operations.failures.map(renamed),
    ...(operations.stores !== undefined && { stores: operations.stores.map(renamed) }),
    outages: operations.outages.map(renamed),
  };
}

/** The same with other moments. */
export function movedOperations(operations: OperationsSetting, to: (at: Instant) => Instant): OperationsSetting {
  return {
    ...operations,
    outages: operations.outages.map((one) => ({
      ...one,
      from: to(one.from),
      until: one.until === null ? null : to(one.until),
    })),
  };
}
