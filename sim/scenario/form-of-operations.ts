/** Operations back in the form that scenario files have; planes are written cloudlet by cloudlet. */
import type { FormPart } from "./form-of-topology.ts";
import type { OperationIssuer, OperationsSetting } from "./operations.ts";
import { showQuantity } from "./quantity.ts";
import { showSpread } from "./spread.ts";

/** The section `operations`. */
export function operationsForm({
  issuers,
  custody,
  caps,
  policy,
  takes,
  missing,
  outages,
  failures,
  stores = [],
  forgetful = [],
  kept = [],
  oneWay = [],
}: OperationsSetting): FormPart {
  const time = (value: number): string => showQuantity("duration", value);
  const planes = [
    ...missing.map(({ cloudlet, plane }) => ({ at: cloudlet, plane, state: "none" })),
    ...failures.map(({ cloudlet, plane, share }) => ({ at: cloudlet, plane, failure: showQuantity("share", share) })),
    ...forgetful.map(({ cloudlet, plane }) => ({ at: cloudlet, plane, memory: "disk" })),
    ...stores.map(({ cloudlet, plane, members }) => ({ at: cloudlet, plane, members })),
    ...outages.map(({ cloudlet, plane, from, until, members }) => ({
      at: cloudlet,
      plane,
      fails: [
        {
          from: time(from),
          ...(until !== null && { until: time(until) }),
          ...(members !== undefined && { members: members.map((member) => member + 1) }),
        },
      ],
    })),
  ];
  return {
    custody,
    caps: { records: caps.records, bytes: showQuantity("size", caps.bytes) },
    policy,
    ...(oneWay.length > 0 && { oneWay }),
    takes: showSpread(takes),
    ...(issuers.length > 0 && { issuers: issuers.map(issuerForm) }),
    ...(kept.length > 0 && { kept }),
    ...(planes.length > 0 && { planes }),
  };
}

function issuerForm({
  name,
  at,
  targets,
  kinds,
  interval,
  objects,
  actor,
  priorities,
  payload,
  expiry,
  count,
  after,
  takesBack,
  needs,
  intrudes,
}: OperationIssuer): FormPart {
  return {
    name,
    at,
    ...(targets !== null && { targets }),
    kinds,
    every: showSpread(interval),
    objects,
    by: actor,
    ...(priorities.length === 1 ? { priority: priorities[0] } : { priorities }),
    ...(payload > 0 && { payload: showQuantity("size", payload) }),
    ...(expiry !== null && { expiry: showQuantity("duration", expiry) }),
    ...(count !== null && { count }),
    ...(after !== null && { after: { issuer: after.issuer, share: showQuantity("share", after.share) } }),
    ...(needs !== undefined && { needs }),
    ...(intrudes && { intrudes }),
    ...(takesBack !== null && {
      takesBack: { share: showQuantity("share", takesBack.share), after: showQuantity("duration", takesBack.after) },
    }),
  };
}
