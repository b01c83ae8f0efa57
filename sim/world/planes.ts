// The planes of a world, which carry operations out. They are apart from processes: a crash takes the process, and what its plane
// is at goes on without anybody to tell. A plane that fails stands still, and goes on with what it was at when it works
// again; it answers no question meanwhile. A plane may live on a store of several members (model/control/inner-quorum.ts): what it
// has carried out is a transaction of that store, and the plane fails with the majority.
//
// Leaves out who may tell a plane what (model/control/target.ts), and who judges it (oracles/operation-authority.ts).

import { assert } from "../../model/assert.ts";
import type { PlaneName } from "../../model/control/catalogue.ts";
import { InnerStore } from "../../model/control/inner-quorum.ts";
import type { ControlEffect, Outcome } from "../../model/control/io.ts";
import type { OperationId } from "../../model/control/operation.ts";
import { healthyPlanes, type Planes } from "../../model/control/planes.ts";
import type { CloudletId } from "../../model/ids.ts";
import type { Rng } from "../../model/random.ts";
import type { Topology } from "../../model/topology/topology.ts";
import { later, type Instant } from "../../model/units.ts";
import type { OnlyControl } from "../hosts/control-kinds.ts";
import { samplerOf, type Sampler } from "../kernel/distributions.ts";
import type { DiskFailure } from "../oracles/observer.ts";
import type { OperationTruth } from "../oracles/operation-truth.ts";
import type { OperationsSetting } from "../scenario/operations.ts";

/** What planes do, as the integer `a` of its event; `b` is an index. */
export const CARRIED_OUT = 2;
/** One answers a question. */
export const ANSWERS = 3;
/** One fails, or works again. */
export const PLANE_FAILS = 4;
export const PLANE_HEALS = 5;

/** What planes need of their world. */
export interface Yard {
  readonly truth: OperationTruth;
  readonly rng: Rng;
  readonly cloudletNames: readonly string[];
  /** The plan that its process goes by. */
  readonly planOf: (cloudlet: CloudletId) => Topology;
  readonly now: () => Instant;
  readonly push: (at: Instant, what: number, index: number) => void;
  readonly named: (name: string) => CloudletId;
  readonly isRunning: (cloudlet: CloudletId) => boolean;
  /** Hands it to a process, which comes to it in its turn. */
  readonly step: (cloudlet: CloudletId, input: OnlyControl) => void;
}

interface Deed {
  readonly id: OperationId;
  readonly cloudlet: CloudletId;
  readonly plane: PlaneName;
  readonly isOwn: boolean;
  /** What the plane will say. */
  readonly kind: "done" | "failed";
  isDone: boolean;
  isSuspended: boolean;
  readonly at: Instant;
  /** The life of the process that is to be told. */
  life: number;
}

interface Inquiry {
  readonly cloudlet: CloudletId;
  readonly id: OperationId;
  readonly plane: PlaneName;
}

interface Place {
  /** Of its process. */
  life: number;
  /** How they are, as its process was told. */
  told: Planes;
  /** Neighbours that it can reach, as it was told. */
  readonly open: Set<CloudletId>;
  readonly missing: Set<PlaneName>;
  /** Those that live on its disk. */
  readonly forgetful: Set<PlaneName>;
  /** Parts per million of its operations that each plane fails at. */
  readonly failures: Record<PlaneName, number>;
  /** What each plane lives on, and in how many outages each member of that is. */
  readonly stores: Record<PlaneName, { readonly store: InnerStore; readonly outages: number[] }>;
}

type Told = Extract<ControlEffect, { readonly kind: "execute" }>;
type Asked = Extract<ControlEffect, { readonly kind: "inquire" }>;

/** All of them. */
export class PlanesAtWork {
  readonly #yard: Yard;
  readonly #places: readonly Place[];
  readonly #outages: OperationsSetting["outages"];
  readonly #takes: Sampler;
  readonly #deeds: Deed[] = [];
  readonly #deedOf = new Map<OperationId, Deed>();
  readonly #inquiries: Inquiry[] = [];
  #isOver = false;

