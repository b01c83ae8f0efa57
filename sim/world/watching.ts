// Who watches whom in a world: what is observed at cloudlets, what people say of those below, and what control layers make of it. Where no
// process runs nothing is observed; a person whose process is down says it once it has started again.
//
// A layer is looked at as a person would look: just before a cloudlet right below it is heard again, and when that one stops being
// connected. So whoever judges sees what was shown at its oldest.
//
// Leaves out what marks and views are (model/control), and what is right of them (oracles/mark-rules.ts, oracles/view-age.ts).

import { assert } from "../../model/assert.ts";
import type { ControlCore } from "../../model/control/control-core.ts";
import type { ControlEffect } from "../../model/control/io.ts";
import type { Planes } from "../../model/control/planes.ts";
import type { ViewClass } from "../../model/control/view.ts";
import type { CloudletId } from "../../model/ids.ts";
import type { Rng } from "../../model/random.ts";
import type { LocalTime } from "../../model/replication/io.ts";
import type { Topology } from "../../model/topology/topology.ts";
import { later, type Instant } from "../../model/units.ts";
import type { OnlyControl } from "../hosts/control-kinds.ts";
import { samplerOf, type Sampler } from "../kernel/distributions.ts";
import type { WatchEvent } from "../oracles/observer.ts";
import type { AlivenessSetting, ObservedSource } from "../scenario/aliveness.ts";

/** What happens, as the integer `a` of its event; `b` is an index. */
export const OBSERVES = 6;
/** A person speaks. */
export const CONFIRMS = 7;

/** What they need of their world. */
export interface Tower {
  readonly topology: Topology;
  readonly rng: Rng;
  readonly now: () => Instant;
  readonly push: (at: Instant, what: number, index: number) => void;
  readonly named: (name: string) => CloudletId;
  /** The plan that its process goes by. */
  readonly planOf: (cloudlet: CloudletId) => Topology;
  readonly isRunning: (cloudlet: CloudletId) => boolean;
  /** Hands it to a process, which comes to it in its turn. */
  readonly step: (cloudlet: CloudletId, input: OnlyControl) => void;
  /** Its clocks, as they show now. */
  readonly timeAt: (cloudlet: CloudletId) => LocalTime;
  readonly tell: (cloudlet: CloudletId, event: WatchEvent) => void;
}

interface Post {
  readonly cloudlet: CloudletId;
  readonly of: ViewClass;
  readonly source: ObservedSource;
  readonly interval: Sampler;
  readonly rng: Rng;
  count: number;
}

interface Place {
  layer: ControlCore | null;
  /** What people have to say and it has not come to, by index. */
  readonly unsaid: Set<number>;
  /** Of these, what this life has been told and has not come to. */
  readonly said: Map<OnlyControl, number>;
  /** When each cloudlet right below was looked at last. */
  readonly lookedAt: Map<CloudletId, Instant>;
}

/** All of it. */
export class Watching {
  readonly #setting: AlivenessSetting;
  readonly #tower: Tower;
  readonly #posts: Post[] = [];
  readonly #places: readonly Place[];
  #isOver = false;

