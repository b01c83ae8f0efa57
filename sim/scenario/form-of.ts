/**
 * A scenario back in the form that scenario files have. Reading what comes out gives a scenario that runs the same: what
 * has its default is left out, what a form cannot tell apart is one.
 *
 * Leaves out YAML (write.ts), and of a scenario the code of its users' resolvers, which the form names only.
 */
import { unreachable } from "../../model/assert.ts";
import { metricUnit } from "./metric-names.ts";
import { usuallyExpected } from "../oracles/names.ts";
import { clientsForm, faultForm, stepForm, travellerForm } from "./form-of-load.ts";
import { alivenessForm } from "./form-of-aliveness.ts";
import { operationsForm } from "./form-of-operations.ts";
import { type FormPart, plansForm, topologyForm } from "./form-of-topology.ts";
import { quirkNamed } from "../quirks/table.ts";
import { showQuantity } from "./quantity.ts";
import type { QuirkForm } from "./resolve-quirks.ts";
import { whyBytes } from "./resolve-wire.ts";
import type { Detachment, ExploreSetting, MetricBound, QuirkSetting, Scenario } from "./scenario.ts";
import { showSpread } from "./spread.ts";

/** Time that a file does not mention. */
const SETTLE_DEFAULT = 30_000_000;
const CLOCK_BOUND_DEFAULT = 60_000_000;
const DISK_SYNC_DEFAULT = 200;
const EXPLORE_MEMORY_DEFAULT = 2 * 1024 ** 3;
const EXPLORE_DEFAULTS = {
  losses: 0,
  duplicates: 0,
  crashes: 0,
  cuts: 0,
  firings: 1,
  acknowledgements: "ride",
  order: "any",
  start: "connected",
};

/** The form as plain data. */
export function formOf(scenario: Scenario): FormPart {
  const { seed, protocol, causality, topology, plans = [], detachments = [], travellers = [] } = scenario;
  const ways = new Set(travellers.map(({ session }) => session));
  const time = (value: number): string => showQuantity("duration", value);
  return {
    causeway: 1,
    name: scenario.name,
    ...listed("shows", scenario.shows),
    seed: /^(0|[1-9][0-9]{0,14})$/.test(seed) ? Number(seed) : seed,
    ...(protocol !== "causeway" && { protocol }),
    ...(causality !== "session" && { causality }),
    ...topologyForm(topology, plans),
    ...listed("plans", plansForm(topology, plans)),
    ...listed("clients", scenario.clients.map(clientsForm)),
    ...listed(
      "script",
      scenario.script.map((step) => stepForm(step, ways.has(step.session))),
    ),
    ...listed("travellers", travellers.map(travellerForm)),
    ...listed(
      "clocks",
      scenario.clocks.map(({ cloudlet, offset, driftPpm }) => ({
        at: cloudlet,
        ...(offset !== 0 && { offset: showQuantity("offset", offset) }),
        ...(driftPpm !== 0 && { drift: showQuantity("drift", driftPpm) }),
      })),
    ),
    ...listed("disks", disksForm(scenario)),
    ...listed(
      "cpus",
      scenario.cpus.map(({ cloudlet, ...times }) => ({
        at: cloudlet,
        ...Object.fromEntries(Object.entries(times).flatMap(([name, value]) => (value ? [[name, time(value)]] : []))),
      })),
    ),
    ...wireForm(scenario),
    ...logsForm(scenario),
    ...(scenario.explore !== undefined && { explore: exploreForm(scenario.explore) }),
    ...listed("detachments", detachments.map(detachmentForm)),
    ...(scenario.operations !== undefined && { operations: operationsForm(scenario.operations) }),
    ...(scenario.aliveness !== undefined && { aliveness: alivenessForm(scenario.aliveness) }),
    ...listed("faults", scenario.faults.map(faultForm)),
    ...listed("quirks", (scenario.quirks ?? []).map(quirkForm)),
    ...(scenario.core !== undefined && { core: scenario.core }),
    ...(scenario.clockBound !== CLOCK_BOUND_DEFAULT && { clockBound: time(scenario.clockBound) }),
    duration: time(scenario.duration),
    ...(scenario.settle !== SETTLE_DEFAULT && { settle: time(scenario.settle) }),
    ...expectationsForm(scenario),
  };
}

