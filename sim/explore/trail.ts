// A way through an explored world as a list of steps that a person can read: what happened at each, and what came of it. Made by
// taking the steps again.

import { unreachable } from "../../model/assert.ts";
import type { CloudletId } from "../../model/ids.ts";
import { limitTimer } from "../../model/replication/limits.ts";
import type { ClientOp } from "../../model/replication/io.ts";
import { aboutOf, actionKinds, cloudletOf, kindOf, smallOf } from "./actions.ts";
import type { ProgramRequest } from "./program.ts";
import type { ExploredWorld } from "./world.ts";

/** Each step in one line. Leaves the last state loaded. */
export function trailOf(world: ExploredWorld, actions: readonly number[]): readonly string[] {
  world.begin();
  return actions.map((action) => {
    const before = world.state.slice(0, world.layout.messages);
    const what = describe(world, action);
    world.take(action);
    const became = consequences(world, before);
    return became === "" ? what : `${what}; ${became}`;
  });
}

function describe(world: ExploredWorld, action: number): string {
  const about = aboutOf(action);
  const name = (cloudlet: number): string => world.telling.cloudlet(cloudlet as CloudletId);
  const message = (): string => {
    const { from, to, message: sent } = world.sites.messages.at(about);
    return world.telling.message(from, to, sent);
  };
  const ends = (): string => (world.ways.ends[about] as readonly CloudletId[]).map(name).join(" and ");
  const kind = kindOf(action);
  switch (kind) {
    case actionKinds.request: {
      const progress = world.state[world.layout.progress + about] as number;
      const session = world.program.sessions[about] as (typeof world.program.sessions)[number];
      const { cloudlet, op } = session.requests[progress >>> 1] as ProgramRequest;
      return `${name(cloudlet)}: ${session.name} asks ${opText(op)}`;
    }
    case actionKinds.deliver:
      return `${message()} arrives`;
    case actionKinds.lose:
      return `${message()} is lost`;
    case actionKinds.duplicate:
      return `${message()} will come twice`;
    case actionKinds.store:
      return `${name(about)}: the disk has everything`;
    case actionKinds.fire:
      return `${name(cloudletOf(about))}: ${timerText(world, cloudletOf(about), smallOf(about))} fires`;
    case actionKinds.heal:
      return `the way between ${ends()} opens`;
    case actionKinds.cut:
      return `the way between ${ends()} is cut`;
    case actionKinds.adopt:
      return `${name(cloudletOf(about))} goes over to plan ${smallOf(about)}`;
    default:
      return `${name(about)} crashes and starts again`;
  }
}

// What is applied now and was not, and which sessions have an answer now.
function consequences(world: ExploredWorld, before: Int32Array): string {
  const { layout, topology, program, state, telling } = world;
  const parts: string[] = [];
  for (const { id, name } of topology.cloudlets) {
    const news = (state[layout.applied + id] as number) & ~(before[layout.applied + id] as number);
    const dots = program.writes
      .filter(({ write }) => (news & (1 << write)) !== 0)
      .map(({ write }) => telling.dot(world.dots.at(state[layout.dot + write] as number)));
    if (dots.length > 0) parts.push(`${name} applies ${dots.join(" ")}`);
  }
  for (const [session, { name }] of program.sessions.entries()) {
    const [was, is] = [before, state].map((one) => (one[layout.progress + session] as number) >>> 1);
    if (was !== is) parts.push(`${name} is answered`);
  }
  return parts.join(", ");
}

function timerText(world: ExploredWorld, cloudlet: number, timer: number): string {
  if (timer >= limitTimer) return "a timer of its own";
  // The replica numbers two timers per neighbour, these ascending.
  const peer = world.ways.peersOf(cloudlet)[timer >> 1];
  const towards = peer === undefined ? "" : ` towards ${world.telling.cloudlet(peer)}`;
  return `the timer for ${(timer & 1) === 0 ? "resending" : "greeting"}${towards}`;
}

function opText(op: ClientOp): string {
  switch (op.kind) {
    case "put":
    case "resolve":
      return `${op.kind} ${op.key} = ${op.value}`;
    case "delete":
    case "get":
      return `${op.kind} ${op.key}`;
    case "add":
      return `add ${op.key} ${op.amount}`;
    case "insert":
    case "remove":
      return `${op.kind} ${op.key} ${op.element}`;
    case "append":
      return `append ${op.key} ${op.entry}`;
    case "scan":
      return `scan ${op.prefix}`;
    case "attach":
    case "detach":
      return op.kind;
    default:
      return unreachable(op);
  }
}