  constructor(setting: AlivenessSetting, tower: Tower) {
    this.#setting = setting;
    this.#tower = tower;
    this.#places = tower.topology.cloudlets.map(() => ({
      layer: null,
      unsaid: new Set(),
      said: new Map(),
      lookedAt: new Map(),
    }));
    for (const [index, source] of setting.observed.entries()) {
      for (const name of source.at) for (const of of source.classes) this.#addPost(source, index, name, of);
    }
    for (const [index, { at }] of setting.confirmations.entries()) tower.push(at, CONFIRMS, index);
  }

  /** A process is about to start, with these planes and this layer. What people have waited to say comes next. */
  starting(cloudlet: CloudletId, layer: ControlCore, planes: Planes): void {
    const { now, push, tell } = this.#tower;
    const place = this.#place(cloudlet);
    place.layer = layer;
    place.lookedAt.clear();
    tell(cloudlet, { kind: "planes", planes });
    place.said.clear();
    for (const index of place.unsaid) push(now(), CONFIRMS, index);
  }

  /** A layer takes a step with something that only it hears. */
  stepping(cloudlet: CloudletId, input: OnlyControl, step: () => void): void {
    if (input.kind === "confirm" && this.#tower.planOf(cloudlet).relation(cloudlet, input.about) !== "lower") {
      // He is told that he is not above it any more, and lets it be.
      const { said, unsaid } = this.#place(cloudlet);
      unsaid.delete(said.get(input) ?? -1);
      said.delete(input);
    } else this.#telling(cloudlet, input);
    step();
    if (input.kind === "issue") this.#tower.tell(cloudlet, { kind: "heard", target: input.request.target });
  }

  #telling(cloudlet: CloudletId, input: OnlyControl): void {
    const { tell } = this.#tower;
    switch (input.kind) {
      case "planes":
        tell(cloudlet, { kind: "planes", planes: input.planes });
        break;
      case "issue":
        tell(cloudlet, { kind: "asks", target: input.request.target });
        break;
      case "observe":
        tell(cloudlet, { kind: "observed", of: input.of, value: input.value, text: input.text });
        break;
      case "confirm": {
        const { said, unsaid } = this.#place(cloudlet);
        unsaid.delete(said.get(input) ?? -1);
        said.delete(input);
        tell(cloudlet, { kind: "confirms", about: input.about, says: input.says });
        break;
      }
      default:
        break;
    }
  }

  /** A message from there is about to be handled. */
  hearing(cloudlet: CloudletId, from: CloudletId): void {
    const { now, planOf } = this.#tower;
    if (planOf(cloudlet).cloudlets[from]?.upper !== cloudlet) return;
    const { lookedAt } = this.#place(cloudlet);
    // What comes within a moment of the last look shows nothing that is much older.
    const pause = this.#setting.settings.reporting.period / LOOKS_PER_PERIOD;
    if (now() - (lookedAt.get(from) ?? -Infinity) < pause) return;
    this.#look(cloudlet, from);
  }

  /** Handles an event of theirs. */
  due(what: number, index: number): void {
    if (what === OBSERVES) this.#observe(this.#posts[index] as Post, index);
    else this.#confirm(index);
  }

  /** What a layer tells. Nothing here takes a step of it. */
  heed(cloudlet: CloudletId, effect: ControlEffect): void {
    const { tell, planOf } = this.#tower;
    assert(
      effect.kind !== "notConfirmed" || planOf(cloudlet).plan > 0,
      "a person said something of a cloudlet that is not below",
    );
    if (effect.kind === "issued") tell(cloudlet, { kind: "answers", result: effect.result });
    if (effect.kind !== "marked") return;
    const { cloudlet: about, from, to } = effect;
    if (planOf(cloudlet).cloudlets[about]?.upper === cloudlet) this.#look(cloudlet, about);
    tell(cloudlet, { kind: "marked", about, from, to });
  }

  /** The load is over: nothing is observed any more. Who could not say what he had to, says it when he can. */
  stop(): void {
    this.#isOver = true;
    for (const [cloudlet, { layer }] of this.#places.entries()) {
      if (layer === null || !this.#tower.isRunning(cloudlet as CloudletId)) continue;
      for (const { id, upper } of this.#tower.planOf(cloudlet as CloudletId).cloudlets) {
        if (upper === (cloudlet as CloudletId)) this.#look(cloudlet as CloudletId, id);
      }
    }
  }

  #addPost(source: ObservedSource, index: number, name: string, of: ViewClass): void {
    const { named, now, push } = this.#tower;
    const rng = this.#tower.rng.fork(`${index}/${name}/${of}`);
    const interval = samplerOf(source.interval);
    this.#posts.push({ cloudlet: named(name), of, source, interval, rng, count: 0 });
    push(later(now(), interval(rng)), OBSERVES, this.#posts.length - 1);
  }

  #observe(post: Post, index: number): void {
    if (this.#isOver) return;
    const { now, push, isRunning, step } = this.#tower;
    const { cloudlet, of, rng, interval } = post;
    push(later(now(), interval(rng)), OBSERVES, index);
    const { least, most } = post.source;
    const value = least + rng.intInclusive(most - least);
    if (!isRunning(cloudlet)) return;
    post.count += 1;
    // Its name: whoever is shown it later can tell which one it is.
    const text = `${index}.${post.count}`;
    step(cloudlet, { kind: "observe", of, value, text });
  }

  #confirm(index: number): void {
    const { named, isRunning, step } = this.#tower;
    const word = this.#setting.confirmations[index];
    assert(word !== undefined, "a word that nobody was to say");
    const { by, about, says, detail } = word;
    const cloudlet = named(by);
    const { said, unsaid } = this.#place(cloudlet);
    unsaid.add(index);
    if (!isRunning(cloudlet) || [...said.values()].includes(index)) return;
    const input: OnlyControl = { kind: "confirm", about: named(about), says, detail };
    said.set(input, index);
    step(cloudlet, input);
  }

  #look(cloudlet: CloudletId, about: CloudletId): void {
    const { now, tell, timeAt } = this.#tower;
    const { layer, lookedAt } = this.#place(cloudlet);
    const sight = layer?.sight(about, timeAt(cloudlet)) ?? null;
    if (sight === null) return;
    lookedAt.set(about, now());
    tell(cloudlet, { kind: "looked", about, sight });
  }

  #place(cloudlet: CloudletId): Place {
    return this.#places[cloudlet] as Place;
  }
}

/** How often a cloudlet that is heard all the time is looked at, in one period of its reports. */
const LOOKS_PER_PERIOD = 4;
