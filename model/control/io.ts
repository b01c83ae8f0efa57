// The surface of a cloudlet with a control layer: all that goes into a replica and comes out of it (replication/io.ts), and beside
// it what concerns operations.
//
// The caller's duties, beside those to a replica:
// 1. `execute` is handed to the plane that it names; the plane's word comes back as `executed`. A plane that is told twice of one
//    operation has been told twice: nothing else sees to it that it acts once.
// 2. `inquire` is a question to that plane about an operation that it may have been told to do by a former life of this process:
//    `answered`. No answer is an answer after a time: `unknown`.
// 3. `planes` tells what the planes are at the start, and whenever that changes. None of it is kept on the disk.

import type { CloudletId, OpId, SessionId } from "../ids.ts";
import type { Effect, Input } from "../replication/io.ts";
import type { Mark } from "./aliveness.ts";
import type { OperationRefusal, OperationRequest } from "./authority.ts";
import type { PlaneName } from "./catalogue.ts";
import type { Confirmation } from "./confirmations.ts";
import type { End } from "./ends.ts";
import type { Operation, OperationId } from "./operation.ts";
import type { Planes } from "./planes.ts";
import type { ViewClass } from "./view.ts";

/** What a plane says of an operation. `never`: it was never told of it. `unknown`: it was, and cannot say what came of it. */
export type Outcome =
  { readonly kind: "done" | "failed"; readonly detail: string } | { readonly kind: "never" | "unknown" };

/** What happens to a cloudlet. */
export type ControlInput =
  | Input
  /** A person, or a plane, asks for an operation in a session of this cloudlet: it follows what the session has seen. */
  | { readonly kind: "issue"; readonly session: SessionId; readonly id: OpId; readonly request: OperationRequest }
  /** It is taken back by whoever issued it, here. */
  | { readonly kind: "revoke"; readonly session: SessionId; readonly id: OpId; readonly operation: OperationId }
  /** The plane is through with it. */
  | {
      readonly kind: "executed";
      readonly operation: OperationId;
      readonly outcome: Extract<Outcome, { readonly kind: "done" | "failed" }>;
    }
  /** The plane answers `inquire`. */
  | { readonly kind: "answered"; readonly operation: OperationId; readonly outcome: Outcome }
  | { readonly kind: "planes"; readonly planes: Planes }
  /** A person says of a cloudlet below that it has failed, or is disconnected or fenced; or takes back all that is known of it here. */
  | {
      readonly kind: "confirm";
      readonly about: CloudletId;
      readonly says: Confirmation["says"];
      readonly detail: string;
    }
  /** Something was observed of this cloudlet, for the view of those above. */
  | { readonly kind: "observe"; readonly of: ViewClass; readonly value: number; readonly text: string };

/** The answer to `issue`, or to `revoke`. */
export type IssueResult =
  /** It is durable here, and will end in one of five ways. */
  | { readonly kind: "accepted"; readonly operation: OperationId }
  /** Its end is durable here and on the way: provisional, for it may be done before that arrives. */
  | { readonly kind: "revoking"; readonly operation: OperationId }
  | OperationRefusal;

/** What a cloudlet wants done. */
export type ControlEffect =
  | Effect
  | { readonly kind: "issued"; readonly session: SessionId; readonly id: OpId; readonly result: IssueResult }
  /** Do this. `by`: the cloudlet's own plane, or its upper's over the open link. */
  | {
      readonly kind: "execute";
      readonly operation: Operation;
      readonly plane: PlaneName;
      readonly by: "own" | "upper";
    }
  | { readonly kind: "inquire"; readonly operation: OperationId; readonly plane: PlaneName }
  /** The end of an operation that was issued here, once: final. */
  | { readonly kind: "ended"; readonly operation: OperationId; readonly end: End }
  /** What was to be confirmed was not written, for this reason. */
  | { readonly kind: "notConfirmed"; readonly about: CloudletId; readonly why: string }
  /** How a cloudlet below is marked has changed. */
  | { readonly kind: "marked"; readonly cloudlet: CloudletId; readonly from: Mark; readonly to: Mark };
