// The kinds of events in the world's queue, and what their three integers and payload mean. Flat numbers instead of
// closures: an event costs no allocation of its own, and can be shown in a trace.

/** A message reaches the far side of one hop. a: which hop of its route; b: the channel's epoch then; payload: Flight. */
export const EVENT_HOP = 1;
/** A timer may be due. a: slot in the timer table; b: its generation. */
export const EVENT_TIMER = 2;
/** A disk finished a sync. a: cloudlet; b: incarnation of the process that asked. */
export const EVENT_SYNCED = 3;
/** A client has thought long enough, or its next request came up. a: client; b: its life (counts crashes). */
export const EVENT_CLIENT_WAKES = 4;
/** A client may send its next queued request, or its schedule wants it elsewhere. a: client; b: its life. */
export const EVENT_CLIENT_SENDS = 5;
/** A step of the script is due. a: its index. */
export const EVENT_SCRIPT = 6;
/** A fault begins. a: its index. */
export const EVENT_FAULT_BEGINS = 7;
/** A fault ends. a: its index. */
export const EVENT_FAULT_ENDS = 8;
/** Load is over: heal everything. */
export const EVENT_HEAL = 9;
/** Ask whether the run has converged. */
export const EVENT_JUDGE = 10;
/** A processor is done with an input. a: cloudlet; b: its processor's epoch then. */
export const EVENT_SERVED = 11;
/** A backup of a disk is taken. a: index of the fault that restores it. */
export const EVENT_BACKUP = 12;
/** The topology changes, or a cloudlet is told. a: the plan's index in the family; b: the cloudlet, -1 at the change itself. */
export const EVENT_PLAN = 13;
/** A message leaves its machine's outbox late. payload: Flight. */
export const EVENT_OUTBOX = 15;
/** A timer fires that was disarmed or armed anew. a: cloudlet; b: the timer; c: incarnation of the process then. */
export const EVENT_STALE_TIMER = 16;
/** A process that a quirk ended starts again. a: cloudlet. */
export const EVENT_REVIVE = 17;
/** Something about operations. a: what, b: its index (operations.ts). */
export const EVENT_OPERATION = 18;
/** A decision about a member that is away is told. a: its index. */
export const EVENT_DECISION = 14;
