// An exploration as simple as it can be: cores are copied at every step, states are texts in a set, nothing is looked up, left out
// or judged, and clocks are what they are. Disks have everything at once and acknowledgements arrive like any message. Only to
// count what sim/explore counts: states that differ in nothing but what makes no difference where time is abstract count once.

import { assert } from "../model/assert.ts";
import type { CloudletId, Incarnation, OpId, SessionId } from "../model/ids.ts";
import type { Input, LocalTime, ReplicationCore } from "../model/replication/io.ts";
import type { Message } from "../model/replication/messages.ts";
import { createReplica } from "../model/replication/replica.ts";
import { encode } from "../model/replication/wire.ts";
import type { Topology } from "../model/topology/topology.ts";
import type { Scenario } from "../sim/scenario/scenario.ts";

interface Mail {
  readonly from: CloudletId;
  readonly to: CloudletId;
  readonly message: Message;
  readonly name: string;
}

interface TwinHost {
  readonly core: ReplicationCore;
  readonly stored: number;
  readonly firings: number;
  readonly armed: readonly number[];
  readonly fired: readonly (readonly [number, number])[];
}

interface TwinState {
  readonly hosts: readonly TwinHost[];
  readonly bag: readonly Mail[];
  /** Requests asked, by session. */
  readonly asked: readonly number[];
  readonly losses: number;
}

// No timer waits so long.
function clockAt(firings: number): number {
  return 1 + firings * 100_000_000;
}

/** How many states can be reached that differ where time is abstract, how many at all, and how many steps lead on from the former. */
export function countTwin(
  scenario: Scenario,
  topology: Topology,
): { readonly states: number; readonly exact: number; readonly steps: number } {
  const { explore: bounds, script, clockBound } = scenario;
  assert(bounds !== undefined, "there is something to explore");
  const sessions = [...new Set(script.map(({ session }) => session))];
  const requests = sessions.map((name) => script.filter(({ session }) => session === name));

  const feed = (state: TwinState, id: CloudletId, input: Input): TwinState => {
    const host = state.hosts[id] as TwinHost;
    const core = host.core.fork();
    const isFired = input.kind === "fired";
    const firings = host.firings + (isFired ? 1 : 0);
    let { stored } = host;
    const armed = new Set(isFired ? host.armed.filter((timer) => timer !== input.timer) : host.armed);
    const fired = new Map(host.fired);
    if (isFired) fired.set(input.timer, (fired.get(input.timer) ?? 0) + 1);
    const sent: Mail[] = [];
    const now: LocalTime = { monotonic: clockAt(firings), wall: 1 };
    for (let next: Input | null = input; next !== null;) {
      const given: Input = next;
      next = null;
      for (const effect of core.step(given, now)) {
        if (effect.kind === "send") {
          const { to, message } = effect;
          const name = `${id}>${to}:${Buffer.from(encode(message)).toString("latin1")}`;
          sent.push({ from: id, to, message, name });
        } else if (effect.kind === "store") {
          stored += effect.entries.length;
          next = { kind: "stored", upTo: stored };
        } else if (effect.kind === "arm") armed.add(effect.timer);
        else if (effect.kind === "disarm") armed.delete(effect.timer);
      }
    }
    const changed: TwinHost = { core, stored, firings, armed: [...armed], fired: [...fired] };
    return { ...state, hosts: state.hosts.with(id, changed), bag: [...state.bag, ...sent] };
  };
  const without = (state: TwinState, at: number): TwinState => ({ ...state, bag: state.bag.toSpliced(at, 1) });
  const arrive = (state: TwinState, at: number): TwinState => {
    const { from, to, message } = state.bag[at] as Mail;
    return feed(without(state, at), to, { kind: "receive", from, message });
  };
  const nameOf = ({ hosts, bag, asked, losses }: TwinState, isExact: boolean): string => {
    const parts = hosts.map(({ core, armed, fired, firings }) => {
      const name = core.fingerprint(isExact ? undefined : { now: clockAt(firings) });
      const timers = [armed.toSorted((a, b) => a - b), fired.toSorted(([a], [b]) => a - b)];
      return [name, timers, isExact ? firings : null];
    });
    return JSON.stringify([parts, bag.map(({ name }) => name).sort(), asked, losses]);
  };

  const nobody = topology.cloudlets.map(({ id }): TwinHost => {
    const core = createReplica({ topology, self: id, clockBound });
    return { core, stored: 0, firings: 0, armed: [], fired: [] };
  });
  let first: TwinState = { hosts: nobody, bag: [], asked: sessions.map(() => 0), losses: bounds.losses };
  for (const { id } of topology.cloudlets) {
    first = feed(first, id, { kind: "started", incarnation: 1 as Incarnation, from: null });
  }
  for (const { id } of topology.cloudlets) {
    for (const { peer } of topology.neighbours(id)) first = feed(first, id, { kind: "linkUp", peer });
  }
  while (first.bag.length > 0) first = arrive(first, 0);

  const successors = (state: TwinState): readonly TwinState[] => {
    const asks = sessions.flatMap((_, session) => {
      const number = state.asked[session] as number;
      const step = requests[session]?.[number];
      if (step === undefined) return [];
      const id = topology.cloudletNamed(step.cloudlet) as CloudletId;
      const asked = { ...state, asked: state.asked.with(session, number + 1) };
      const input = { session: session as SessionId, id: number as OpId, op: step.op };
      return [feed(asked, id, { kind: "request", ...input })];
    });
    // Equal messages count once.
    const mails = state.bag.flatMap(({ name }, at) =>
      state.bag.findIndex((other) => other.name === name) === at ? [at] : [],
    );
    const firings = state.hosts.flatMap(({ armed, fired }, id) =>
      armed
        .filter((timer) => (new Map(fired).get(timer) ?? 0) < bounds.firings)
        .map((timer) => feed(state, id as CloudletId, { kind: "fired", timer })),
    );
    const losses = state.losses === 0 ? [] : mails.map((at) => ({ ...without(state, at), losses: state.losses - 1 }));
    return [...asks, ...mails.map((at) => arrive(state, at)), ...firings, ...losses];
  };

  const seen = new Set([nameOf(first, true)]);
  const names = new Set<string>();
  let layer: readonly TwinState[] = [first];
  let steps = 0;
  while (layer.length > 0) {
    const next: TwinState[] = [];
    for (const state of layer) {
      const name = nameOf(state, false);
      const isNew = !names.has(name);
      names.add(name);
      for (const successor of successors(state)) {
        if (isNew) steps += 1;
        const name = nameOf(successor, true);
        if (seen.has(name)) continue;
        seen.add(name);
        next.push(successor);
      }
    }
    layer = next;
  }
  return { states: names.size, exact: seen.size, steps };
}
