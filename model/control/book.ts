// The book of one cloudlet: a line for every operation that it has to do with and that is not over. All of it is read off the
// records that stand in the store, but for when a line was opened and what is on its way to the disk: after a restart the
// book is read anew, and time is counted from then on.
//
// A line of an operation that merely waits here for somebody below is put to rest: it is a row of numbers until something changes about
// it, or somebody asks for it (resting.ts). Lines are handed out for one step, and not to be kept by whoever asks: an operation that has
// rested comes back as another object.
//
// A line is dropped when the operation is over and this cloudlet owes nothing more about it. What became of it can still be
// looked up among the records.

import { Few } from "../few.ts";
import type { CloudletId } from "../ids.ts";
import { adding, nothing } from "../replication/adding.ts";
import type { ReplicationCore } from "../replication/io.ts";
import type { CausalRecord } from "../replication/record.ts";
import { bytes, type Bytes } from "../units.ts";
import { wordAmong, type End, type Said } from "./ends.ts";
import type { ControlKey, Keys } from "./keys.ts";
import type { Carrier } from "./scopes.ts";
import { asWritten, isAtRest, newLine, places, type Line } from "./line.ts";
import { LineQueue } from "./line-queue.ts";
import { issuerOf, numberOf, weightOf, type Operation, type OperationId } from "./operation.ts";
import { RestingRows } from "./resting.ts";
import type { QueueState } from "./queue.ts";

const noRows: readonly number[] = [];
const noLines: readonly Line[] = [];
const emptyQueue: QueueState = { records: 0, bytes: 0, standing: () => [] };

/** The lines of one cloudlet, and the queues that they stand in. */
export class Book {
  /** Major upgrades that this cloudlet has carried out, of all that it has read. */
  readonly upgrades: Set<OperationId>;
  readonly #self: CloudletId;
  readonly #keys: Keys;
  readonly #store: Pick<ReplicationCore, "versions" | "shelving">;
  readonly #versions: (key: string) => readonly CausalRecord[];
  // The next cloudlet on the way to a target; null when the target is not below, or custody is not handed on.
  readonly #next: (target: CloudletId) => CloudletId | null;
  // Does custody go from one to the next? Else nothing ever stands where it would be handed on.
  readonly #isHandedOn: boolean;
  readonly #lines = new Few<OperationId, Line>();
  readonly #here = new Few<OperationId, Line>();
  readonly #queues = new Map<CloudletId, LineQueue>();
  // The one that was asked for last: of one target it is asked several times in a row.
  #lastQueue: LineQueue | undefined = undefined;
  readonly #rows: RestingRows;
  readonly #shelvesFrom: number;
  // Lines that were looked at in this step, and may rest after it.
  #looked: Line[] = nothing;
  #opened = 0;
  #placed = 0;

