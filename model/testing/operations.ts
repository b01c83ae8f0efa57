// Operations in transcripts: the commands by which people and planes have their say, and how a cloudlet with a control layer
// tells of operations. The cluster itself is in cluster.ts.

import { unreachable } from "../assert.ts";
import type { OperationRequest } from "../control/authority.ts";
import type { Actor } from "../control/catalogue.ts";
import { defaultAliveness } from "../control/aliveness-settings.ts";
import type { ControlCore } from "../control/control-core.ts";
import { defaultSettings } from "../control/default-settings.ts";
import type { ControlSettings } from "../control/bench.ts";
import type { Line } from "../control/line.ts";
import type { End } from "../control/ends.ts";
import type { ControlEffect, ControlInput, Outcome } from "../control/io.ts";
import { isOperationId, type OperationId } from "../control/operation.ts";
import type { Sight } from "../control/lookout.ts";
import type { Planes, PlaneState } from "../control/planes.ts";
import type { CapPolicy } from "../control/queue.ts";
import { viewClasses, type ViewClass } from "../control/view.ts";
import type { CloudletId, OpId, SessionId } from "../ids.ts";
import type { Effect, Input, LocalTime } from "../replication/io.ts";
import { bytes, type Duration } from "../units.ts";
import type { Command } from "./transcript.ts";
import { Mistake, microsecondsOf } from "./words.ts";

// Beside what a replica takes and wants, all that concerns operations.
const ofOperations = new Set([
  "issue",
  "revoke",
  "executed",
  "answered",
  "planes",
  "issued",
  "execute",
  "inquire",
  "ended",
  "confirm",
  "observe",
  "notConfirmed",
  "marked",
]);

/** Is this the replica's business? */
export function isOfReplica(one: ControlInput): one is Input;
export function isOfReplica(one: ControlEffect): one is Effect;
export function isOfReplica({ kind }: ControlInput | ControlEffect): boolean {
  return !ofOperations.has(kind);
}

/** What a command means for one cloudlet. */
export interface Names {
  cloudlet(name: string | undefined): CloudletId;
  session(at: CloudletId, name: string): SessionId;
  nextOp(): OpId;
}

/** The names of the commands that are read here. */
export const operationCommands: readonly string[] = [
  "issue",
  "revoke",
  "executed",
  "answered",
  "planes",
  "confirm",
  "observe",
];

/**
 * Settings of every cloudlet, from the options of `topology`: `records=3 bytes=500 policy=expire-oldest parallel=1`, and where the
 * state of objects is kept: `kept=vm:vms/{cloudlet}/{object}`. `oneWay=2`: nothing comes up from the third cloudlet. `conflicts=none`: both of two operations stand, whatever they are.
 */
export function settingsOf(options: Command["options"]): ControlSettings {
  const { caps, policy, parallel, conflicts } = defaultSettings;
  return {
    ...defaultSettings,
    caps: {
      records: Number(options.get("records") ?? caps.records),
      bytes: bytes(Number(options.get("bytes") ?? caps.bytes)),
    },
    custody: options.get("custody") === "distributed" ? "distributed" : "shared",
    oneWay: new Set(
      (options.get("oneWay") ?? "").split(",").flatMap((one) => (one === "" ? [] : [Number(one) as CloudletId])),
    ),
    policy: (options.get("policy") ?? policy) as CapPolicy,
    parallel: Number(options.get("parallel") ?? parallel),
    conflicts: options.get("conflicts") === "none" ? [] : conflicts,
    kept: new Map(
      (options.get("kept") ?? "").split(",").flatMap((one): [string, string][] => {
        const colon = one.indexOf(":");
        return colon < 0 ? [] : [[one.slice(0, colon), one.slice(colon + 1)]];
      }),
    ),
    aliveness: options.has("aliveness") ? defaultAliveness : null,
  };
}

/** Reads one of these commands: where it happens, and what. */
export function operationInput(
  { name, operands, options }: Command,
  names: Names,
): { readonly at: CloudletId; readonly input: ControlInput } {
  const [where, second = "", third, fourth, fifth, ...rest] = operands;
  const at = names.cloudlet(where);
  switch (name) {
    // issue a s1 c vm.create vm7 [by=tenant] [priority=3] [expiry=5s] [after=0.1.1,0.1.2] [needs=2] [payload]
    case "issue": {
      const request = requestOf(names.cloudlet(third), fourth ?? "", fifth ?? "", options, rest.join(" "));
      return { at, input: { kind: "issue", session: names.session(at, second), id: names.nextOp(), request } };
    }
    // revoke a s1 0.1.1
    case "revoke": {
      const operation = operationOf(third);
      return { at, input: { kind: "revoke", session: names.session(at, second), id: names.nextOp(), operation } };
    }
    // executed c 0.1.1 done | executed c 0.1.1 failed disk full
    case "executed":
    // answered c 0.1.1 never | unknown | done | failed
    // falls through
    case "answered": {
      const detail = [fourth, fifth, ...rest].filter((word) => word !== undefined).join(" ");
      const outcome = (third === "never" || third === "unknown" ? { kind: third } : { kind: third, detail }) as Outcome;
      return { at, input: { kind: name, operation: operationOf(second), outcome } as ControlInput };
    }
    // planes c control=failed management=none
    case "planes": {
      const state = (plane: string): PlaneState => (options.get(plane) ?? "healthy") as PlaneState;
      const planes: Planes = { control: state("control"), management: state("management") };
      return { at, input: { kind: "planes", planes } };
    }
    // confirm a c failed burnt down | confirm a c clear
    case "confirm": {
      const says = third as Extract<ControlInput, { readonly kind: "confirm" }>["says"];
      const detail = [fourth, fifth, ...rest].filter((word) => word !== undefined).join(" ");
      return { at, input: { kind: "confirm", about: names.cloudlet(second), says, detail } };
    }
    // observe c power 300 [in words]
    case "observe": {
      const text = [fourth, fifth, ...rest].filter((word) => word !== undefined).join(" ");
      return { at, input: { kind: "observe", of: second as ViewClass, value: Number(third), text } };
    }
    default:
      throw new Mistake(`no command is called ${name}`);
  }
}

