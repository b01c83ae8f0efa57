/** Aliveness back in the form that scenario files have. */
import { viewClasses } from "../../model/control/view.ts";
import type { AlivenessSetting, ObservedSource, PersonsWord } from "./aliveness.ts";
import type { FormPart } from "./form-of-topology.ts";
import { showQuantity } from "./quantity.ts";
import { showSpread } from "./spread.ts";

/** The section `aliveness`. */
export function alivenessForm({ settings, observed, confirmations }: AlivenessSetting): FormPart {
  const time = (value: number): string => showQuantity("duration", value);
  const { watch, reporting, backlogAge, fencing } = settings;
  return {
    period: time(reporting.period),
    slowest: time(reporting.slowest),
    silentAfter: time(watch.silentAfter),
    calmFor: time(watch.calmFor),
    backlogAge: time(backlogAge),
    fencing: { on: fencing.on, ...(fencing.schemaMin !== null && { schemaMin: fencing.schemaMin }) },
    ...(observed.length > 0 && { observe: observed.map(sourceForm) }),
    ...(confirmations.length > 0 && { confirmations: confirmations.map(wordForm) }),
  };
}

function sourceForm({ at, classes, interval, least, most }: ObservedSource): FormPart {
  return {
    at,
    ...(classes.length < viewClasses.length && { classes }),
    every: showSpread(interval),
    ...(least !== 0 && { least }),
    ...(most !== 100 && { most }),
  };
}

function wordForm({ at, by, about, says, detail }: PersonsWord): FormPart {
  return { at: showQuantity("duration", at), by, about, says, ...(detail !== "" && { why: detail }) };
}
