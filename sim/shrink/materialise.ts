// Makes a scenario explicit: what its clients asked in one run becomes a script, every request with its moment, its session and
// its key and value; clients that moved become sessions of the script that travel. A drawn scenario with hundreds of drawn
// requests is a list of steps then, and a list can be cut.
//
// 1. A client is one session of the script. When its cloudlet's process dies, the script goes on with a new session like the
//    client did (hosts/client.ts).
// 2. What a client wanted to ask and could not, it asked when it could: the step has the moment at which it was asked.
// 3. Requests to leave a cloudlet and to be let in are the traveller's own, and no steps.
//
// The steps come at their moments whatever is answered, where a closed client would have waited. So a run that is cut is no longer
// what these clients would have done; it is a world of its own, and is judged as such. Leaves out faults, links and clocks, which a
// scenario names explicitly anyway.

import type { Observer } from "../oracles/observer.ts";
import type { RunOptions } from "../run/run.ts";
import type { Scenario, ScriptStep, Traveller } from "../scenario/scenario.ts";
import type { World } from "../world.ts";
import { runLoad } from "./run-load.ts";

/** One client of a group. */
interface Source {
  readonly session: string;
  readonly at: string;
  readonly travel: Traveller["travel"] | null;
}

/**
 * The same scenario with its load written down: no clients, one script. Runs it once, up to the end of its load.
 *
 * @param options how it is run, a planted bug among them: what is asked may depend on what was answered

 */
export function materialise(scenario: Scenario, options: RunOptions): Scenario {
  if (scenario.clients.length === 0) return inOrder(scenario);
  const sources = sourcesOf(scenario);
  const asked: ScriptStep[] = [];
  let world: World | null = null;
  const observer: Observer = {
    requested(_at, _cloudlet, session, _id, op, askedAt) {
      const source = sources[world?.clientOf(session) ?? -1];
      if (source === undefined || op.kind === "detach" || op.kind === "attach") return;
      asked.push({ at: askedAt, cloudlet: source.at, session: source.session, op });
    },
  };
  runLoad(scenario, options, observer, (of) => void (world = of));
  const used = new Set(asked.map(({ session }) => session));
  const travellers = sources.flatMap(({ session, at, travel }): Traveller[] =>
    travel === null || !used.has(session) ? [] : [{ session, at, travel }],
  );
  return inOrder({
    ...scenario,
    clients: [],
    script: [...scenario.script, ...asked],
    ...(travellers.length > 0 && { travellers: [...(scenario.travellers ?? []), ...travellers] }),
  });
}

/** Steps in the order of their moments, as a file's are. */
function inOrder(scenario: Scenario): Scenario {
  return { ...scenario, script: scenario.script.toSorted((one, other) => one.at - other.at) };
}

/** The clients of all groups, in the order in which a run numbers them. */
function sourcesOf({ clients, script }: Scenario): readonly Source[] {
  const taken = new Set(script.map(({ session }) => session));
  return clients
    .flatMap(({ at, sessions, travel }) =>
      at.flatMap((cloudlet) => Array.from({ length: sessions }, () => ({ at: cloudlet, travel: travel ?? null }))),
    )
    .map((source, index): Source => {
      let session = `client-${index}`;
      while (taken.has(session)) session += "-";
      return { ...source, session };
    });
}
