// What oracles excuse for members that were detached, and what they do not, on hand-made histories: the west is detached by the hub.

import { describe, expect, test } from "vitest";
import type { CloudletId, Incarnation } from "../../model/ids.ts";
import type { PendingRecord } from "../../model/replication/io.ts";
import type { StoredEntry } from "../../model/replication/log.ts";
import type { NoticeRecord } from "../../model/replication/notice.ts";
import type { CausalRecord, Notice } from "../../model/replication/record.ts";
import { bytes, micros, type Instant } from "../../model/units.ts";
import type { Detachment } from "../scenario/scenario.ts";
import type { OracleName } from "./names.ts";
import { EAST, HUB, trio, WEST } from "./stage-worlds.ts";
import { Stage } from "./stage.ts";

const spec = {
  ...trio,
  scopes: trio.scopes.map((scope) => (scope.name === "all" ? { ...scope, collect: micros(1_000) } : scope)),
};
const decided = (kind: Detachment["kind"]): Detachment => ({ at: 0 as Instant, kind, decides: "hub", member: "west" });
const id = (cloudlet: number): CloudletId => cloudlet as CloudletId;

class Away {
  readonly stage: Stage;
  #notices = 0;

  constructor(name: OracleName, detachments: readonly Detachment[] = [decided("detach")]) {
    this.stage = new Stage(spec, [name], detachments);
  }

