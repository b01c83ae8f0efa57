/**
 * Faults, clocks, processors and disks: names checked, times in order, quantities in whole units.
 *
 * Leaves out what faults do, which is the simulator's.
 */
import { unreachable } from "../../model/assert.ts";
import type { TopologySpec } from "../../model/topology/spec.ts";
import { type Duration, instant, micros } from "../../model/units.ts";
import type { FormPath } from "./problem.ts";
import { checkedQuantity, checkedSpread, type ProblemList, type SiteNames } from "./resolving.ts";
import type { ClockSetting, CpuSetting, DiskSetting, Fault } from "./scenario.ts";
import type { ScenarioForm } from "./schema.ts";

type FaultForm = NonNullable<ScenarioForm["faults"]>[number];

/** What faults are judged against. */
export interface FaultContext {
  readonly sites: SiteNames;
  readonly spec: TopologySpec;
  readonly duration: Duration;
  readonly problems: ProblemList;
}

/** The faults of a form, in the order of the file. */
export function resolveFaults(forms: readonly FaultForm[], context: FaultContext): Fault[] {
  const linked = new Set(context.spec.links.flatMap(({ a, b }) => [JSON.stringify([a, b]), JSON.stringify([b, a])]));
  return forms.map((form, index) => resolveFault(form, ["faults", index], linked, context));
}

function resolveFault(form: FaultForm, path: FormPath, linked: ReadonlySet<string>, context: FaultContext): Fault {
  const { sites, problems } = context;
  if ("linkDown" in form) {
    const [a, b] = form.linkDown;
    const known = [sites.check(a, [...path, "linkDown", 0]), sites.check(b, [...path, "linkDown", 1])];
    if (!known.includes(false) && !linked.has(JSON.stringify([a, b]))) {
      const near = context.spec.links.filter((link) => link.a === a || link.b === a).slice(0, 8);
      const others = near.map((link) => (link.a === a ? link.b : link.a));
      const remedy = others.length === 0 ? `${a} has no links` : `${a} has links to ${others.join(", ")}`;
      problems.add([...path, "linkDown"], `expected the two ends of a link, found ${a} and ${b}; ${remedy}`);
    }
    return { kind: "linkDown", a, b, direction: form.direction ?? "both", ...resolveSpan(form, path, context) };
  }
  if ("partition" in form) {
    const group = new Map<string, number>();
    for (const [index, names] of form.partition.entries()) {
      for (const [position, name] of names.entries()) {
        const place = [...path, "partition", index, position];
        if (!sites.check(name, place)) continue;
        if (group.has(name)) problems.add(place, `cloudlet "${name}" is in two groups, or twice in one; keep one`);
        group.set(name, index);
      }
    }
    const rest = sites.names.some((name) => !group.has(name)) ? 1 : 0;
    if (form.partition.filter((names) => names.length > 0).length + rest < 2) {
      problems.add(
        [...path, "partition"],
        "expected groups that leave someone on the other side; nothing is cut by these",
      );
    }
    return { kind: "partition", groups: form.partition, ...resolveSpan(form, path, context) };
  }
  if ("isolate" in form) {
    sites.check(form.isolate, [...path, "isolate"]);
    return { kind: "isolate", cloudlet: form.isolate, ...resolveSpan(form, path, context) };
  }
  if ("lyingFsync" in form) {
    sites.check(form.lyingFsync, [...path, "lyingFsync"]);
    return { kind: "lyingFsync", cloudlet: form.lyingFsync, ...resolveSpan(form, path, context) };
  }
  const at = instant(moment(form.at, [...path, "at"], context));
  if ("crash" in form) {
    sites.check(form.crash, [...path, "crash"]);
    const after = micros(checkedQuantity("duration", form.for));
    const { version } = form;
    return {
      kind: "crash",
      cloudlet: form.crash,
      at,
      after,
      disk: form.disk ?? "keep",
      ...(version !== undefined && { version }),
    };
  }
  if ("bitRot" in form) {
    sites.check(form.bitRot, [...path, "bitRot"]);
    return { kind: "bitRot", cloudlet: form.bitRot, at, entries: form.entries ?? 1 };
  }
  if ("restoreBackup" in form) {
    sites.check(form.restoreBackup, [...path, "restoreBackup"]);
    const of = instant(checkedQuantity("duration", form.of));
    if (of >= at) {
      problems.add([...path, "of"], `expected a time before at (${form.at}), found ${form.of}; take it earlier`);
    }
    const after = micros(checkedQuantity("duration", form.for));
    return { kind: "restoreBackup", cloudlet: form.restoreBackup, of, at, after };
  }
  if ("cloneDisk" in form) {
    sites.check(form.cloneDisk, [...path, "cloneDisk"]);
    sites.check(form.to, [...path, "to"]);
    if (form.to === form.cloneDisk) {
      problems.add([...path, "to"], `expected another cloudlet than ${form.cloneDisk}, found the same; name the other`);
    }
    const after = micros(checkedQuantity("duration", form.for));
    return { kind: "cloneDisk", source: form.cloneDisk, cloudlet: form.to, at, after };
  }
  if ("clockStep" in form) {
    sites.check(form.clockStep, [...path, "clockStep"]);
    return { kind: "clockStep", cloudlet: form.clockStep, at, by: checkedQuantity("offset", form.by) };
  }
  return unreachable(form);
}

