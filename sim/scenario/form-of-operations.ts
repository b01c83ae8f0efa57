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
}: OperationsSetting): FormPart {
  const time = (value: number): string => showQuantity("duration", value);
  const planes = [
    ...missing.map(({ cloudlet, plane }) => ({ at: cloudlet, plane, state: "none" })),
    ...outages.map(({ cloudlet, plane, from, until }) => ({
      at: cloudlet,
      plane,
      fails: [{ from: time(from), ...(until !== null && { until: time(until) }) }],
    })),
  ];
  return {
    custody,
    caps: { records: caps.records, bytes: showQuantity("size", caps.bytes) },
    policy,
    takes: showSpread(takes),
    ...(issuers.length > 0 && { issuers: issuers.map(issuerForm) }),
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
  priority,
  expiry,
  count,
}: OperationIssuer): FormPart {
  return {
    name,
    at,
    ...(targets !== null && { targets }),
    kinds,
    every: showSpread(interval),
    objects,
    by: actor,
    priority,
    ...(expiry !== null && { expiry: showQuantity("duration", expiry) }),
    ...(count !== null && { count }),
  };
}
