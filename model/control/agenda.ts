// Which of the operations that stand open at a target have to be looked at now, so that a look costs what has changed and not what waits.
// Looking at all of them every time would come to the same; a test says so.
//
// What may become of an operation changes only
// 1. when it changes itself, or time passes a point that it waits for, or planes, links or plans change: then all are looked at;
// 2. when another one on its object changes, or one that it comes after;
// 3. when its plane has room again.
// They are looked at in one order, higher priorities first, of one priority the older. What a look at one changes about those that come
// later in this order is seen in the same round, about earlier ones in the next.

import { Few } from "../few.ts";
import type { Book } from "./book.ts";
import type { Line } from "./line.ts";
import type { PlaneName } from "./catalogue.ts";
import type { OperationId } from "./operation.ts";

/** What the agenda asks about an operation. */
export interface AgendaSubject {
  /** The plane that would carry it out; null where that is not known. */
  planeOf(line: Line): PlaneName | null;
  /** What it is done to, as a name that no two objects share; null where that is not known. */
  objectOf(line: Line): string | null;
  /** Is a plane told of it, or about to be? */
  isBegun(line: Line): boolean;
}

const nobody: readonly Line[] = [];
/** So many are gone through to find one. */
const fewLines = 8;

/** The open operations of one target, and which of them are due for a look. */
export class Agenda {
  readonly #book: Book;
  readonly #subject: AgendaSubject;
  // By object, each in the order in which they were opened. What is not here any more may still be in it.
  readonly #byObject = new Few<string, Line[]>();
  // By the bare name of the object.
  readonly #byName = new Few<string, Line[]>();
  // By what they come after.
  readonly #followers = new Few<OperationId, Set<Line>>();
  readonly #known = new Few<Line, true>();
  readonly #begun = new Few<Line, true>();
  readonly #untilRoom = { control: new LineHeap(), management: new LineHeap() };
  // To be looked at in the next round.
  #touched = new Set<Line>();
  // The round that is under way, and where it stands.
  #round: LineHeap | null = null;
  #current: Line | null = null;
  // Nothing is known yet.
  #isNew = true;

  constructor(book: Book, subject: AgendaSubject) {
    this.#book = book;
    this.#subject = subject;
  }