  constructor(
    self: CloudletId,
    keys: Keys,
    store: Pick<ReplicationCore, "versions" | "shelving">,
    next: ((target: CloudletId) => CloudletId | null) | null,
    shelvesFrom: number,
    like: Book | null = null,
  ) {
    this.#shelvesFrom = shelvesFrom;
    this.#self = self;
    this.#keys = keys;
    this.#store = store;
    this.#versions = (key) => store.versions(key);
    this.#next = next ?? (() => null);
    this.#isHandedOn = next !== null;
    this.#rows = like === null ? new RestingRows() : like.#rows.clone();
    this.upgrades = new Set(like?.upgrades);
    if (like === null) return;
    this.#opened = like.#opened;
    this.#placed = like.#placed;
    for (const line of like.#lines.values()) this.#lines.set(line.id, { ...line });
    for (const id of like.#here.keys()) this.#here.set(id, this.#lines.get(id) as Line);
    for (const [target, queue] of like.#queues) {
      const copy = new LineQueue(target, this.#rows);
      copy.resting = queue.resting;
      copy.isMixed = queue.isMixed;
      for (const id of queue.lines.keys()) copy.add(this.#lines.get(id) as Line);
      for (const lines of queue.byObject.values()) {
        for (const { id } of Symbol.iterator in lines ? lines : [lines]) copy.note(this.#lines.get(id) as Line);
      }
      copy.bytes = queue.bytes;
      this.#queues.set(target, copy);
    }
    this.#looked = like.#looked.flatMap(({ id }) => this.#lines.get(id) ?? []);
  }

  /** The line of that name, or null. */
  line(id: OperationId): Line | null {
    const line = this.#lines.get(id);
    if (line !== undefined) return line;
    if (this.#rows.size === 0) return null;
    const { incarnation, number } = numberOf(id);
    const row = this.#rows.find(issuerOf(id), incarnation, number);
    return row < 0 ? null : this.#wake(row, id);
  }

  /** All lines, in the order in which they were opened. */
  lines(): Iterable<Line> {
    for (const row of this.#rows.all()) this.#wake(row);
    return [...this.#lines.values()].sort((a, b) => a.order - b.order);
  }

  /** To be called when all that follows from a step is seen to: what merely waits rests. */
  rest(): void {
    if (this.#looked.length === 0) return;
    let keys: string[] = nothing;
    let rows: number[] = nothing;
    for (const line of this.#looked) {
      if (this.#lines.get(line.id) !== line || !isAtRest(line, this.#self)) continue;
      const row = this.#putToRest(line);
      if (row < 0 || this.#rows.size <= this.#shelvesFrom) continue;
      keys = adding(keys, this.directiveKey(line));
      rows = adding(rows, row);
    }
    const shelved = keys.length === 0 ? noRows : (this.#store.shelving?.shelve(keys) ?? noRows);
    for (let at = 0; at < shelved.length; at += 1) this.#rows.shelve(rows[at] as number, shelved[at] as number);
    this.#looked = nothing;
  }

  /** What stands here for that target and has no end, the oldest first. */
  queue(target: CloudletId): QueueState {
    return this.#queueOf(target) ?? emptyQueue;
  }

  /** The open lines of one target that are about one object, in whosever custody they are, the oldest first. */
  about(target: CloudletId, object: string): Iterable<Line> {
    const queue = this.#queueOf(target);
    if (queue === undefined) return noLines;
    const rows = queue.resting === 0 ? noRows : this.#rows.about(target, object);
    for (const row of rows) this.#wake(row);
    const lines = queue.byObject.get(object);
    if (lines === undefined) return noLines;
    if (!(lines instanceof Set)) return [lines];
    return queue.isMixed ? [...lines].sort((a, b) => a.place - b.place) : lines;
  }

  /** What is for this cloudlet itself and has no final end, in the order in which it came. */
  here(): Iterable<Line> {
    return this.#here.values();
  }

  /** Is this line, as it is, among those? */
  isHere(line: Line): boolean {
    return this.#here.get(line.id) === line;
  }

  /** An operation is accepted here; it is on its way to the disk. */
  accept(operation: Operation, text: string, weight: Bytes, now: number): Line {
    const line = this.#open(operation.id, operation.target, now);
    line.operation = operation;
    line.subject = operation;
    line.written = { text, word: { says: "operation", operation } };
    line.weight = weight;
    line.writing = "operation";
    this.count(line);
    return line;
  }

  /** Reads anew what stands at a key; the line that it belongs to, or null when there is nothing to keep. */
  refresh(key: string, read: ControlKey, now: number): Line | null {
    const { carrier, cloudlet, operation: id } = read;
    const known = this.line(id);
    if (known !== null) {
      this.#looked = adding(this.#looked, known);
      this.#noteKey(known, key, read);
      this.#readKey(known, key, carrier, cloudlet, now);
      return known;
    }
    const said = wordAmong(id, this.#versions(key));
    // Whoever has it no more, and who gives an end back that is not his to tell, says nothing of what stands here.
    if (said === null || said.word.says === "taken" || ("to" in said.word && said.word.to !== null)) return null;
    const target = said.word.says === "operation" ? said.word.operation.target : cloudlet;
    const line = this.#open(id, target, now);
    this.#noteKey(line, key, read);
    // There may be more of it here than this key: a line that was dropped is opened again with all that is known.
    const next = this.#next(target);
    this.#read(line, "results", target, now);
    if (target !== this.#self) this.#read(line, "results", this.#self, now);
    if (next !== null) this.#read(line, "results", next, now);
    if (this.#isHandedOn) {
      this.#read(line, "custody", this.#self, now);
      if (next !== null) this.#read(line, "custody", next, now);
      this.#read(line, "held", target, now);
    }
    this.#read(line, "directives", target, now);
    return line;
  }

  /** Whether a line counts in its queue follows from what it says; to be called when that changes. */
  count(line: Line): void {
    const isOpen =
      (line.directive === "open" || line.writing === "operation") &&
      line.result !== "end" &&
      line.writing !== "provisional" &&
      line.writing !== "end";
    const isQueued = isOpen && (line.writing === "operation" || this.#isHere(line));
    if (isOpen === line.isOpen && isQueued === line.isQueued) return;
    let queue = this.#queueOf(line.target);
    if (queue === undefined) this.#queues.set(line.target, (queue = new LineQueue(line.target, this.#rows)));
    if (isQueued && !line.isQueued) {
      this.#placed += 1;
      line.place = this.#placed;
    }
    if (isOpen !== line.isOpen) queue[isOpen ? "note" : "forget"](line);
    if (isQueued !== line.isQueued) queue[isQueued ? "add" : "remove"](line);
    line.isOpen = isOpen;
    line.isQueued = isQueued;
  }

  /** Nothing more is owed about it. */
  drop(line: Line): void {
    line.directive = "over";
    line.writing = null;
    this.count(line);
    this.#lines.delete(line.id);
    this.#here.delete(line.id);
  }

  /** How an operation ended for good that there is no line of any more; null when it has not, or is unknown here. */
  pastEnd(id: OperationId, target: CloudletId): End | null {
    const there = (carrier: "directives" | "results"): readonly CausalRecord[] =>
      this.#versions(this.#keys.of(carrier, target, id));
    const result = wordAmong(id, there("results"));
    if (result?.word.says === "end") return result.word.end;
    const directive = wordAmong(id, there("directives"));
    return directive?.word.says === "over" ? directive.word.end : null;
  }

  /** Where its directive stands: the same text whenever it is asked, which the store finds without reading it anew. */
  directiveKey(line: Line): string {
    line.directiveKey ??= this.#keys.of("directives", line.target, line.id);
    return line.directiveKey;
  }

  /** Where its target's results stand. */
  resultKey(line: Line): string {
    line.resultKey ??= this.#keys.of("results", line.target, line.id);
    return line.resultKey;
  }

  /** Its directive is about to be replaced: where it lies is known here. */
  point(line: Line): void {
    if (line.shelf >= 0) this.#store.shelving?.point(line.shelf, this.directiveKey(line));
  }

  /** Does what was written here last about it stand among its directives? */
  hasStored(line: Line): boolean {
    const there = this.#versions(this.directiveKey(line));
    return there.some((record) => record.kind === "put" && record.value === line.written?.text);
  }

  /** Is anything known here of that name? */
  isKnown(id: OperationId, target: CloudletId): boolean {
    const stands = (key: string): boolean => this.#versions(key).length > 0;
    if (this.#lines.has(id) || stands(this.#keys.of("directives", target, id))) return true;
    return stands(this.#keys.of("results", target, id));
  }

  /** Has its target said that it begins it, and no more than that? */
  isBegun(id: OperationId, target: CloudletId): boolean {
    return wordAmong(id, this.#versions(this.#keys.of("results", target, id)))?.word.says === "intent";
  }

  #queueOf(target: CloudletId): LineQueue | undefined {
    if (this.#lastQueue?.target !== target) this.#lastQueue = this.#queues.get(target);
    return this.#lastQueue;
  }

  #open(id: OperationId, target: CloudletId, now: number): Line {
    this.#opened += 1;
    const line = newLine(id, target, this.#opened, now);
    this.#lines.set(id, line);
    if (target === this.#self) this.#here.set(id, line);
    this.#looked = adding(this.#looked, line);
    return line;
  }

  // Its row; -1 where it is not put to rest.
  #putToRest(line: Line): number {
    const { id, target, weight, order, place, since } = line;
    const { object, priority } = line.operation as Operation;
    const { incarnation, number } = numberOf(id);
    const said = {
      issuer: issuerOf(id),
      incarnation,
      number,
      target,
      weight,
      priority,
      order,
      place,
      since,
      shelf: -1,
    };
    const row = this.#rows.add(said, object);
    if (row < 0) return row;
    const queue = this.#queueOf(target) as LineQueue;
    queue.remove(line);
    queue.forget(line);
    queue.bytes += weight;
    queue.resting += 1;
    queue.isMixed = true;
    this.#lines.delete(id);
    return row;
  }

  // As it was when it was put to rest. What it says may have been replaced just now: that is read with what has changed.
  #wake(row: number, name: OperationId | null = null): Line {
    const { issuer, incarnation, number, target, weight, order, place, since, shelf } = this.#rows.read(row);
    this.#rows.remove(row);
    const id = name ?? (`${issuer}.${incarnation}.${number}` as OperationId);
    const line = newLine(id, target, order, since);
    line.place = place;
    line.weight = bytes(weight);
    const lying = this.#store.shelving?.shelved(shelf, this.#keys.prefix("directives", target), id) ?? null;
    if (lying !== null) [line.directiveKey, line.shelf] = [lying.key, shelf];
    const versions = lying === null ? this.#versions(this.directiveKey(line)) : [lying];
    const said = wordAmong(id, versions);
    if (said?.word.says === "operation") {
      line.operation = said.word.operation;
      line.subject = said.word.operation;
      line.stamp = versions.find(({ dot }) => dot === said.dot)?.stamp ?? null;
    } else if (said !== null) line.subject = said.word.subject;
    this.#lines.set(id, line);
    this.#looked = adding(this.#looked, line);
    const queue = this.#queueOf(target) as LineQueue;
    queue.resting -= 1;
    queue.bytes -= weight;
    // What took its place cannot be read here: as after a restart, nothing of it is left.
    if (said === null) return line;
    line.directive = "open";
    line.places = places.directive;
    line.isOpen = true;
    line.isQueued = true;
    queue.add(line);
    queue.note(line);
    return line;
  }

  #read(line: Line, carrier: Carrier, cloudlet: CloudletId, now: number): void {
    this.#readKey(line, this.#keyOf(line, carrier, cloudlet), carrier, cloudlet, now);
  }

  #keyOf(line: Line, carrier: Carrier, cloudlet: CloudletId): string {
    if (cloudlet !== line.target) return this.#keys.of(carrier, cloudlet, line.id);
    if (carrier === "directives") return this.directiveKey(line);
    return carrier === "results" ? this.resultKey(line) : this.#keys.of(carrier, cloudlet, line.id);
  }

  #noteKey(line: Line, key: string, { carrier, cloudlet }: Pick<ControlKey, "carrier" | "cloudlet">): void {
    if (cloudlet !== line.target) return;
    if (carrier === "directives") line.directiveKey ??= key;
    else if (carrier === "results") line.resultKey ??= key;
  }

  #readKey(line: Line, key: string, carrier: Carrier, cloudlet: CloudletId, now: number): void {
    const versions = this.#versions(key);
    const said = asWritten(line, versions) ?? wordAmong(line.id, versions);
    if (carrier === "results") {
      this.#readResult(line, cloudlet, said);
    } else if (carrier === "directives") {
      this.#readDirective(line, said, key, now);
    } else {
      const place = carrier === "held" ? places.held : cloudlet === this.#self ? places.came : places.handed;
      if (place === places.handed && said?.word.says !== "operation" && this.#standsOnTheWay(line, cloudlet)) return;
      this.#readPlace(line, place, said, key, now);
    }
    if (said !== null && said.word.says !== "operation") line.subject ??= said.word.subject;
    if (line.result === "end") this.#here.delete(line.id);
    this.count(line);
  }

  // Under another plan it is handed another way: what goes at the former one says nothing then.
  #standsOnTheWay({ id, target }: Line, former: CloudletId): boolean {
    const next = this.#next(target);
    if (next === null || next === former) return false;
    return wordAmong(id, this.#versions(this.#keys.of("custody", next, id)))?.word.says === "operation";
  }

  // Whoever has said anything of an operation has it, but for who gives all of it back.
  #readResult(line: Line, cloudlet: CloudletId, said: Said | null): void {
    const isTaken = said !== null && said.word.says !== "operation";
    if (isTaken && cloudlet === this.#self) line.isTakenHere = true;
    else if (isTaken && (cloudlet === line.target || cloudlet === this.#next(line.target))) {
      line.isTakenNext = true;
    }
    if (cloudlet !== line.target) return;
    const says = said?.word.says;
    line.result = says === "intent" || says === "end" ? says : "none";
    if (said?.word.says === "end") [line.final, line.finalDot] = [said.word.end, said.dot];
  }

  // What an issuer keeps of an operation that others have custody of takes no room in its queue.
  #isHere({ places: where, target }: Line): boolean {
    return (where & ~places.held) !== 0 || target === this.#self;
  }

  #readDirective(line: Line, said: Said | null, key: string, now: number): void {
    if (said === null) return;
    const { word } = said;
    if (word.says === "end" || word.says === "over") {
      line.directive = word.says === "end" ? "ending" : "over";
      line.ending = word.end;
      line.places &= ~places.directive;
      return;
    }
    this.#readPlace(line, places.directive, said, key, now);
  }

  // The operation stands there, or does not any more.
  #readPlace(line: Line, place: number, said: Said | null, key: string, now: number): void {
    const word = said?.word;
    const stands = word?.says === "operation" && word.operation.target === line.target;
    line.places = stands ? line.places | place : line.places & ~place;
    if (line.directive === "none" || line.directive === "open") {
      if (line.directive === "none" && stands && line.writing !== "operation") line.since = now;
      line.directive = line.places === 0 ? "none" : "open";
    }
    if (!stands || line.operation !== null) return;
    const record = this.#versions(key).find(({ dot }) => dot === said?.dot);
    line.operation = word.operation;
    line.subject = word.operation;
    line.stamp = record?.stamp ?? null;
    line.weight = weightOf(record?.value ?? "");
  }
}
