/**
 * Violations of a stream as stories: the lines that matter, and what follows from them.
 *
 * The way between two causally ordered lines is not told where it went through other sessions: the check has forgotten it.
 */
import type { CircleStep } from "./waiting-room.ts";
import { stepOf } from "./stream-state.ts";
import type { StreamEdge, StreamStep, StreamViolation } from "./stream-types.ts";

function edgeBetween(one: StreamStep, other: StreamStep, from: number, to: number): StreamEdge {
  return { from, to, kind: one.session === other.session ? "session" : "causal" };
}

/** A read returned what a write in its own past had replaced. */
export function replacedStory(
  models: StreamViolation["models"],
  returned: StreamStep,
  later: StreamStep,
  read: StreamStep,
): StreamViolation {
  return {
    models,
    pattern: "WriteCORead",
    operations: [returned, later, read],
    edges: [edgeBetween(returned, later, 0, 1), edgeBetween(later, read, 1, 2)],
    note: `So line ${later.line} replaced the value of line ${returned.line} before line ${read.line}, which must not return it any more.`,
  };
}

/** A read found the initial value though its past has a write. */
export function initialStory(models: StreamViolation["models"], write: StreamStep, read: StreamStep): StreamViolation {
  return {
    models,
    pattern: "WriteCOInitRead",
    operations: [write, read],
    edges: [edgeBetween(write, read, 0, 1)],
    note: `So line ${write.line} comes before line ${read.line}, which still found the initial value.`,
  };
}

/** A session read one version, another one, and the first one again. */
export function backStory(first: StreamStep, second: StreamStep, read: StreamStep): StreamViolation {
  return {
    models: ["MR"],
    pattern: "NonMonotonicRead",
    operations: [first, second, read],
    edges: [],
    note: `Session ${read.session} read what line ${first.line} wrote, then what line ${second.line} wrote, and at line ${read.line} again what it had left: one of these reads went back.`,
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
    models: ["CC"],
    pattern: "CyclicCO",
    operations,
    edges,
    note: `So line ${operations[0]?.line ?? 0} comes before itself: an effect would come before its own cause.`,
  };
}

/** Nobody wrote what was read, or only somebody whose write failed. */
export function unwrittenStory(read: StreamStep, failed: StreamStep | null): StreamViolation {
  return {
    models: ["MR", "CC"],
    pattern: failed === null ? "ThinAirRead" : "AbortedRead",
    operations: failed === null ? [read] : [failed, read],
    edges: [],
    note:
      failed === null
        ? `No line of this stream wrote what line ${read.line} returned, or it was replaced in every session's past so long ago that its name is gone.`
        : `The only write of what line ${read.line} returned failed at line ${failed.line}.`,
  };
}
