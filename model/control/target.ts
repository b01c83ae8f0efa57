// A cloudlet as the target of operations: which of those that stand here may begin, and what becomes of them. The target alone
// decides final ends.
//
// The way of an operation that is carried out:
// 1. It stands open here; what it comes after is done, its plane works, nothing else is being done to its object.
// 2. The intent is written among the results, and stored. Only then the plane is told: `execute`.
// 3. The plane says that it is through: the end takes the place of the intent.
// A process that ends between 2 and 3 leaves an intent without an end. The next one asks the plane, and does not tell it again:
// `inquire`. A plane that was never told is told now. One that does not answer is asked again, until somebody gives the operation up or
// its time is over: then it has failed, and nobody knows how far.
//
// An operation that has an end among the results is never begun, under whatever record it may come again. Where the results may have been
// lost with a disk, the plane is asked first (former-lives.ts).

import type { CloudletId } from "../ids.ts";
import type { PendingRecord } from "../replication/io.ts";
import type { Dot } from "../replication/record.ts";
import { Agenda } from "./agenda.ts";
import type { Bench } from "./bench.ts";
import { places, type Line } from "./line.ts";
import type { OperationKind, PlaneName, Verb } from "./catalogue.ts";
import type { Closing } from "./closing.ts";
import { judgeConflict } from "./conflicts.ts";
import { endText, subjectText, type End, type EndKind, type EndReason, type Subject } from "./ends.ts";
import { FormerLives } from "./former-lives.ts";
import type { Outcome } from "./io.ts";
import { compareIds, issuerOf, type Operation, type OperationId } from "./operation.ts";
import { executorOf } from "./planes.ts";
import { schemaOf } from "./software.ts";

/** What was done to an object, for those that come later. */
interface Deed {
  readonly id: OperationId;
  readonly verb: Verb;
  readonly dot: Dot;
}

// Deeds that are remembered of one object: conflicts with older ones are not noticed any more.
const deedsMax = 32;

/** What is going on at the planes, as it stands in one round. */
interface Places {
  readonly byObject: { get(object: string): readonly Line[] };
  /** Operations that each plane is at. */
  readonly busy: Record<PlaneName, number>;
}

/** What to do with an operation now. */
type Decision = { readonly kind: "wait" } | { readonly kind: "begin" } | { readonly kind: "end"; readonly end: End };

const wait: Decision = { kind: "wait" };

/** The operations that are targeted at one cloudlet. */
export class Target {
  readonly #bench: Bench;
  readonly #closing: Closing;
  readonly #deeds: Map<string, readonly Deed[]>;
  readonly #former: FormerLives;
  // Of which the plane was asked.
  readonly #asked = new Map<OperationId, Line>();
  readonly #agenda: Agenda;
  // Before then no operation that waits here is late that was not when it was looked at last.
  #nextLate = -Infinity;

