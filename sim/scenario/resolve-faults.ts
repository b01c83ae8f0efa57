/**
 * Faults, clocks, processors and disks: names checked, times in order, quantities in whole units.
 *
 * Leaves out what faults do, which is the simulator's.
 */
import { unreachable } from "../../model/assert.ts";
import { type Duration, instant, micros } from "../../model/units.ts";
import { DRIFT_PPM_MAX } from "../hosts/clock.ts";
import { expandFault, type SimpleForm } from "./expand-faults.ts";
import {
  checkLink,
  type FaultContext,
  type FaultForm,
  joinedBy,
  moment,
  resolveSpan,
  type SpanForm,
} from "./fault-places.ts";
import type { FormPath } from "./problem.ts";
import { showQuantity } from "./quantity.ts";
import { checkedQuantity, checkedSpread, type ProblemList, type SiteNames } from "./resolving.ts";
import type { ClockSetting, CpuSetting, DiskSetting, Fault, LinkHarm } from "./scenario.ts";
import type { ScenarioForm } from "./schema.ts";

/** A fault of the form, with its place. */
interface Placed {
  readonly fault: Fault;
  readonly path: FormPath;
}

/** The faults of a form, in the order of the file, composites as what they are made of. */
export function resolveFaults(forms: readonly FaultForm[], given: Omit<FaultContext, "joined">): Fault[] {
  const context: FaultContext = { ...given, joined: joinedBy(given.spec) };
  const placed = forms.flatMap((form, index): readonly Placed[] => {
    const path = ["faults", index];
    const expanded = expandFault(form, path, context);
    const faults = expanded ?? [resolveFault(form as SimpleForm, path, context)];
    if (faults.length > EXPANDED_MAX) {
      const many = `expected at most ${EXPANDED_MAX} changes, found ${faults.length}`;
      context.problems.add(path, `${many}; end it earlier, or let less happen in it`);
      return [];
    }
    return faults.map((fault) => ({ fault, path }));
  });
  checkOverlaps(placed, context);
  return placed.map(({ fault }) => fault);
}

/** What one composite may become. */
const EXPANDED_MAX = 10_000;

// What cannot be true at once of one cloudlet.
function checkOverlaps(placed: readonly Placed[], { problems, duration, clocks }: FaultContext): void {
  const last = new Map<string, { readonly until: number; readonly from: number }>();
  const turns = new Map<string, { readonly at: number; readonly by: number; readonly path: FormPath }[]>();
  const inOrder = placed.toSorted((one, other) => beginningOf(one.fault) - beginningOf(other.fault));
  for (const { fault, path } of inOrder) {
    if (fault.kind === "slowDisk" || fault.kind === "pause") {
      const key = JSON.stringify([fault.kind, fault.cloudlet]);
      const until = fault.until ?? duration;
      const former = last.get(key);
      if (former !== undefined && fault.from < former.until) {
        const found = `found one that begins ${showQuantity("duration", fault.from)} before another has ended`;
        problems.add(path, `expected one ${fault.kind} at a time of ${fault.cloudlet}, ${found}; move one of them`);
      }
      last.set(key, { from: fault.from, until });
    }
    if (fault.kind !== "clockDrift") continue;
    const list = turns.get(fault.cloudlet) ?? [];
    list.push({ at: fault.from, by: fault.ppm, path }, { at: fault.until ?? duration, by: -fault.ppm, path });
    turns.set(fault.cloudlet, list);
  }
  for (const [cloudlet, list] of turns) {
    let drift = clocks.find((setting) => setting.cloudlet === cloudlet)?.driftPpm ?? 0;
    for (const { at, by, path } of list.toSorted((one, other) => one.at - other.at || one.by - other.by)) {
      drift += by;
      if (Math.abs(drift) <= DRIFT_PPM_MAX) continue;
      const found = `found ${drift}ppm ${showQuantity("duration", at)} after the beginning, all together`;
      problems.add(path, `expected a clock of ${cloudlet} that is at most 10% off, ${found}; let it drift less`);
      break;
    }
  }
}

function beginningOf(fault: Fault): number {
  return "at" in fault ? fault.at : fault.from;
}