  /** A cloudlet writes a notice into the stream of this scope, and applies it. */
  notice(cloudlet: number, said: Partial<Notice> & Pick<Notice, "kind">, scope = 2, life = 1): NoticeRecord {
    const { topology, oracles } = this.stage;
    const stream = topology.streamOf(topology.scopes[scope]!.id, id(cloudlet));
    if (stream === null) throw new Error("a scope that is not held there");
    this.#notices += 1;
    const record: NoticeRecord = {
      kind: "notice",
      dot: { origin: id(cloudlet), incarnation: life as Incarnation, stream, sequence: 1_000 + this.#notices },
      key: "",
      value: "",
      prev: [],
      deps: [],
      stamp: { wall: 0, logical: 0, lamport: 0 },
      size: bytes(10),
      notice: { covers: [], ready: [], members: [], ...said },
    };
    oracles.observer.storing(this.stage.at, id(cloudlet), [record], 1_000 + this.#notices);
    this.hear(record, cloudlet);
    return record;
  }

  hear(record: NoticeRecord, ...cloudlets: readonly number[]): void {
    for (const cloudlet of cloudlets) this.stage.booth(cloudlet).applied.add(record);
  }

  detach(): NoticeRecord {
    return this.notice(HUB, { kind: "detach", members: [id(WEST)] });
  }

  /** The west returns, having heard this. */
  comeBack({ dot: { stream, origin, incarnation, sequence } }: NoticeRecord, life = 1): NoticeRecord {
    const covers = [{ stream, origin, incarnation, ranges: [{ first: sequence, last: sequence }] }];
    return this.notice(WEST, { kind: "return", covers }, 2, life);
  }

  collect(cloudlet: number, record: CausalRecord): void {
    const { stage } = this;
    stage.now += 10;
    stage.oracles.truth.settle();
    const booth = stage.booth(cloudlet);
    booth.stands.set(
      record.key,
      booth.versions(record.key).filter((version) => version !== record),
    );
    stage.oracles.observer.notified(stage.at, id(cloudlet), { kind: "collected", records: [record] });
  }
}

describe("collection", () => {
  // A value that everybody has, and that the east deletes.
  const deleted = (away: Away): { readonly value: CausalRecord; readonly gone: CausalRecord } => {
    const { stage } = away;
    const value = stage.write(HUB, 1, "all/x");
    for (const cloudlet of [EAST, WEST]) stage.apply(cloudlet, value);
    stage.read(EAST, 2, "all/x");
    stage.read(WEST, 3, "all/x");
    const gone = stage.write(EAST, 2, "all/x", { kind: "delete" });
    stage.apply(HUB, gone);
    return { value, gone };
  };

  test("a delete goes without who was detached, where that is known", () => {
    const away = new Away("collection");
    const { gone } = deleted(away);
    const detachment = away.detach();
    away.collect(HUB, gone);
    expect(away.stage.verdict("collection")).toMatchObject({ checks: 1, violations: 0 });
    away.collect(EAST, gone);
    expect(away.stage.verdict("collection").evidence).toEqual([expect.stringMatching(/which west has not applied$/)]);
    away.hear(detachment, EAST);
  });

  test("not where nobody had decided so, and not once the return was applied where the delete was written", () => {
    const undecided = new Away("collection", [{ ...decided("detach"), member: "east" }]);
    const { gone } = deleted(undecided);
    undecided.detach();
    undecided.collect(HUB, gone);
    expect(undecided.stage.verdict("collection").violations).toBe(1);

    const back = new Away("collection");
    const detachment = back.detach();
    const returned = back.comeBack(detachment);
    back.hear(detachment, EAST, WEST);
    back.hear(returned, HUB, EAST);
    const later = deleted(back);
    back.collect(HUB, later.gone);
    expect(back.stage.verdict("collection").evidence).toEqual([expect.stringMatching(/which west has not applied$/)]);
  });

  test("what the member wrote before its return comes late, what it writes afterwards does not", () => {
    const away = new Away("collection");
    const { gone } = deleted(away);
    const detachment = away.detach();
    const late = away.stage.write(WEST, 3, "all/x");
    away.collect(HUB, gone);
    expect(late.prev).toHaveLength(1);
    expect(away.stage.verdict("collection").violations).toBe(0);

    const back = new Away("collection");
    const again = deleted(back);
    const heard = back.detach();
    back.comeBack(heard);
    const after = back.stage.write(WEST, 3, "all/x");
    // Of the life and stream of its return, and behind it.
    const behind = { ...after, dot: { ...after.dot, sequence: 2_000 } };
    expect(back.stage.oracles.truth.absences.isLate(behind.dot)).toBe(false);
    expect(back.stage.oracles.truth.absences.isLate(after.dot)).toBe(true);
    expect(again.gone.kind).toBe("delete");
    expect(detachment.notice.members).toEqual([id(WEST)]);
  });
});

describe("revived", () => {
  // The east deletes what the west replaces meanwhile; the delete goes, then the west's write comes to the hub.
  const met = (away: Away, isAnew: boolean): CausalRecord => {
    const { stage } = away;
    const value = stage.write(HUB, 1, "all/x");
    for (const cloudlet of [EAST, WEST]) stage.apply(cloudlet, value);
    stage.read(EAST, 2, "all/x");
    stage.read(WEST, 3, "all/x");
    const gone = stage.write(EAST, 2, "all/x", { kind: "delete" });
    stage.apply(HUB, gone);
    away.detach();
    away.collect(HUB, gone);
    const late = stage.write(WEST, 3, "all/x");
    if (isAnew) stage.apply(HUB, stage.delete(WEST, gone));
    stage.apply(HUB, late);
    return late;
  };

  test("a value beside the delete written anew is a conflict; alone it has come back to life, for readers and in the end", () => {
    const right = new Away("revived");
    met(right, true);
    right.stage.read(HUB, 1, "all/x");
    right.stage.finish();
    expect(right.stage.verdict("revived").violations).toBe(0);

    const wrong = new Away("revived");
    met(wrong, false);
    wrong.stage.read(HUB, 1, "all/x");
    expect(wrong.stage.verdict("revived")).toMatchObject({ checks: 1, violations: 1 });
    expect(wrong.stage.verdict("revived").evidence[0]).toMatch(/^c2.*stands alone at hub.*there had been no c1.*gone$/);
    wrong.stage.finish();
    expect(wrong.stage.verdict("revived").violations).toBe(2);
  });

  test("a chain of writes is followed down to what was deleted", () => {
    const away = new Away("revived");
    met(away, false);
    away.stage.apply(HUB, away.stage.write(WEST, 3, "all/x"));
    away.stage.read(HUB, 1, "all/x");
    expect(away.stage.verdict("revived").violations).toBe(1);
  });

  test("a copy of the member's disk brings a value past all who hold it back: that is counted, and no other copy is excused", () => {
    const copied = (source: number): Stage => {
      const away = new Away("revived");
      met(away, false);
      const { stage } = away;
      const { observer } = stage.oracles;
      stage.now += 10;
      observer.crashed(stage.at, id(HUB), []);
      observer.diskFailed(stage.at, id(HUB), { kind: "cloned", source: id(source), lost: [] });
      const image = { checkpoint: null, entries: stage.written };
      observer.started(stage.at, id(HUB), 2 as Incarnation, stage.booth(HUB), image, false);
      stage.read(HUB, 1, "all/x");
      return stage;
    };
    const member = copied(WEST);
    expect(member.verdict("revived").violations).toBe(0);
    expect(member.oracles.notes().join()).toContain("revived was suspended once");
    expect(copied(EAST).verdict("revived").violations).toBe(1);
  });

  test("not a value that is replaced elsewhere, nor one whose writer's cloudlet had the delete, nor for readers at the member", () => {
    const away = new Away("revived");
    met(away, false);
    away.stage.read(WEST, 3, "all/x");
    away.stage.write(WEST, 3, "all/x");
    away.stage.read(HUB, 1, "all/x");
    expect(away.stage.verdict("revived").violations).toBe(0);
  });
});

describe("exact-conflicts", () => {
  // Everybody has a value, the hub deletes it, and the delete goes at the east. A session there that has read the value writes: it follows
  // the value, and has nothing to name. That comes to the west before the delete.
  const overtaken = (detachments?: readonly Detachment[]) => {
    const away = new Away("exact-conflicts", detachments);
    const { stage } = away;
    const value = stage.write(HUB, 1, "all/x");
    for (const cloudlet of [EAST, WEST]) stage.apply(cloudlet, value);
    stage.read(EAST, 2, "all/x");
    const gone = stage.write(HUB, 1, "all/x", { kind: "delete" });
    stage.apply(EAST, gone);
    away.hear(away.detach(), EAST);
    away.collect(EAST, gone);
    const later = stage.write(EAST, 2, "all/x", { namesOnlyStanding: true });
    expect(later.prev).toEqual([]);
    stage.apply(WEST, later);
    stage.oracles.truth.settle();
    return { stage, value, gone, later };
  };

  test("what a write follows may stand beside it while the delete between them has gone elsewhere and not come", () => {
    const { stage, value, gone, later } = overtaken();
    expect(stage.booth(WEST).versions("all/x")).toEqual([value, later]);
    expect(stage.verdict("exact-conflicts").violations).toBe(0);
    stage.apply(WEST, gone);
    expect(stage.booth(WEST).versions("all/x")).toEqual([later, gone]);
    stage.oracles.truth.settle();
    expect(stage.verdict("exact-conflicts").violations).toBe(0);
  });

  test("not where nobody is detached, nor where the delete has been and the value comes once more", () => {
    expect(overtaken([]).stage.verdict("exact-conflicts").violations).toBe(1);
    const away = new Away("exact-conflicts");
    const { stage } = away;
    const value = stage.write(HUB, 1, "all/x");
    stage.apply(EAST, value);
    stage.read(EAST, 2, "all/x");
    const gone = stage.write(HUB, 1, "all/x", { kind: "delete" });
    for (const cloudlet of [EAST, WEST]) stage.apply(cloudlet, gone);
    away.hear(away.detach(), EAST, WEST);
    for (const cloudlet of [EAST, WEST]) away.collect(cloudlet, gone);
    stage.apply(WEST, value);
    stage.apply(WEST, stage.write(EAST, 2, "all/x", { namesOnlyStanding: true }));
    stage.oracles.truth.settle();
    expect(stage.verdict("exact-conflicts").violations).toBe(1);
  });
});

describe("reads-resolve", () => {
  // The hub deletes a key twice; the first delete has gone there by then, so that the second names nothing. The west gets both at once, and
  // with them the word that they may go.
  test.each([
    ["the first one first", [0, 1]],
    ["the second one first", [1, 0]],
    ["only the second one, which has replaced the other", [1]],
  ] as const)("two deletes that come and go in one step leave nothing: %s", (_, order) => {
    const away = new Away("reads-resolve");
    const { stage } = away;
    const first = stage.write(HUB, 1, "all/x", { kind: "delete" });
    stage.apply(EAST, first);
    away.hear(away.detach(), EAST);
    away.collect(HUB, first);
    const second = stage.write(HUB, 1, "all/x", { kind: "delete", namesOnlyStanding: true });
    expect(second.prev).toEqual([]);
    stage.apply(WEST, first, second);
    stage.booth(WEST).stands.delete("all/x");
    const records = order.map((number) => [first, second][number] as CausalRecord);
    stage.oracles.observer.notified(stage.at, id(WEST), { kind: "collected", records });
    stage.oracles.truth.settle();
    stage.answer(WEST, 3, { kind: "scan", prefix: "all/" }, []);
    expect(stage.verdict("reads-resolve").violations).toBe(0);
  });
});

describe("what was lost with a closed member", () => {
  // The west writes up/log and then all/x; the hub gets the second alone.
  const follow = (name: OracleName, detachments: readonly Detachment[]) => {
    const away = new Away(name, detachments);
    const log = away.stage.write(WEST, 1, "up/log");
    const x = away.stage.write(WEST, 1, "all/x");
    away.notice(HUB, { kind: "close", members: [id(WEST)] }, 4);
    return { away, log, x };
  };
  const released = ({ away: { stage }, x }: ReturnType<typeof follow>, lost: CausalRecord): void => {
    stage.oracles.observer.notified(stage.at, id(HUB), { kind: "released", dot: x.dot, lost: [lost.dot] });
    stage.apply(HUB, x);
  };

  test.each(["causal-delivery", "monotonic-writes"] as const)(
    "%s excuses what the core says, if it was decided",
    (name) => {
      const right = follow(name, [decided("close")]);
      released(right, right.log);
      expect(right.away.stage.verdict(name).violations).toBe(0);

      const undecided = follow(name, [decided("detach")]);
      released(undecided, undecided.log);
      expect(undecided.away.stage.verdict(name).violations).toBe(1);

      const unsaid = follow(name, [decided("close")]);
      unsaid.away.stage.apply(HUB, unsaid.x);
      expect(unsaid.away.stage.verdict(name).violations).toBe(1);
    },
  );

  test("causal-delivery excuses exactly the record that was let go, and counts it", () => {
    const story = follow("causal-delivery", [decided("close")]);
    const { stage } = story.away;
    released(story, story.log);
    expect(stage.oracles.notes()).toContain(
      "1 time a record was let go without what it follows, which is lost with a closed member",
    );
    // Of the same past, and nobody has said that it may go.
    stage.read(WEST, 2, "up/log");
    stage.apply(HUB, stage.write(WEST, 2, "last/y"));
    expect(stage.verdict("causal-delivery").violations).toBe(1);
  });
});

describe("a decision that was lost with a disk", () => {
  // The west is closed, and the hub lets go what follows its lost log. Then the hub starts again, and has that waiting once more.
  const again = (hasNotice: boolean): Stage => {
    const away = new Away("convergence", [decided("close")]);
    const { stage } = away;
    const log = stage.write(WEST, 1, "up/log");
    const x = stage.write(WEST, 1, "all/x");
    stage.apply(EAST, x);
    const notice = away.notice(HUB, { kind: "close", members: [id(WEST)] }, 4);
    stage.oracles.observer.notified(stage.at, id(HUB), { kind: "released", dot: x.dot, lost: [log.dot] });
    stage.apply(HUB, x);
    const start = (cloudlet: number, entries: readonly StoredEntry[]): void => {
      stage.now += 10;
      const booth = stage.booth(cloudlet);
      booth.applied.clear();
      booth.stands.clear();
      stage.oracles.observer.crashed(stage.at, id(cloudlet), []);
      const image = { checkpoint: null, entries };
      stage.oracles.observer.started(stage.at, id(cloudlet), 2 as Incarnation, booth, image, entries.length === 0);
    };
    start(WEST, []);
    start(HUB, hasNotice ? [notice, x] : [x]);
    if (hasNotice) away.hear(notice, HUB);
    stage.apply(WEST, x);
    stage.booth(HUB).waiting = [{ record: x, missing: [log.dot] }];
    stage.finish();
    return stage;
  };

  test("what follows a lost record waits again, and the run says why", () => {
    const stage = again(false);
    expect(stage.verdict("convergence").violations).toBe(0);
    expect(stage.oracles.notes()).toEqual(
      expect.arrayContaining([
        "1 missing record would have to wait for others that crashes took from whoever could send them",
        "what hub had decided, to close west in scope up, was lost with its disk: nobody goes by it until it is decided again",
      ]),
    );
  });

  test("where the disk has kept it, nothing may wait for what was lost", () => {
    const stage = again(true);
    expect(stage.verdict("convergence").evidence).toEqual([expect.stringMatching(/waits at hub for c2\.1\/t\d+#1/)]);
    expect(stage.oracles.notes().join()).not.toContain("decided");
  });
});

describe("convergence", () => {
  test("what is held back for who has not returned is counted; once it has returned it is missing", () => {
    const end = (isBack: boolean): Stage => {
      const away = new Away("convergence");
      const { stage } = away;
      const detachment = away.detach();
      const late = stage.write(WEST, 3, "all/x");
      if (isBack) away.comeBack(detachment);
      const waiting: PendingRecord = { record: late, missing: [], awaits: id(WEST) };
      stage.booth(HUB).waiting = [waiting];
      stage.finish();
      return stage;
    };
    const held = end(false);
    expect(held.verdict("convergence").violations).toBe(0);
    expect(held.oracles.notes()).toContain(
      "2 missing records would have to wait for members that were detached and have not returned",
    );
    expect(end(true).verdict("convergence").violations).toBe(2);
  });

  // The west has what the east wrote, both are detached, and the west returns: at the hub its return waits for that, held back for the east.
  test("what waits for a return that waits for who has not returned is counted; once both have returned it is missing", () => {
    const end = (isEastBack: boolean): Stage => {
      const away = new Away("convergence", [decided("detach"), { ...decided("detach"), member: "east" }]);
      const { stage } = away;
      const ranges = (sequence: number) => [{ first: sequence, last: sequence }];
      const covering = (...records: readonly (CausalRecord | NoticeRecord)[]) =>
        records.map(({ dot: { stream, origin, incarnation, sequence } }) => {
          return { stream, origin, incarnation, ranges: ranges(sequence) };
        });
      const west = away.detach();
      const east = away.notice(HUB, { kind: "detach", members: [id(EAST)] });
      const early = stage.write(EAST, 2, "all/y");
      stage.apply(WEST, early);
      const late = stage.write(WEST, 3, "all/x");
      const back = away.notice(WEST, { kind: "return", covers: covering(west, early) });
      if (isEastBack) away.notice(EAST, { kind: "return", covers: covering(east) });
      stage.booth(HUB).waiting = [
        { record: early, missing: [], awaits: id(EAST) },
        { record: late, missing: [], awaits: id(WEST) },
        { record: back, missing: [early.dot] },
      ];
      stage.finish();
      return stage;
    };
    expect(end(false).verdict("convergence").violations).toBe(0);
    expect(end(true).verdict("convergence").violations).toBeGreaterThan(0);
  });

  test("what a return does not vouch for is excused where its writer has lost its disk, and nowhere else", () => {
    const end = (isLost: boolean): Stage => {
      const away = new Away("convergence");
      const { stage } = away;
      const detachment = away.detach();
      const late = stage.write(WEST, 3, "all/x");
      if (isLost) {
        const booth = stage.booth(WEST);
        booth.applied.clear();
        booth.stands.clear();
        stage.oracles.observer.crashed(stage.at, id(WEST), []);
        const image = { checkpoint: null, entries: [] };
        stage.oracles.observer.started(stage.at, id(WEST), 2 as Incarnation, booth, image, true);
      }
      away.comeBack(detachment, isLost ? 2 : 1);
      stage.booth(HUB).waiting = [{ record: late, missing: [], awaits: id(WEST) }];
      stage.finish();
      return stage;
    };
    const excused = end(true);
    expect(excused.verdict("convergence").violations).toBe(0);
    expect(excused.oracles.notes().join()).toContain("could not vouch for them");
    expect(end(false).verdict("convergence").violations).toBe(2);
  });
});