/** What concerns operations among the effects; null for what the replica wants. */
export function tellControl(
  cloudlet: (id: CloudletId) => string,
  session: (id: SessionId) => string,
  at: CloudletId,
  effect: Exclude<ControlEffect, Effect>,
): string {
  const name = cloudlet(at);
  switch (effect.kind) {
    case "issued": {
      const { result } = effect;
      const to = `${name} to ${session(effect.session)}:`;
      return result.kind === "refused"
        ? `${to} refused (${result.code}): ${result.why}`
        : `${to} ${result.operation} ${result.kind}`;
    }
    case "execute": {
      const { operation, plane, by } = effect;
      const whose = by === "own" ? "its" : "the upper's";
      return `${name} has ${whose} ${plane} plane do ${operation.id}: ${operation.kind} ${operation.object}`;
    }
    case "inquire":
      return `${name} asks its ${effect.plane} plane about ${effect.operation}`;
    case "ended":
      return `${name} tells the end of ${effect.operation}: ${endWords(effect.end, cloudlet)}`;
    case "notConfirmed":
      return `${name} does not confirm that of ${cloudlet(effect.about)}: ${effect.why}`;
    case "marked":
      return `${name} marks ${cloudlet(effect.cloudlet)} ${effect.to}, ${effect.from} before`;
    default:
      return unreachable(effect);
  }
}

/** What a cloudlet's control layer has in mind: its operations, or how those below look from there. */
export function tellState(
  what: "operations" | "sights",
  core: ControlCore,
  now: LocalTime,
  cloudlet: (id: CloudletId) => string,
): readonly string[] {
  return what === "operations"
    ? [...core.lines()].map((line) => tellLine(line, cloudlet))
    : core.sights(now).flatMap((sight) => tellSight(sight, cloudlet));
}

/** How a cloudlet is seen from above: its mark, its planes, its history in seconds of the watcher, its view with ages. */
function tellSight(
  { cloudlet: id, mark, control, management, history, view }: Sight,
  cloudlet: (id: CloudletId) => string,
): readonly string[] {
  const past = history.map(
    ({ from, mark: then, was }) => `${from / 1e6 - 1}s ${then}${was === null ? "" : ` (${was})`}`,
  );
  const seen = viewClasses.flatMap(({ name }) => {
    const one = view[name];
    return one === undefined
      ? []
      : [`${name} ${one.value} (${one.number}, ${one.age / 1e6}s old)${one.text === "" ? "" : ` ${one.text}`}`];
  });
  return [
    `${cloudlet(id)}: ${mark}; control ${control}, management ${management}`,
    ...(past.length === 0 ? [] : [`  ${past.join(", ")}`]),
    ...seen.map((line) => `  ${line}`),
  ];
}

/** How an operation stands at a cloudlet. */
function tellLine(line: Readonly<Line>, cloudlet: (id: CloudletId) => string): string {
  const { id, target, operation, subject, directive, ending, result, final } = line;
  const what = `${subject?.kind ?? ""} ${subject?.object ?? ""}`;
  const own = directive === "ending" && ending !== null ? `ending (${endWords(ending, cloudlet)})` : directive;
  const there = result === "end" && final !== null ? endWords(final, cloudlet) : result;
  const priority = operation === null || operation.priority === 0 ? "" : `, priority ${operation.priority}`;
  return `${id} for ${cloudlet(target)}: ${what}${priority}: ${own}; result ${there}`;
}

function endWords({ kind, why, at, cause, detail }: End, cloudlet: (id: CloudletId) => string): string {
  const more = `${cause === null ? "" : ` of ${cause}`}${detail === "" ? "" : `, ${detail}`}`;
  return `${kind} (${why}${more}) at ${cloudlet(at)}`;
}

function requestOf(
  target: CloudletId,
  kind: string,
  object: string,
  options: Command["options"],
  payload: string,
): OperationRequest {
  const after = options.get("after");
  const expiry = options.get("expiry");
  return {
    target,
    kind,
    object,
    actor: (options.get("by") ?? "operator") as Actor,
    priority: Number(options.get("priority") ?? 0),
    needs: Number(options.get("needs") ?? 1),
    payload,
    ...(expiry !== undefined && { expiry: microsecondsOf(expiry) as Duration }),
    ...(after !== undefined && { after: after.split(",").map(operationOf) }),
  };
}

function operationOf(text: string | undefined): OperationId {
  if (text === undefined || !isOperationId(text)) throw new Mistake(`${text ?? "nothing"} names no operation`);
  return text;
}