  /** Something about an operation for this cloudlet has changed. */
  changed(line: Line): void {
    if (this.#isNew) return;
    if (this.#book.isHere(line) && line.subject !== null) this.#add(line);
    else this.#remove(line);
    this.#touch(line);
    this.freed(line);
    for (const follower of this.#followers.get(line.id) ?? []) this.#touch(follower);
  }

  /** It holds up others on its object no more, or soon will not. */
  freed({ subject }: Line): void {
    for (const other of this.#byName.get(subject?.object ?? "") ?? nobody) this.#touch(other);
  }

  /** Would a round look at nothing, all not being looked at? */
  get isIdle(): boolean {
    const { control, management } = this.#untilRoom;
    return !this.#isNew && this.#touched.size === 0 && control.isEmpty && management.isEmpty;
  }

  /** Those on one object, in the order in which they were opened. */
  get(object: string): readonly Line[] {
    const lines = this.#byObject.get(object);
    if (lines === undefined) return nobody;
    return lines.every((line) => this.#book.isHere(line)) ? lines : lines.filter((line) => this.#book.isHere(line));
  }

  /**
   * A round begins. Returns how many operations each plane is at.
   *
   * @param isAll are all to be looked at, whatever has changed?
   */
  begin(isAll: boolean): Record<PlaneName, number> {
    const busy = { control: 0, management: 0 };
    if (isAll || this.#isNew) this.#learnAll();
    for (const line of this.#begun.keys()) {
      const plane = this.#subject.planeOf(line);
      if (plane === null || !this.#book.isHere(line) || !this.#subject.isBegun(line)) this.#begun.delete(line);
      else busy[plane] += 1;
    }
    return busy;
  }

  /** Would a round look at anything, with planes at so many operations? */
  hasWork(busy: Readonly<Record<PlaneName, number>>, parallel: number): boolean {
    const { control, management } = this.#untilRoom;
    if (this.#touched.size > 0) return true;
    return (busy.control < parallel && !control.isEmpty) || (busy.management < parallel && !management.isEmpty);
  }

  /**
   * One round.
   *
   * @param busy what `begin` has returned; counted up by `look`
   */
  round(busy: Readonly<Record<PlaneName, number>>, parallel: number, look: (line: Line) => void): void {
    const round = new LineHeap(this.#touched);
    if (this.#touched.size > 0) this.#touched = new Set();
    this.#round = round;
    for (;;) {
      let from = round;
      for (const plane of ["control", "management"] as const) {
        const waiting = this.#untilRoom[plane];
        if (busy[plane] < parallel && waiting.isBefore(from)) from = waiting;
      }
      const line = from.pop();
      if (line === null) break;
      if (line === this.#current) continue;
      this.#current = line;
      if (!this.#book.isHere(line)) continue;
      look(line);
      const plane = this.#subject.planeOf(line);
      if (this.#subject.isBegun(line)) this.#begun.set(line, true);
      else if (plane !== null && line.operation !== null && busy[plane] >= parallel) this.#untilRoom[plane].add(line);
    }
    this.#round = null;
    this.#current = null;
  }

  #touch(line: Line): void {
    if (!this.#known.has(line)) return;
    if (this.#round !== null && this.#current !== null && isBefore(this.#current, line)) this.#round.add(line);
    else this.#touched.add(line);
  }

  #learnAll(): void {
    this.#isNew = false;
    for (const index of [this.#byObject, this.#byName, this.#followers, this.#known, this.#begun]) index.clear();
    for (const line of this.#book.here()) if (line.subject !== null) this.#add(line);
    this.#touched = new Set(this.#known.keys());
  }

  #add(line: Line): void {
    if (this.#subject.isBegun(line)) this.#begun.set(line, true);
    const object = this.#subject.objectOf(line);
    const name = line.subject?.object ?? "";
    if (!this.#known.has(line)) insert(this.#byName, name, line);
    // Of an operation that is not known yet, only how it ended, one may learn later what it is.
    if (object !== null && this.#byObject.get(object)?.includes(line) !== true) insert(this.#byObject, object, line);
    for (const id of line.operation?.after ?? []) {
      const followers = this.#followers.get(id);
      if (followers === undefined) this.#followers.set(id, new Set([line]));
      else followers.add(line);
    }
    this.#known.set(line, true);
  }

  #remove(line: Line): void {
    if (!this.#known.delete(line)) return;
    this.#begun.delete(line);
    const object = this.#subject.objectOf(line);
    if (object !== null) takeOut(this.#byObject, object, line);
    takeOut(this.#byName, line.subject?.object ?? "", line);
    for (const id of line.operation?.after ?? []) {
      const followers = this.#followers.get(id);
      followers?.delete(line);
      if (followers?.size === 0) this.#followers.delete(id);
    }
  }
}

function insert(index: Few<string, Line[]>, name: string, line: Line): void {
  const lines = index.get(name);
  if (lines === undefined) {
    index.set(name, [line]);
    return;
  }
  let place = lines.length;
  while (place > 0 && (lines[place - 1] as Line).order > line.order) place -= 1;
  lines.splice(place, 0, line);
}

function takeOut(index: Few<string, Line[]>, name: string, line: Line): void {
  const lines = index.get(name);
  const place = lines?.indexOf(line) ?? -1;
  if (lines === undefined || place < 0) return;
  lines.splice(place, 1);
  if (lines.length === 0) index.delete(name);
}

// Higher priorities first, of one priority the older.
function isBefore(a: Line, b: Line): boolean {
  const priorities = (b.operation?.priority ?? 0) - (a.operation?.priority ?? 0);
  return (priorities || a.order - b.order) < 0;
}

/** Lines, the first of them on top; each once. */
class LineHeap {
  readonly #lines: Line[] = [];
  // Null while there are few.
  #members: Set<Line> | null = null;

  constructor(lines: Iterable<Line> = nobody) {
    for (const line of lines) this.add(line);
  }

  get isEmpty(): boolean {
    return this.#lines.length === 0;
  }

  add(line: Line): void {
    const lines = this.#lines;
    if (this.#members === null ? lines.includes(line) : this.#members.has(line)) return;
    if (this.#members !== null) this.#members.add(line);
    else if (lines.length === fewLines) this.#members = new Set([...lines, line]);
    let at = lines.length;
    lines.push(line);
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (!isBefore(line, lines[above] as Line)) break;
      lines[at] = lines[above] as Line;
      at = above;
    }
    lines[at] = line;
  }

  /** Is the first of these before the first of those? */
  isBefore(other: LineHeap): boolean {
    const [mine, its] = [this.#lines[0], other.#lines[0]];
    return mine !== undefined && (its === undefined || isBefore(mine, its));
  }

  pop(): Line | null {
    const lines = this.#lines;
    const first = lines[0];
    const last = lines.pop();
    if (first === undefined || last === undefined) return null;
    this.#members?.delete(first);
    if (lines.length === 0) return first;
    let at = 0;
    for (;;) {
      let below = at * 2 + 1;
      if (below >= lines.length) break;
      if (below + 1 < lines.length && isBefore(lines[below + 1] as Line, lines[below] as Line)) below += 1;
      if (!isBefore(lines[below] as Line, last)) break;
      lines[at] = lines[below] as Line;
      at = below;
    }
    lines[at] = last;
    return first;
  }
}