function resolveFault(form: SimpleForm, path: FormPath, context: FaultContext): Fault {
  const { sites, problems } = context;
  if ("linkDown" in form) {
    return { kind: "linkDown", ...resolveLink(form.linkDown, "linkDown", form, path, context) };
  }
  if ("clog" in form) return { kind: "clog", ...resolveLink(form.clog, "clog", form, path, context) };
  if ("degrade" in form) {
    const { a, b, direction, ...rest } = resolveLink(form.degrade, "degrade", form, path, context);
    return { kind: "degrade", a, b, direction, harm: resolveHarm(form, path, problems), ...rest };
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
  if ("fullDisk" in form) {
    sites.check(form.fullDisk, [...path, "fullDisk"]);
    return { kind: "fullDisk", cloudlet: form.fullDisk, ...resolveSpan(form, path, context) };
  }
  if ("slowDisk" in form) {
    sites.check(form.slowDisk, [...path, "slowDisk"]);
    const sync = checkedSpread(form.sync);
    return { kind: "slowDisk", cloudlet: form.slowDisk, sync, ...resolveSpan(form, path, context) };
  }
  if ("pause" in form) {
    sites.check(form.pause, [...path, "pause"]);
    return { kind: "pause", cloudlet: form.pause, clock: form.clock ?? "runs", ...resolveSpan(form, path, context) };
  }
  if ("clockDrift" in form) {
    sites.check(form.clockDrift, [...path, "clockDrift"]);
    const ppm = checkedQuantity("drift", form.by);
    return { kind: "clockDrift", cloudlet: form.clockDrift, ppm, ...resolveSpan(form, path, context) };
  }
  const at = instant(moment(form.at, [...path, "at"], context));
  if ("crash" in form) {
    sites.check(form.crash, [...path, "crash"]);
    const after = micros(checkedQuantity("duration", form.for));
    const { version } = form;
    const whenPending = form.when === "writesPending";
    return {
      kind: "crash",
      cloudlet: form.crash,
      at,
      after,
      disk: form.disk ?? "keep",
      ...(version !== undefined && { version }),
      ...(whenPending && { whenPending }),
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

type LinkForm = { readonly direction?: "both" | "forth" | "back" | undefined } & SpanForm;

function resolveLink(
  [a, b]: readonly [string, string],
  kind: string,
  form: LinkForm,
  path: FormPath,
  context: FaultContext,
) {
  checkLink([a, b], [...path, kind], context);
  return { a, b, direction: form.direction ?? ("both" as const), ...resolveSpan(form, path, context) };
}

function resolveHarm(form: Extract<SimpleForm, { degrade: unknown }>, path: FormPath, problems: ProblemList): LinkHarm {
  const share = (text: string | undefined): number => (text === undefined ? 0 : checkedQuantity("share", text));
  const time = (text: string | undefined): Duration =>
    micros(text === undefined ? 0 : checkedQuantity("duration", text));
  const bandwidth = form.bandwidth === undefined ? null : checkedQuantity("bandwidth", form.bandwidth);
  const harm: LinkHarm = {
    loss: share(form.loss),
    duplication: share(form.duplication),
    reordering: share(form.reordering),
    reorderDelay: time(form.reorderDelay),
    corruption: share(form.corruption),
    delay: time(form.delay),
    jitter: time(form.jitter),
    bandwidth,
  };
  const { loss, duplication, reordering, corruption, delay, jitter } = harm;
  const isHarmless = bandwidth === null && loss + duplication + reordering + corruption + delay + jitter === 0;
  if (bandwidth === 0) {
    problems.add(
      [...path, "bandwidth"],
      `expected some bandwidth, found ${form.bandwidth}; a link that carries nothing is down (linkDown) or clogged (clog)`,
    );
  } else if (isHarmless) {
    problems.add(
      path,
      "expected something that the link does worse, found nothing; add for example loss: 5%, or delay: 200ms",
    );
  }
  if (harm.reordering > 0 !== harm.reorderDelay > 0) {
    problems.add(path, "expected reordering and reorderDelay together, found one of them; add the other");
  }
  if (harm.jitter >= 2 ** 32) {
    problems.add([...path, "jitter"], `expected at most 1h of jitter, found ${form.jitter}; write less`);
  }
  return harm;
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
