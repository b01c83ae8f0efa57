// Deployment data: how a cloudlet is set up (D1). It is kept in either of two forms, both of one line, and a record may carry either:
//
//   state version=2; endpoint identity=https://c.example:5000; nodes compute=4
//   changes nodes compute+2; endpoint identity=https://c.example:5001
//
// A state is the shortest list of changes that leads to it, from nothing. Changes say what they alter and leave the rest, so that a log
// of them loses none of two that were made apart, where of two whole states one would stand. Replaying a log of records gives
// the state: one that carries a state begins anew, so a long log may be cut off behind one.
//
// Leaves out where these records stand and how they travel: a scope like any other. Who makes a change issues `deployment.configure`
// or `nodes.scaleUp` (catalogue.ts).

import { isWellFormed } from "../replication/bytes.ts";

/** How one cloudlet is set up. */
export interface Deployment {
  /** Of its software; null while none is installed. */
  readonly version: string | null;
  /** Where its interfaces are found, by service. */
  readonly endpoints: ReadonlyMap<string, string>;
  /** Edge nodes, by pool; a pool of none is not named. */
  readonly nodes: ReadonlyMap<string, number>;
}

/** One change of it. */
export type DeploymentChange =
  | { readonly kind: "version"; readonly version: string }
  /** Null: it is not offered any more. */
  | { readonly kind: "endpoint"; readonly service: string; readonly uri: string | null }
  /** So many are there, whatever was before. */
  | { readonly kind: "nodes"; readonly pool: string; readonly count: number }
  /** So many more, or fewer, than there are when it is done; never fewer than none. */
  | { readonly kind: "scale"; readonly pool: string; readonly by: number };

/** What a record of deployment data carries. */
export type DeploymentRecord =
  | { readonly kind: "state"; readonly state: Deployment }
  | { readonly kind: "changes"; readonly changes: readonly DeploymentChange[] };

/** Of a cloudlet that nobody has set up. */
export const noDeployment: Deployment = { version: null, endpoints: new Map(), nodes: new Map() };

/** What becomes of a state by one change. */
export function changed(state: Deployment, change: DeploymentChange): Deployment {
  switch (change.kind) {
    case "version":
      return { ...state, version: change.version };
    case "endpoint": {
      const endpoints = new Map(state.endpoints);
      if (change.uri === null) endpoints.delete(change.service);
      else endpoints.set(change.service, change.uri);
      return { ...state, endpoints };
    }
    case "nodes":
    case "scale": {
      const nodes = new Map(state.nodes);
      const count = change.kind === "nodes" ? change.count : (nodes.get(change.pool) ?? 0) + change.by;
      if (count > 0) nodes.set(change.pool, count);
      else nodes.delete(change.pool);
      return { ...state, nodes };
    }
  }
}

/** The state that records lead to, in their order, from nothing. */
export function replayed(records: Iterable<DeploymentRecord>): Deployment {
  let state = noDeployment;
  for (const record of records) {
    if (record.kind === "state") state = record.state;
    else for (const change of record.changes) state = changed(state, change);
  }
  return state;
}

/** The shortest list of changes that leads to a state from nothing, in an order that is the same everywhere. */
export function changesOf({ version, endpoints, nodes }: Deployment): readonly DeploymentChange[] {
  return [
    ...(version === null ? [] : [{ kind: "version", version } as const]),
    ...sorted(endpoints).map(([service, uri]) => ({ kind: "endpoint", service, uri }) as const),
    ...sorted(nodes).map(([pool, count]) => ({ kind: "nodes", pool, count }) as const),
  ];
}

/** The value of a record. The same state has one text. */
export function deploymentText(record: DeploymentRecord): string {
  const changes = record.kind === "state" ? changesOf(record.state) : record.changes;
  return [record.kind, changes.map(changeText).join("; ")].filter((part) => part !== "").join(" ");
}

/** Reads it; null for what says something else, or names something that cannot be. */
export function readDeployment(text: string): DeploymentRecord | null {
  const parts = /^(state|changes)(?: (.+))?$/.exec(text);
  if (parts === null || !isWellFormed(text)) return null;
  const changes = parts[2] === undefined ? [] : parts[2].split("; ").map(readChange);
  if (!changes.every((change) => change !== null)) return null;
  if (parts[1] === "changes") return { kind: "changes", changes };
  const state = replayed([{ kind: "changes", changes }]);
  // A state of which a part is said twice, or in another order, is none.
  return deploymentText({ kind: "state", state }) === text ? { kind: "state", state } : null;
}

function sorted<Value>(map: ReadonlyMap<string, Value>): readonly (readonly [string, Value])[] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1));
}

function changeText(change: DeploymentChange): string {
  switch (change.kind) {
    case "version":
      return `version=${change.version}`;
    case "endpoint":
      return change.uri === null ? `withdraw ${change.service}` : `endpoint ${change.service}=${change.uri}`;
    case "nodes":
      return `nodes ${change.pool}=${change.count}`;
    case "scale":
      return `nodes ${change.pool}${change.by < 0 ? "-" : "+"}${Math.abs(change.by)}`;
  }
}

function readChange(text: string): DeploymentChange | null {
  const version = /^version=([^\s;]+)$/.exec(text)?.[1];
  if (version !== undefined) return { kind: "version", version };
  const withdrawn = /^withdraw ([^\s;=]+)$/.exec(text)?.[1];
  if (withdrawn !== undefined) return { kind: "endpoint", service: withdrawn, uri: null };
  const [, service, uri] = /^endpoint ([^\s;=]+)=([^\s;]+)$/.exec(text) ?? [];
  if (service !== undefined && uri !== undefined) return { kind: "endpoint", service, uri };
  const [, pool, sign, digits] = /^nodes ([^\s;=+-]+)([=+-])(\d{1,9})$/.exec(text) ?? [];
  if (pool === undefined || digits === undefined) return null;
  const count = Number(digits);
  return sign === "=" ? { kind: "nodes", pool, count } : { kind: "scale", pool, by: sign === "-" ? 0 - count : count };
}