  constructor({ takes, missing, outages, failures, forgetful = [], stores = [] }: OperationsSetting, yard: Yard) {
    this.#yard = yard;
    this.#outages = outages;
    this.#takes = samplerOf(takes);
    this.#places = yard.cloudletNames.map((name) => ({
      life: 0,
      told: healthyPlanes,
      open: new Set(),
      missing: new Set(missing.filter(({ cloudlet }) => cloudlet === name).map(({ plane }) => plane)),
      forgetful: new Set(forgetful.filter(({ cloudlet }) => cloudlet === name).map(({ plane }) => plane)),
      failures: { control: shareOf(failures, name, "control"), management: shareOf(failures, name, "management") },
      stores: { control: storeOf(stores, name, "control"), management: storeOf(stores, name, "management") },
    }));
    yard.truth.tell({ diskGone: (cloudlet, failure) => void this.#diskGone(cloudlet, failure) });
    for (const [index, { from, until }] of outages.entries()) {
      yard.push(from, PLANE_FAILS, index);
      if (until !== null) yard.push(until, PLANE_HEALS, index);
    }
  }

  /** A process is about to start. */
  started(cloudlet: CloudletId): void {
    const place = this.#place(cloudlet);
    place.life += 1;
    place.told = this.of(cloudlet);
    place.open.clear();
  }

  /** It is told of the way to a neighbour. */
  linkTold(cloudlet: CloudletId, peer: CloudletId, isOpen: boolean): void {
    const { open } = this.#place(cloudlet);
    if (isOpen) open.add(peer);
    else open.delete(peer);
  }

  /** Its process comes to the word of how they are. */
  hear(cloudlet: CloudletId, planes: Planes): void {
    this.#place(cloudlet).told = planes;
  }

  /** The same as `of`, as its process was told. */
  told(cloudlet: CloudletId): Planes {
    return this.#place(cloudlet).told;
  }

  /** How the planes of a cloudlet are now. */
  of(cloudlet: CloudletId): Planes {
    const { missing, stores } = this.#place(cloudlet);
    const stateOf = (plane: PlaneName): Planes[PlaneName] => (missing.has(plane) ? "none" : stores[plane].store.plane);
    return { control: stateOf("control"), management: stateOf("management") };
  }

  /** A plane is told of an operation. Nothing here takes a step of the control layer. */
  begin(cloudlet: CloudletId, { operation, plane, by }: Told): void {
    const { truth, now, push, rng } = this.#yard;
    const { life, open, failures, told } = this.#place(cloudlet);
    const { upper = null } = this.#yard.planOf(cloudlet).cloudlets[cloudlet] ?? {};
    const isUpperOpen = upper !== null && open.has(upper);
    truth.begun(now(), cloudlet, operation, { plane, by, state: told[plane], isUpperOpen });
    const deed: Deed = {
      id: operation.id,
      cloudlet,
      plane,
      isOwn: by === "own",
      // Who carries it out in its place is not said to fail.
      kind: by === "own" && failures[plane] > 0 && rng.chance(failures[plane]) ? "failed" : "done",
      isDone: false,
      isSuspended: false,
      at: now(),
      life,
    };
    this.#deeds.push(deed);
    this.#deedOf.set(operation.id, deed);
    push(later(now(), this.#takes(rng)), CARRIED_OUT, this.#deeds.length - 1);
  }

  /** A plane is asked what became of an operation; it answers at this instant, later in its order. */
  inquire(cloudlet: CloudletId, { operation, plane }: Asked): void {
    const { now, push } = this.#yard;
    this.#inquiries.push({ cloudlet, id: operation, plane });
    push(now(), ANSWERS, this.#inquiries.length - 1);
  }

  /** Handles an event of theirs. */
  due(what: number, index: number): void {
    switch (what) {
      case CARRIED_OUT:
        this.#carriedOut(this.#deeds[index] as Deed);
        break;
      case ANSWERS:
        this.#answer(this.#inquiries[index] as Inquiry);
        break;
      case PLANE_FAILS:
      case PLANE_HEALS: {
        const { cloudlet, plane, members } = this.#outages[index] as OperationsSetting["outages"][number];
        if (this.#isOver) break;
        const id = this.#yard.named(cloudlet);
        const { outages } = this.#place(id).stores[plane];
        for (const member of members ?? outages.keys()) {
          outages[member] = (outages[member] ?? 0) + (what === PLANE_FAILS ? 1 : -1);
        }
        this.#turn(id, plane);
        break;
      }
      default:
        assert(false, "an event of planes of no known kind");
    }
  }

  /** The load is over: all planes that there are work. */
  heal(): void {
    this.#isOver = true;
    for (const [cloudlet, { stores }] of this.#places.entries()) {
      for (const plane of ["control", "management"] as const) {
        const { outages } = stores[plane];
        if (outages.every((count) => count === 0)) continue;
        outages.fill(0);
        this.#turn(cloudlet as CloudletId, plane);
      }
    }
  }

  #carriedOut(deed: Deed): void {
    const { isRunning, truth, step } = this.#yard;
    const { stores, life } = this.#place(deed.cloudlet);
    if (deed.isOwn) {
      const { store, outages } = stores[deed.plane];
      // One member keeps what it does in mind; several have to agree on it.
      const committed = outages.length === 1 ? { kind: store.plane } : store.write(deed.id, deed.kind);
      if (committed.kind === "failed" || committed.kind === "refused") {
        deed.isSuspended = true;
        return;
      }
    }
    assert(!deed.isDone, "a deed that is done once");
    deed.isDone = true;
    truth.carriedOut(deed.id, deed.kind);
    if (deed.life !== life || !isRunning(deed.cloudlet)) return;
    step(deed.cloudlet, { kind: "executed", operation: deed.id, outcome: outcomeOf(deed) });
  }

  // Who is asked while it is at it answers when it is through.
  #answer({ cloudlet, id, plane }: Inquiry): void {
    const { isRunning, step } = this.#yard;
    const { stores, life } = this.#place(cloudlet);
    const { store, outages } = stores[plane];
    if (!isRunning(cloudlet) || store.plane === "failed") return;
    const deed = this.#deedOf.get(id);
    if (deed !== undefined && !deed.isDone) {
      deed.life = life;
      return;
    }
    if (deed?.isOwn === true && outages.length > 1) {
      const found = store.read(id);
      assert(found.kind === "read" && found.value === deed.kind, "a store that has lost what was committed to it");
    }
    const outcome: Outcome = deed === undefined ? { kind: "never" } : outcomeOf(deed);
    step(cloudlet, { kind: "answered", operation: id, outcome });
  }

  // A plane that lives on a disk knows what that holds now. What it is at it goes on with, and nobody is told.
  #diskGone(cloudlet: CloudletId, failure: DiskFailure): void {
    const { forgetful } = this.#place(cloudlet);
    const isOther = failure.kind === "replaced" || failure.kind === "restored" || failure.kind === "cloned";
    if (!isOther || forgetful.size === 0) return;
    const since = failure.kind === "restored" ? failure.of : 0;
    for (const [id, deed] of this.#deedOf) {
      if (deed.cloudlet !== cloudlet || !deed.isOwn || !forgetful.has(deed.plane) || deed.at < since) continue;
      this.#deedOf.delete(id);
      this.#yard.truth.forgotten.forgot(cloudlet, id, failure.kind === "replaced" ? "emptied" : "replaced");
    }
  }

  // Members of its store have gone down or come back.
  #turn(cloudlet: CloudletId, plane: PlaneName): void {
    const { isRunning, now, push, step } = this.#yard;
    const { store, outages } = this.#place(cloudlet).stores[plane];
    for (const [member, count] of outages.entries()) store.set(member, count === 0);
    if (isRunning(cloudlet)) step(cloudlet, { kind: "planes", planes: this.of(cloudlet) });
    if (store.plane === "failed") return;
    for (const [index, deed] of this.#deeds.entries()) {
      if (!deed.isSuspended || deed.cloudlet !== cloudlet || deed.plane !== plane) continue;
      deed.isSuspended = false;
      push(now(), CARRIED_OUT, index);
    }
  }

  #place(cloudlet: CloudletId): Place {
    return this.#places[cloudlet] as Place;
  }
}

function outcomeOf({ kind }: Deed): Extract<Outcome, { readonly kind: "done" | "failed" }> {
  return { kind, detail: kind === "done" ? "" : "the plane could not do it" };
}

function shareOf(failures: OperationsSetting["failures"], name: string, which: PlaneName): number {
  return failures.find(({ cloudlet, plane }) => cloudlet === name && plane === which)?.share ?? 0;
}

function storeOf(
  stores: NonNullable<OperationsSetting["stores"]>,
  name: string,
  which: PlaneName,
): { readonly store: InnerStore; readonly outages: number[] } {
  const members = stores.find(({ cloudlet, plane }) => cloudlet === name && plane === which)?.members ?? 1;
  return { store: new InnerStore(members), outages: Array.from({ length: members }, () => 0) };
}
