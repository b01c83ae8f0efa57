/**
 * Violations of a stream as stories: the lines that matter, and what follows from them.
 *
 * The way between two causally ordered lines is not told where it went through other sessions: the check has forgotten it. Leaves
 * out the story of a cycle among conflicts (conflict-story.ts).
 */
import { sessionName } from "../explain/words.ts";
import { type Session, stepOf, type Version } from "./stream-state.ts";
import {
  type StreamEdge,
  type StreamModel,
  streamModels,
  type StreamOperation,
  type StreamStep,
  type StreamViolation,
} from "./stream-types.ts";
import { Telling } from "./telling.ts";
import type { CircleStep } from "./waiting-room.ts";

/** Models that are broken where the causal order is. */
export const causal: readonly StreamModel[] = ["CC", "CCv"];

function edgeBetween(one: StreamStep, other: StreamStep, from: number, to: number): StreamEdge {
  return { from, to, kind: one.session === other.session ? "session" : "causal" };
}

function replacedNote(returned: StreamStep, later: StreamStep, read: StreamStep): string {
  return `So line ${later.line} replaced the value of line ${returned.line} before line ${read.line}, which must not return it any more.`;
}

/**
 * A read returned what a write in its own past had replaced.
 *
 * @param way versions from the one that was returned to one that the session knew, each before the next
 */
export function replacedStory(
  models: readonly StreamModel[],
  way: readonly Version[],
  session: Session,
  read: StreamOperation,
): StreamViolation {
  const story = new Telling();
  const step = stepOf(read);
  way.forEach((version, at) => story.cause(version, way[at + 1] ?? { session, step }));
  const { operations, edges } = story;
  const note = replacedNote(way[0]!.step, way.at(-1)!.step, step);
  return { models, pattern: "WriteCORead", operations, edges, note };
}

/** The same of a version that is forgotten. */
export function forgottenStory(returned: StreamStep, later: StreamStep, read: StreamStep): StreamViolation {
  return {
    models: causal,
    pattern: "WriteCORead",
    operations: [returned, later, read],
    edges: [edgeBetween(returned, later, 0, 1), edgeBetween(later, read, 1, 2)],
    note: replacedNote(returned, later, read),
  };
}

/** A read found the initial value though its past has a write, perhaps of its own session. */
export function initialStory(write: StreamStep, read: StreamStep): StreamViolation {
  return {
    models: write.session === read.session ? ["RYW", ...causal] : causal,
    pattern: "WriteCOInitRead",
    operations: [write, read],
    edges: [edgeBetween(write, read, 0, 1)],
    note: `So line ${write.line} comes before line ${read.line}, which still found the initial value.`,
  };
}

/** A session read a version, and then the initial value. */
export function emptiedStory(first: Version, session: Session, read: StreamOperation): StreamViolation {
  const story = new Telling();
  const step = stepOf(read);
  story.place(first.step);
  story.cause(first, { session, step });
  return {
    models: ["MR"],
    pattern: "NonMonotonicRead",
    operations: story.operations,
    edges: story.edges,
    note: `What line ${step.line} returned had been replaced by what its reader had seen of line ${first.step.line}: it went back.`,
  };
}

/** A session read one version, another one, and the first one again. */
export function backStory(first: StreamStep, second: StreamStep, read: StreamStep): StreamViolation {
  return {
    models: ["MR"],
    pattern: "NonMonotonicRead",
    operations: [first, second, read],
    edges: [],
    note: `${sessionName(read.session).replace("s", "S")} read what line ${first.line} wrote, then what line ${second.line} wrote, and at line ${read.line} again what it had left: one of these reads went back.`,
  };
}

/** Sessions read what the next one wrote only after its own read. */
export function circleStory(circle: readonly CircleStep[]): StreamViolation {
  const operations = circle.flatMap(({ read, write }) => [stepOf(read), write]);
  const count = operations.length;
  const edges: StreamEdge[] = [];
  // Told forwards: the write, who read it, what that session wrote then, and so on.
  for (let read = count - 2; read >= 0; read -= 2) {
    edges.push(
      { from: read + 1, to: read, kind: "reads-from" },
      { from: read, to: (read + count - 1) % count, kind: "session" },
    );
  }
  return {
    models: causal,
    pattern: "CyclicCO",
    operations,
    edges,
    note: `So line ${operations[0]?.line ?? 0} comes before itself: an effect would come before its own cause.`,
  };
}

/**
 * Nobody wrote what was read, or only somebody whose write failed.
 *
 * @param mayBeLost whether it may also have been forgotten with its name, which only breaks what follows from the causal order
 */
export function unwrittenStory(read: StreamStep, failed: StreamStep | null, mayBeLost: boolean): StreamViolation {
  const lost = mayBeLost ? ", or it was replaced in every session's past so long ago that its name is gone" : "";
  return {
    models: mayBeLost ? causal : streamModels,
    pattern: failed === null ? "ThinAirRead" : "AbortedRead",
    operations: failed === null ? [read] : [failed, read],
    edges: [],
    note:
      failed === null
        ? `No line of this stream wrote what line ${read.line} returned${lost}.`
        : `The only write of what line ${read.line} returned failed at line ${failed.line}${lost}.`,
  };
}
