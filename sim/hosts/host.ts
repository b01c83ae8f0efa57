// One cloudlet's machine: its clocks, its disk, its processor and, while it runs, its process with the replication core. The machine
// outlives the process: clocks go on through a crash, the disk keeps what was synced, and incarnations are counted by
// the machine and never by the disk.
//
// Leaves out: carrying out effects and everything between machines (world.ts).

import { assert } from "../../model/assert.ts";
import type { CloudletId, Incarnation } from "../../model/ids.ts";
import { listOf } from "../../model/lists.ts";
import type { DiskImage, ReplicationCore } from "../../model/replication/io.ts";
import type { StoredEntry } from "../../model/replication/log.ts";
import { dotName } from "../../model/replication/record.ts";
import { firstVersionAlone } from "../../model/replication/wire-config.ts";
import type { WireConfig } from "../../model/replication/wire-config.ts";
import type { Rng } from "../../model/random.ts";
import { micros, type Duration, type Instant } from "../../model/units.ts";
import { samplerOf, type Sampler } from "../kernel/distributions.ts";
import type { RngRoot } from "../kernel/rng.ts";
import type { CpuTimes, Scenario } from "../scenario/scenario.ts";
import type { Clock } from "./clock.ts";
import { Cpu } from "./cpu.ts";
import { declaredClocks } from "./declared-clocks.ts";
import { Rot, type DiskReader } from "./rot.ts";
import type { Quirks } from "../quirks/quirks.ts";
import { LATE_TIMER_MAX, STANDING_MAX } from "../quirks/table.ts";
import { Disk, NO_SYNC, type CrashLoss, type DiskImage as DiskBackup } from "./disk.ts";

type Backup = DiskBackup<StoredEntry>;

/** Planted bugs of machines; none by default. */
export interface MachineBugs {
  /** True: incarnations are counted in the header of the disk. */
  readonly countsOnDisk?: true;
  /** How damaged disks are read. */
  readonly reader?: Exclude<DiskReader, "checks">;
}

/** How a machine is made. Both streams are its own. */
export interface HostOptions {
  readonly clock: Clock;
  readonly disk: Disk<StoredEntry>;
  readonly cpu: Cpu | null;
  readonly diskRng: Rng;
  readonly timerRng: Rng;
  /** How long syncs usually take. */
  readonly sync: Sampler;
  readonly bugs: MachineBugs;
  readonly quirks: Quirks;
  readonly wire: WireConfig;
  /** After this instant nobody reads the disk any more: what it holds durably need not be kept. */
  readonly readUntil: Instant;
}

/** Microseconds that quirks add at most. */
const LATE_SYNC_MAX = 250_000;

/** A machine. */
export class Host {
  readonly id: CloudletId;
  readonly clock: Clock;
  readonly disk: Disk<StoredEntry>;
  /** Null: inputs are handled in no time. */
  readonly cpu: Cpu | null;
  readonly diskRng: Rng;
  /** The process; null while it is down. */
  core: ReplicationCore | null = null;
  /** Of the present or last process; 0 before the first. */
  incarnation = 0 as Incarnation;
  /** Versions of the byte form that its software knows. */
  wire: WireConfig;
  readonly #readUntil: Instant;
  readonly #timerRng: Rng;
  readonly #sync: Sampler;
  // Null until its disk is slow.
  #slowRng: Rng | null = null;
  // Null until bits rot.
  #rot: Rot | null = null;
  readonly #bugs: MachineBugs;
  readonly #quirks: Quirks;
  // What its clock showed at the last step of a process.
  #shown = 0;
  // The core counts log positions for itself; the disk counts entries over its life.
  #positionOffset = 0;
  #checkpoint: DiskImage["checkpoint"] = null;

  constructor(id: CloudletId, options: HostOptions) {
    this.id = id;
    this.wire = options.wire;
    this.clock = options.clock;
    this.disk = options.disk;
    this.cpu = options.cpu;
    this.diskRng = options.diskRng;
    this.#readUntil = options.readUntil;
    this.#timerRng = options.timerRng;
    this.#bugs = options.bugs;
    this.#quirks = options.quirks;
    this.#sync = options.sync;
  }