function listed(name: string, list: readonly unknown[]): FormPart {
  return list.length === 0 ? {} : { [name]: list };
}

function disksForm({ diskSync, disks }: Scenario): readonly FormPart[] {
  const isDefault = diskSync.kind === "constant" && diskSync.value === DISK_SYNC_DEFAULT;
  const own = disks.map(({ cloudlet, sync }) => ({ at: cloudlet, sync: showSpread(sync) }));
  return isDefault ? own : [{ at: "all", sync: showSpread(diskSync) }, ...own];
}

function wireForm({ wire: { encodes, versions }, topology, faults }: Scenario): FormPart {
  const isSaid = encodes && whyBytes(topology, faults, versions) === null;
  if (!isSaid && versions.length === 0) return {};
  const list = versions.map(({ cloudlet, least, most, writes }) => ({
    at: cloudlet,
    version: most,
    ...(least !== 1 && { least }),
    ...(writes !== most && { writes }),
  }));
  return { wire: { ...(isSaid && { encode: true }), ...listed("versions", list) } };
}

function logsForm({ logs: { retain, checkpoint } }: Scenario): FormPart {
  if (retain === null && checkpoint === null) return {};
  return { logs: { ...(retain !== null && { retain }), ...(checkpoint !== null && { checkpoint }) } };
}

/** Bounds that have their default are left out; what the form derives from others is written. */
function exploreForm({ memory, depth, sometimes, ...rest }: ExploreSetting): FormPart {
  const usual: Readonly<Record<string, unknown>> = { ...EXPLORE_DEFAULTS };
  return {
    ...Object.fromEntries(Object.entries(rest).filter(([name, value]) => usual[name] !== value)),
    ...(memory !== EXPLORE_MEMORY_DEFAULT && { memory: showQuantity("size", memory) }),
    ...(depth !== null && { depth }),
    ...listed("sometimes", sometimes),
  };
}

function detachmentForm({ at, kind, decides, member }: Detachment): FormPart {
  return { at: showQuantity("duration", at), decides, [kind]: member };
}

/** A quirk with its usual rate, or another one. */
export function quirkForm({ quirk, rate }: QuirkSetting): QuirkForm {
  return rate === quirkNamed(quirk).rate ? quirk : { quirk, rate: showQuantity("share", rate) };
}

/** What is expected without being said is left out. */
function expectationsForm({ expectations, operations, aliveness }: Scenario): FormPart {
  const { always, eventually, sometimes, violated, bounds } = expectations;
  const isUsual = (name: string): boolean => !(violated as readonly string[]).includes(name);
  const usual = usuallyExpected(operations !== undefined, aliveness !== undefined);
  const form = {
    ...(!areSame(always, usual.always.filter(isUsual)) && { always }),
    ...(!areSame(eventually, usual.eventually.filter(isUsual)) && { eventually }),
    ...listed("sometimes", sometimes),
    ...listed("violated", violated),
    ...(bounds.length > 0 && { bounds: Object.fromEntries(bounds.map((bound) => [bound.metric, boundForm(bound)])) }),
  };
  return Object.keys(form).length === 0 ? {} : { expectations: form };
}

function areSame(list: readonly string[], other: readonly string[]): boolean {
  return list.length === other.length && list.every((name, index) => name === other[index]);
}

function boundForm({ metric, comparison, value }: MetricBound): string {
  const unit = metricUnit(metric);
  switch (unit) {
    case "count":
      return `${comparison} ${value}`;
    case "microseconds":
      return `${comparison} ${showQuantity("offset", value)}`;
    case "bytes":
      return `${comparison} ${showQuantity("size", value)}`;
    case "share":
      return `${comparison} ${showQuantity("share", value)}`;
    default:
      return unreachable(unit);
  }
}