  constructor(bench: Bench, closing: Closing, pending: () => readonly PendingRecord[], like: Target | null = null) {
    this.#bench = bench;
    this.#closing = closing;
    this.#deeds = new Map(like === null ? null : like.#deeds);
    this.#former = new FormerLives(bench, pending, like === null ? null : like.#former);
    const { catalogue } = bench.settings;
    this.#agenda = new Agenda(bench.book, {
      planeOf: ({ subject }) => catalogue.get(subject?.kind ?? "")?.plane ?? null,
      objectOf: ({ subject }) => {
        const kind = catalogue.get(subject?.kind ?? "");
        return subject === null || kind === undefined ? null : objectOf(subject, kind);
      },
      isBegun: (line) => this.#isBegun(line),
    });
    if (like === null) return;
    for (const id of like.#asked.keys()) this.#asked.set(id, bench.book.line(id) as Line);
  }

  /** Something about an operation for this cloudlet has changed. */
  changed(line: Line): void {
    this.#heed(line);
    this.#agenda.changed(line);
  }

  /**
   * Goes over what stands open here: higher priorities first, of one priority the older.
   *
   * @param isAll has anything changed besides operations that were told as changed?
   */
  advance(isAll: boolean): void {
    const { rules, settings } = this.#bench;
    const now = this.#bench.now().monotonic;
    const isDue = now >= this.#nextLate || now >= this.nextDue();
    const looksAtAll = isAll || isDue || rules.looksAtAll();
    if (!looksAtAll && this.#agenda.isIdle) return;
    if (looksAtAll) this.#nextLate = Infinity;
    const busy = this.#agenda.begin(looksAtAll);
    if (!this.#agenda.hasWork(busy, settings.parallel)) return;
    const found: Places = { byObject: this.#agenda, busy };
    this.#agenda.round(busy, settings.parallel, (line) => {
      this.#advanceOne(line, found);
      if (line.operation === null || line.operation.expiry === null || line.isRunning) return;
      const late = line.since + line.operation.expiry - line.operation.age;
      if (late > now) this.#nextLate = Math.min(this.#nextLate, late);
    });
  }

  /** A plane is through. */
  executed(id: OperationId, outcome: Extract<Outcome, { readonly kind: "done" | "failed" }>): void {
    const line = this.#bench.book.line(id);
    // What has ended meanwhile, since the plane was silent for too long, stays ended.
    if (line === null || line.result === "end" || line.writing === "end") return;
    const { ending } = line;
    const { kind, detail } = outcome;
    const isOverruled = ending !== null && !this.#bench.rules.doneBeatsEnd();
    this.#end(line, isOverruled ? ending : this.#endOf(kind, "executed", null, detail));
  }

  /** A plane says what it knows of an operation. */
  answered(id: OperationId, outcome: Outcome): void {
    const line = this.#bench.book.line(id);
    if (line === null || line.answerBy === Infinity) return;
    switch (outcome.kind) {
      case "done":
      case "failed":
        this.executed(id, outcome);
        break;
      case "never":
        this.#forgetAsked(line);
        // Its plane has forgotten, or was stopped before it was told: nobody knows which.
        if (this.#closing.anew.hadBegun(id)) {
          this.#end(line, this.#endOf("failed", "unknown"));
          break;
        }
        this.#former.neverTold(id);
        if (line.result === "intent") this.#beginNow(line);
        break;
      case "unknown":
        this.#end(line, this.#endOf("failed", "unknown"));
        break;
    }
  }

  /** When this has to be looked at again though nothing happens. */
  nextDue(): number {
    let due = Infinity;
    for (const line of this.#asked.values()) due = Math.min(due, line.answerBy);
    return due;
  }

  #heed(line: Line): void {
    if (line.writing === "intent" && line.result === "intent") {
      line.writing = null;
      this.#beginNow(line);
    }
    // Its receipt is a word, too.
    if (line.result !== "none" || line.isTakenHere) this.#former.stands(line.id);
    // Its issuer knows how it ended, whatever is known here.
    if (line.directive === "over" && line.result === "none") this.#forgetAsked(line);
    if (line.result !== "end") return;
    if (line.writing === "end" || line.writing === "intent") line.writing = null;
    line.isRunning = false;
    this.#forgetAsked(line);
    this.#former.forget(line.id);
    this.#remember(line);
  }

  #advanceOne(line: Line, found: Places): void {
    if (line.writing !== null) return;
    if (line.answerBy <= this.#bench.now().monotonic && this.#isUnanswered(line)) return;
    if (line.result === "intent") {
      this.#resume(line);
      return;
    }
    const decision = this.#decide(line, found);
    // It may have been done, and whoever issued it may know that.
    if (decision.kind === "end" && this.#closing.anew.isAwaited(issuerOf(line.id))) return;
    if (decision.kind !== "wait" && this.#former.mayHaveBegun(line)) {
      this.#ask(line);
      return;
    }
    switch (decision.kind) {
      case "wait":
        break;
      case "end":
        this.#end(line, decision.end);
        break;
      case "begin":
        this.#begin(line);
        break;
    }
  }

  #decide(line: Line, found: Places): Decision {
    const { rules, settings } = this.#bench;
    const { operation, ending, id } = line;
    if (line.directive === "over" || this.#closing.anew.isOver(id) || this.#former.isUnderWay(id)) return wait;
    if (line.directive === "ending" && ending !== null) return { kind: "end", end: ending };
    // Where custody is handed on, it begins once this cloudlet has a copy of its own.
    const isKept = (line.places & (places.directive | places.held)) !== 0;
    if (operation === null || line.directive !== "open" || !isKept) return wait;
    if (this.#isLate(line, operation) && !rules.beginsLate()) return this.#ends("expired", "time");
    const issuer = issuerOf(id);
    if (!this.#heeds(issuer)) return this.#ends("failed", "authority");
    if (!this.#closing.mayBegin(issuer)) return wait;
    const before = this.#before(operation);
    if (before !== null) return before;
    const kind = settings.catalogue.get(operation.kind);
    if (kind === undefined || (operation.needs > schemaOf(this.#bench) && rules.awaitsVersion())) return wait;
    if (!this.#works(kind)) return wait;
    return this.#besides(line, operation, kind, found) ?? { kind: "begin" };
  }

  // By who is above this cloudlet now, whoever was when it was issued.
  #heeds(issuer: CloudletId): boolean {
    const { rules, self } = this.#bench;
    if (issuer === self || this.#bench.topology().relation(issuer, self) === "lower") return true;
    return !rules.heedsAuthority() || !rules.judgesOnArrival();
  }

  #isLate({ since }: Line, { expiry, age }: Operation): boolean {
    return expiry !== null && this.#bench.now().monotonic >= since + expiry - age;
  }

  // What it comes after; null once all of that is done.
  #before({ after }: Operation): Decision | null {
    const { book, rules, self } = this.#bench;
    for (const id of after) {
      const line = book.line(id);
      const end = line === null || line.directive === "over" ? (line?.final ?? book.pastEnd(id, self)) : line.final;
      if (end === null) {
        // What somebody issued who is not above any more never comes.
        const isVoid = line === null && !this.#heeds(issuerOf(id));
        if (isVoid) return { kind: "end", end: this.#endOf("failed", "after", id) };
        if (rules.awaitsAfter()) return wait;
      } else if (end.kind !== "done" && rules.cascades()) {
        return { kind: "end", end: this.#endOf(end.kind, "after", id) };
      }
    }
    return null;
  }

  // What else there is on its object; null when it may begin as far as that goes.
  #besides(line: Line, operation: Operation, { verb, plane }: OperationKind, found: Places): Decision | null {
    const { rules, settings } = this.#bench;
    const object = objectOf(operation, settings.catalogue.get(operation.kind));
    let waits = found.busy[plane] >= settings.parallel;
    const isOwn = issuerOf(line.id) === this.#bench.self;
    let unheld: Set<OperationId> | null = null;
    for (const other of found.byObject.get(object)) {
      if (other === line || other.writing === "end") continue;
      const kind = settings.catalogue.get((other.subject as Subject).kind) as OperationKind;
      const isBeside = operation.beside.includes(other.id);
      if (this.#isBegun(other)) waits = true;
      else if (isBeside) waits ||= rules.awaitsBeside() && !(isOwn && this.#isPassedBy(other, (unheld ??= new Set())));
      else if (other.directive === "open" && other.operation?.beside.includes(line.id) === false) {
        const judgement = judgeConflict(verb, kind.verb, isEarlier(line, other), settings.conflicts);
        if (judgement === "b") return { kind: "end", end: this.#endOf("superseded", "conflict", other.id) };
      }
    }
    for (const deed of this.#deeds.get(object) ?? []) {
      if (isKnown(deed, operation)) continue;
      const judgement = judgeConflict(verb, deed.verb, false, settings.conflicts);
      if (judgement === "b") return { kind: "end", end: this.#endOf("superseded", "conflict", deed.id) };
    }
    for (const id of operation.beside) {
      if (this.#bench.book.line(id) === null && this.#isStillToCome(id)) waits = true;
    }
    if (waits) return wait;
    found.busy[plane] += 1;
    return null;
  }

  // What is issued here waits for nothing that waits for somebody above (A1), but for what its own people had asked for before.
  #isPassedBy(other: Line, unheld: Set<OperationId>): boolean {
    return issuerOf(other.id) !== this.#bench.self && this.#waitsAbove(other, unheld);
  }

  // Does it wait for word from above, or for something that has still to come from there, by itself or by what it follows?
  // 1. The center has asked for x, and the region, which knew of that, for y on the same object; the site was closed meanwhile. 2. Both
  // have cleared it, but the center is cut off before its word has come. 3. y waits for x, and so for the center.
  // `unheld`: those that are known not to, which is added to: of a thousand that wait for each other each is looked at once.
  #waitsAbove(first: Line, unheld: Set<OperationId>): boolean {
    const { book, self } = this.#bench;
    const seen = new Set([first.id]);
    const looked = [first];
    for (const { id, operation } of looked) {
      const issuer = issuerOf(id);
      if (!this.#closing.mayBegin(issuer)) return true;
      if (operation === null) continue;
      // What is issued here passes what stood beside it and waits.
      for (const before of issuer === self ? operation.after : [...operation.after, ...operation.beside]) {
        if (unheld.has(before) || seen.has(before)) continue;
        seen.add(before);
        const line = book.line(before);
        if (line === null && this.#isStillToCome(before)) return true;
        if (line !== null && !this.#isThrough(line)) looked.push(line);
      }
    }
    for (const id of seen) unheld.add(id);
    return false;
  }

  // Where custody is handed on, what an operation follows may come after it.
  #isStillToCome(id: OperationId): boolean {
    return this.#bench.book.pastEnd(id, this.#bench.self) === null && this.#heeds(issuerOf(id));
  }

  // The plane is at it, or it has ended: nothing from above is needed for it.
  #isThrough(line: Line): boolean {
    return line.result === "end" || line.writing === "end" || line.directive !== "open" || this.#isBegun(line);
  }

  // The plane is told, or about to be, or was asked whether it is; it is not while word is awaited from above.
  #isBegun(line: Line): boolean {
    const { id, result, writing, isUntold, answerBy } = line;
    if (answerBy < Infinity) return true;
    if (result !== "intent" && writing !== "intent") return false;
    return !isUntold || this.#closing.mayBegin(issuerOf(id));
  }

  #begin(line: Line): void {
    const { book, rules } = this.#bench;
    if (!rules.storesIntent()) {
      line.writing = "intent";
      this.#execute(line);
      line.writing = null;
    }
    line.writing = "intent";
    const subject = line.subject as Subject;
    const text = subjectText("intent", subject);
    line.written = { text, word: { says: "intent", subject } };
    this.#bench.write(book.resultKey(line), text, [book.directiveKey(line)]);
  }

  // Is there a plane that does operations of this kind now?
  #works({ plane }: OperationKind): boolean {
    const isReachable = this.#bench.isUpperReachable();
    const right = executorOf(plane, this.#bench.planes(), isReachable);
    const executor = this.#bench.rules.executor(right, isReachable);
    return executor === "own" || executor === "upper";
  }

  // The intent is stored, and the plane has not been told: its last moment to end otherwise. A plane that has failed meanwhile is
  // told when it works again.
  #beginNow(line: Line): void {
    const { operation, ending } = line;
    line.isUntold = true;
    if (operation === null || line.directive !== "open") {
      // Where nobody has given it up, the disk has lost the operation, and nobody brings it again: it was this cloudlet's alone.
      this.#end(line, ending ?? this.#endOf("failed", "lost"));
    } else if (this.#isLate(line, operation) && !this.#bench.rules.beginsLate()) {
      this.#end(line, this.#endOf("expired", "time"));
    } else if (!this.#heeds(issuerOf(line.id))) {
      this.#end(line, this.#endOf("failed", "authority"));
    } else if (!this.#closing.mayBegin(issuerOf(line.id))) {
      // It was closed after the intent was written: it waits, as what has no intent does.
    } else if (this.#works(this.#bench.settings.catalogue.get(operation.kind) as OperationKind)) {
      this.#execute(line);
    }
  }

  #execute(line: Line): void {
    const { settings } = this.#bench;
    const { operation } = line;
    if (operation === null || line.isRunning) return;
    line.isRunning = true;
    line.isUntold = false;
    const { plane } = settings.catalogue.get(operation.kind) as OperationKind;
    const by = this.#bench.planes()[plane] === "none" ? "upper" : "own";
    this.#bench.emit({ kind: "execute", operation, plane, by });
  }

  // An intent without an end: of a former life, unless the plane is at it.
  #resume(line: Line): void {
    if (line.isRunning) return;
    if (line.isUntold) this.#beginNow(line);
    else if (this.#bench.rules.asksAfterRestart()) this.#ask(line);
    else if (this.#worksFor(line)) this.#execute(line);
  }

  // Was it begun by a former life?
  #ask(line: Line): void {
    if (line.answerBy < Infinity || !this.#worksFor(line)) return;
    const { plane } = this.#bench.settings.catalogue.get((line.subject as Subject).kind) as OperationKind;
    line.answerBy = this.#bench.now().monotonic + this.#bench.settings.answersWithin;
    this.#asked.set(line.id, line);
    this.#bench.emit({ kind: "inquire", operation: line.id, plane });
  }

  // The plane was silent: it is asked again, unless nobody waits for it any more. Has it ended so?
  #isUnanswered(line: Line): boolean {
    this.#forgetAsked(line);
    const { directive, operation } = line;
    const isAwaited = directive === "open" && operation !== null && !this.#isLate(line, operation);
    if (isAwaited && this.#bench.rules.asksAgain()) return false;
    this.#end(line, this.#endOf("failed", "unknown"));
    return true;
  }

  #worksFor({ subject }: Line): boolean {
    const kind = this.#bench.settings.catalogue.get(subject?.kind ?? "");
    return kind !== undefined && this.#works(kind);
  }

  #end(line: Line, end: End): void {
    const { book, rules } = this.#bench;
    line.writing = "end";
    this.#agenda.freed(line);
    this.#forgetAsked(line);
    book.count(line);
    const subject = line.subject as Subject;
    const told = rules.ends(end);
    const text = endText("end", subject, told);
    line.written = { text, word: { says: "end", subject, end: told, to: null } };
    this.#bench.write(book.resultKey(line), text, [book.directiveKey(line)]);
  }

  #forgetAsked(line: Line): void {
    line.answerBy = Infinity;
    this.#asked.delete(line.id);
  }

  #ends(kind: EndKind, why: EndReason): Decision {
    return { kind: "end", end: this.#endOf(kind, why) };
  }

  #endOf(kind: EndKind, why: EndReason, cause: OperationId | null = null, detail = ""): End {
    return { kind, why, at: this.#bench.self, cause, detail };
  }

  #remember({ id, subject, final, finalDot }: Line): void {
    if (subject === null || final?.kind !== "done" || finalDot === null) return;
    const kind = this.#bench.settings.catalogue.get(subject.kind);
    if (kind === undefined) return;
    if (kind.verb === "upgrade" && !this.#bench.book.upgrades.has(id)) {
      this.#bench.book.upgrades.add(id);
      // Whatever stands here may have waited for it: all of it is looked at.
      this.#nextLate = -Infinity;
    }
    const object = objectOf(subject, kind);
    const deeds = this.#deeds.get(object) ?? [];
    if (deeds.some((deed) => deed.id === id)) return;
    this.#deeds.set(object, [...deeds, { id, verb: kind.verb, dot: finalDot }].slice(-deedsMax));
  }
}

// A user and a machine of one name are two objects.
function objectOf({ object }: Subject, kind: OperationKind | undefined): string {
  return `${kind?.object ?? ""} ${object}`;
}

// Did the issuer of this operation know of that deed?
function isKnown({ id, dot }: Deed, { beside, after, knows }: Operation): boolean {
  if (beside.includes(id) || after.includes(id)) return true;
  if (knows === null) return false;
  if (dot.incarnation !== knows.incarnation) return dot.incarnation < knows.incarnation;
  return dot.sequence <= knows.sequence;
}

// By the clocks of those who issued them, as their records carry them.
function isEarlier(a: Line, b: Line): boolean {
  const [x, y] = [a.stamp, b.stamp];
  const byStamp = x === null || y === null ? 0 : x.wall - y.wall || x.logical - y.logical;
  return (byStamp || compareIds(a.id, b.id)) < 0;
}