  /** Syncs that begin from now on take another time, drawn from a stream of its own; null: the usual one. */
  slowDown(sync: Sampler | null): void {
    if (sync === null) {
      this.disk.setLatency(this.#sync);
      return;
    }
    const rng = (this.#slowRng ??= this.diskRng.fork("slow"));
    this.disk.setLatency(() => sync(rng));
  }

  /** Begins the next life of the process; the caller steps it with `started`. */
  start(core: ReplicationCore): Incarnation {
    assert(this.core === null, "a process started twice");
    this.core = core;
    const starts = this.disk.countStart();
    this.incarnation = (this.#bugs.countsOnDisk === true ? starts : this.incarnation + 1) as Incarnation;
    this.#positionOffset = 0;
    return this.incarnation;
  }

  /** What the disk returns now. */
  image(): DiskImage {
    return { checkpoint: this.#checkpoint, entries: this.disk.durable() };
  }

  /** Bits flip in so many of the entries that the disk holds durably, its checkpoint among them. */
  rot(count: number): void {
    this.#rot ??= new Rot(this.diskRng.fork("rot"));
    this.#rot.strike(this.image(), count);
  }

  /** What a restart finds that it cannot read any more is dropped, and told where there is any. */
  scrub(tell: (lost: readonly StoredEntry[], isCheckpointLost: boolean) => void): void {
    if (this.#rot === null) return;
    const read = this.#rot.read(this.image(), this.#bugs.reader ?? "checks");
    this.#rot.forget();
    if (read === null) return;
    this.#checkpoint = read.checkpoint;
    this.disk.rewrite(read.entries);
    if (read.lost.length > 0) tell(read.lost, read.isCheckpointLost);
  }

  /** A backup of what can be read. */
  backUp(): Backup {
    const { entries, starts } = this.disk.image();
    return { entries: this.#rot?.readable(entries) ?? entries, starts };
  }

  /** Another disk takes the place of this one (disk.ts). Backups and copies have no checkpoints. */
  replaceDisk(image: Backup | null): readonly StoredEntry[] {
    assert(image === null || this.#checkpoint === null, "a backup cannot tell which checkpoint was before it");
    const checkpoint = this.#checkpoint;
    this.#checkpoint = null;
    this.#rot?.forget();
    const lost = this.disk.replace(image);
    return checkpoint === null ? lost : [checkpoint.cut, ...checkpoint.waiting, ...checkpoint.cuts, ...lost];
  }

  /** A snapshot takes the place of all that the disk holds up to the core's position; false when there is none. */
  keep(upTo: number): boolean {
    const position = upTo - this.#positionOffset;
    // A disk that lies has confirmed more than it has.
    if (position > this.disk.durableUpTo) return false;
    const snapshot = this.core?.snapshot() ?? null;
    if (snapshot === null) return false;
    this.#checkpoint = snapshot;
    this.disk.forget(position);
    return true;
  }

  /** Appends what the core wants stored; `upTo` is the core's position of the last entry. */
  store(entries: readonly StoredEntry[], upTo: number): void {
    for (const entry of entries) this.disk.append(entry);
    this.#positionOffset = upTo - this.disk.appendedUpTo;
  }

  /** Begins a sync of all that was appended (disk.ts). Returns when it is over, or `NO_SYNC`. */
  beginSync(now: Instant): number {
    const { disk } = this;
    const at = disk.beginSync(now, this.diskRng);
    if (at === NO_SYNC) return at;
    if (disk.syncingCount > 1 && this.#quirks.acts("short-sync", this.id)) disk.shortenSync();
    return this.#quirks.acts("late-sync", this.id) ? at + this.#quirks.amount("late-sync", LATE_SYNC_MAX) : at;
  }

  /** A sync is over. Returns the disk's position up to which everything is said to be durable (disk.ts). */
  endSync(now: Instant, epoch: number): number {
    const upTo = this.disk.endSync(epoch);
    // A sync that a crash has ended says nothing: the disk is still to be read by the process that comes after it.
    if (upTo !== NO_SYNC && now > this.#readUntil) this.disk.forget(this.disk.durableUpTo);
    return upTo;
  }

  /** The core's position for one of the disk's. */
  corePosition(diskPosition: number): number {
    return diskPosition + this.#positionOffset;
  }

  /** The process ends. Returns what became of what was not durable; with `tears`, some of it may have survived. */
  crash(now: Instant, tears: boolean): CrashLoss<StoredEntry> {
    assert(this.core !== null, "a crash of what does not run");
    this.core = null;
    this.cpu?.crash(now);
    return this.disk.crash(tears ? { kind: "prefixSurvives", rng: this.diskRng } : { kind: "allLost" });
  }

  /** What a process that takes a step now is told of the time. */
  tellTime(now: Instant, into: { monotonic: number; wall: number }): void {
    const monotonic = this.clock.monotonic(now);
    const since = monotonic - this.#shown;
    const stands = since > 0 && since <= STANDING_MAX && this.#quirks.acts("standing-clock", this.id);
    if (!stands) this.#shown = monotonic;
    into.monotonic = this.#shown;
    into.wall = monotonic + this.clock.offset;
  }

  /** The instant of true time at which a timer armed now, with this range of local time, is to fire. */
  timerInstant(now: Instant, [min, max]: readonly [min: Duration, max: Duration]): Instant {
    assert(min <= max, "a timer's range ends before it begins");
    const drawn = min === max ? min : min + Math.floor(this.#timerRng.double() * (max - min + 1));
    const after = this.#oddly(drawn, min, max);
    return this.clock.instantOf(now, this.clock.monotonic(now) + after);
  }

  #oddly(after: number, min: number, max: number): number {
    const quirks = this.#quirks;
    if (min < max && quirks.acts("edge-timer", this.id)) return quirks.amount("edge-timer", 2) === 1 ? min : max;
    return quirks.acts("late-timer", this.id) ? max + quirks.amount("late-timer", LATE_TIMER_MAX) : after;
  }
}

// Two disks have the same record where both have its name and what it says, whichever objects they hold it as. A cut is one's own.
function contentOf(entry: StoredEntry): unknown {
  if (entry.kind === "cut") return entry;
  return `${dotName(entry.dot)} ${entry.kind} ${entry.key} ${entry.value}`;
}

/** The machines of a scenario, by cloudlet. */
export function createHosts(
  scenario: Scenario,
  names: readonly string[],
  rng: RngRoot,
  bugs: MachineBugs,
  quirks: Quirks,
): readonly Host[] {
  const clocks = declaredClocks(names, scenario.clocks);
  const usualSync = samplerOf(scenario.diskSync);
  const syncs = new Map<string, Sampler>(scenario.disks.map((disk) => [disk.cloudlet, samplerOf(disk.sync)]));
  const cpus = new Map(scenario.cpus.map((cpu) => [cpu.cloudlet, cpu]));
  const readUntil = lastReads(scenario);
  const disks = rng.stream.fork("disks");
  const timers = rng.stream.fork("timers");
  const versions = new Map(scenario.wire.versions.map((setting) => [setting.cloudlet, setting]));
  const paused = new Set(scenario.faults.flatMap((fault) => (fault.kind === "pause" ? [fault.cloudlet] : [])));
  return listOf(names, (name, index) => {
    const cpu = cpus.get(name);
    const sync = syncs.get(name) ?? usualSync;
    return new Host(index as CloudletId, {
      clock: clocks[index] as Clock,
      disk: new Disk<StoredEntry>(sync, contentOf),
      sync,
      cpu: cpu !== undefined ? new Cpu(cpu) : paused.has(name) ? new Cpu(noTime, false) : null,
      diskRng: disks.fork(name),
      timerRng: timers.fork(name),
      bugs,
      quirks,
      wire: versions.get(name) ?? firstVersionAlone,
      readUntil: readUntil(name),
    });
  });
}

const noTime: CpuTimes = {
  request: micros(0),
  receive: micros(0),
  stored: micros(0),
  fired: micros(0),
  perKiB: micros(0),
};

// When the disk of each cloudlet is read last: when a process ends that comes back with it, or with a copy of it, or when bits rot.
// A disk that may be given a checkpoint counts its entries, and is told apart by nothing else.
function lastReads({ faults, logs, duration, quirks = [] }: Scenario): (name: string) => Instant {
  const last = new Map<string, number>();
  const reads = (name: string, at: number): void => void last.set(name, Math.max(at, last.get(name) ?? -1));
  for (const fault of faults) {
    if (fault.kind === "crash") reads(fault.cloudlet, fault.whenPending === true ? duration : fault.at);
    if (fault.kind === "restoreBackup" || fault.kind === "bitRot") reads(fault.cloudlet, fault.at);
    if (fault.kind === "cloneDisk") for (const name of [fault.cloudlet, fault.source]) reads(name, fault.at);
  }
  const maySurprise = quirks.some(({ quirk }) => quirk === "crash-at-delivery" || quirk === "early-checkpoint");
  return (name) => (logs.checkpoint === null && !maySurprise ? (last.get(name) ?? -1) : Infinity) as Instant;
}