function resolveSpan(form: { from: string; until?: string | undefined }, path: FormPath, context: FaultContext) {
  const from = moment(form.from, [...path, "from"], context);
  if (form.until === undefined) return { from: instant(from), until: null };
  const until = checkedQuantity("duration", form.until);
  if (until <= from) {
    context.problems.add(
      [...path, "until"],
      `expected a time after from (${form.from}), found ${form.until}; end it later`,
    );
  }
  return { from: instant(from), until: instant(until) };
}

/** A time before the load ends: afterwards everything is healed, and nothing breaks any more. */
function moment(text: string, path: FormPath, { duration, problems }: FaultContext): number {
  const value = checkedQuantity("duration", text);
  if (value >= duration) {
    problems.add(path, `expected a time before the load ends (duration), found ${text}; make one of them fit`);
  }
  return value;
}

/** Clocks that are not perfect, one entry per cloudlet in the order of the topology; later entries of the form win. */
export function resolveClocks(forms: NonNullable<ScenarioForm["clocks"]>, sites: SiteNames): ClockSetting[] {
  const settings = new Map<string, ClockSetting>();
  for (const [index, { at, offset = "0s", drift = "0ppm" }] of forms.entries()) {
    for (const cloudlet of sites.select(at, ["clocks", index, "at"])) {
      settings.set(cloudlet, {
        cloudlet,
        offset: checkedQuantity("offset", offset),
        driftPpm: checkedQuantity("drift", drift),
      });
    }
  }
  return sites.names.flatMap((name) => settings.get(name) ?? []);
}

/** Processors that take time, one entry per cloudlet in the order of the topology; later entries of the form win. */
export function resolveCpus(forms: NonNullable<ScenarioForm["cpus"]>, sites: SiteNames): CpuSetting[] {
  const settings = new Map<string, CpuSetting>();
  const time = (text: string | undefined): Duration =>
    micros(text === undefined ? 0 : checkedQuantity("duration", text));
  for (const [index, { at, request, receive, stored, fired, perKiB }] of forms.entries()) {
    const times = {
      request: time(request),
      receive: time(receive),
      stored: time(stored),
      fired: time(fired),
      perKiB: time(perKiB),
    };
    for (const cloudlet of sites.select(at, ["cpus", index, "at"])) settings.set(cloudlet, { cloudlet, ...times });
  }
  return sites.names.flatMap((name) => settings.get(name) ?? []);
}

/** Disks that are not the default, one entry per cloudlet in the order of the topology; later entries win. */
export function resolveDisks(forms: NonNullable<ScenarioForm["disks"]>, sites: SiteNames): DiskSetting[] {
  const settings = new Map<string, DiskSetting>();
  for (const [index, { at, sync }] of forms.entries()) {
    for (const cloudlet of sites.select(at, ["disks", index, "at"])) {
      settings.set(cloudlet, { cloudlet, sync: checkedSpread(sync) });
    }
  }
  return sites.names.flatMap((name) => settings.get(name) ?? []);
}
