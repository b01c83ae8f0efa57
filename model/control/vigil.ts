// Aliveness at one cloudlet: the lookout over those below and the reports to those above, as one part of the control layer. Gathers what
// a step brings, and looks at it when the step is through.
//
// Leaves out both of them (lookout.ts, reporter.ts).

import type { CloudletId } from "../ids.ts";
import type { Input, ReplicaEvent } from "../replication/io.ts";
import type { Message } from "../replication/messages.ts";
import type { CausalRecord } from "../replication/record.ts";
import { decode } from "../replication/wire.ts";
import type { Mark } from "./aliveness.ts";
import type { AlivenessSettings } from "./aliveness-settings.ts";
import type { Bench } from "./bench.ts";
import { evidenceInEvent, type FencingEvidence } from "./fencing.ts";
import { Lookout, type Sight } from "./lookout.ts";
import { type MarkKey, type MarkKeys } from "./mark-keys.ts";
import type { Registry } from "./registry.ts";
import { Reporter } from "./reporter.ts";
import type { JoinedView, ViewClass } from "./view.ts";

/** Bytes of a message that is read twice, to learn whether it acknowledges something: acknowledgements are short. */
const ACK_SIZE_MAX = 256;

/** The part of the control layer that is about who is alive. */
export class Vigil {
  readonly #bench: Bench;
  readonly #keys: MarkKeys;
  readonly #versions: (key: string) => readonly CausalRecord[];
  readonly #lookout: Lookout;
  readonly #reporter: Reporter;

  // What one step gathers.
  #heard: { readonly from: CloudletId; readonly message: Message | null } | null = null;
  #changed = new Map<string, MarkKey>();
  #evidence: FencingEvidence[] = [];
  readonly #below = (): JoinedView => this.#lookout.below();

  constructor(
    bench: Bench,
    settings: AlivenessSettings,
    keys: MarkKeys,
    registry: Registry,
    versions: (key: string) => readonly CausalRecord[],
    like: Vigil | null = null,
  ) {
    this.#bench = bench;
    this.#versions = versions;
    this.#keys = keys;
    this.#lookout = new Lookout(bench, this.#keys, settings, versions, registry, like === null ? null : like.#lookout);
    this.#reporter = new Reporter(bench, this.#keys, settings, like === null ? null : like.#reporter);
  }

  /** The process has started, and what its disk kept has been noted. */
  started(): void {
    const own = this.#versions(this.#keys.of("report", this.#bench.self));
    this.#reporter.started(own.flatMap((record) => (record.kind === "put" ? [record.value] : [])));
    // What others had told stands in the store; when it came is not known any more.
    for (const { kind, cloudlet } of this.#changed.values()) if (kind === "report") this.#lookout.reported(cloudlet);
    this.#lookout.adopt();
  }

  /** The planes have changed. */
  planes(): void {
    this.#reporter.planes(this.#bench.planes().control);
  }

  /** Something was observed here. */
  observe(of: ViewClass, value: number, text: string): void {
    this.#reporter.observe(of, value, text);
  }

  /** An input goes to the replica. */
  hear(input: Input): void {
    switch (input.kind) {
      case "receive":
        this.#heard = { from: input.from, message: input.message };
        break;
      case "receiveBytes": {
        const read = input.bytes.length <= ACK_SIZE_MAX ? decode(input.bytes) : null;
        this.#heard = { from: input.from, message: read?.kind === "message" ? read.message : null };
        break;
      }
      case "linkDown":
        this.#lookout.closed(input.peer);
        break;
      default:
        break;
    }
  }

  /** The replica sends something. */
  sent(to: CloudletId, message: Message): void {
    this.#lookout.sent(to, message);
  }

  /** The replica tells something. */
  heed(event: ReplicaEvent): void {
    // What is damaged is no sign of anybody.
    if (event.kind === "messageRefused") this.#heard = null;
    const evidence = evidenceInEvent(event);
    if (evidence !== null) this.#evidence.push(evidence);
    if (event.kind !== "planAdopted") return;
    this.#lookout.adopt();
    this.#reporter.adopt();
  }

  /** Something new stands at a key. */
  noteKey(key: string): void {
    const read = this.#keys.read(key);
    if (read !== null && read.kind !== "anew") this.#changed.set(key, read);
  }

  /** Looks at all that the step has brought, at time, and at what is due. */
  advance(): void {
    const heard = this.#heard;
    this.#heard = null;
    if (heard !== null) {
      this.#lookout.received(heard.from, heard.message);
      if (heard.from === this.#bench.topology().cloudlets[this.#bench.self]?.upper) this.#reporter.heardUpper();
    }
    if (this.#changed.size > 0) {
      const changed = this.#changed;
      this.#changed = new Map();
      for (const { kind, cloudlet } of changed.values()) {
        if (kind === "report") this.#lookout.reported(cloudlet);
        else this.#lookout.told(cloudlet);
      }
    }
    if (this.#evidence.length > 0) {
      for (const evidence of this.#evidence.splice(0)) this.#lookout.evidence(evidence);
    }
    this.#lookout.advance();
    this.#reporter.advance(this.#below);
  }

  /** When time alone may change something. */
  nextDue(): number {
    return Math.min(this.#lookout.nextDue(), this.#reporter.nextDue());
  }

  /** How a cloudlet is marked here; null where it is not below. */
  markOf(cloudlet: CloudletId): Mark | null {
    return this.#lookout.markOf(cloudlet);
  }

  /** Everyone below, as known here, with ages as of then. */
  sights(now: number): readonly Sight[] {
    return this.#lookout.sights(now);
  }

  /** One of them, below this cloudlet. */
  sight(cloudlet: CloudletId, now: number): Sight {
    return this.#lookout.sight(cloudlet, now);
  }

  /** All that decides what it does next, as one text. */
  get state(): string {
    return `${this.#lookout.state}${this.#reporter.state}`;
  }
}
