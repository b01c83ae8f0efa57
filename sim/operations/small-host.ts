// One cloudlet of a small world of control layers, and what is on its way between two of them.

import type { ControlCore } from "../../model/control/control-core.ts";
import type { OperationId } from "../../model/control/operation.ts";
import type { Planes } from "../../model/control/planes.ts";
import type { CloudletId, SessionId } from "../../model/ids.ts";
import type { Message } from "../../model/replication/messages.ts";
import type { Replica } from "../../model/replication/replica.ts";
import type { SmallDisk } from "../../model/testing/small-disk.ts";
import type { Topology } from "../../model/topology/topology.ts";

/** A cloudlet of a small world. */
export interface Host {
  topology: Topology;
  core: ControlCore;
  replica: Replica;
  incarnation: number;
  readonly disk: SmallDisk;
  timers: Map<number, number>;
  /** Ends of runs that could not be reported, since the process that had asked was gone. */
  readonly silent: Set<OperationId>;
  planes: Planes;
  sessions: SessionId[];
}

/** A message on its way. */
export interface Flying {
  readonly from: CloudletId;
  readonly to: CloudletId;
  readonly message: Message;
}
