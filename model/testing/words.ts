// What the words of a transcript's commands stand for: requests of clients, durations. Commands are in cluster.ts.

import type { ClientOp } from "../replication/io.ts";

/** Wrong words in a command: becomes the command's output. */
export class Mistake extends Error {
  override readonly name = "Mistake";
}

/** A client's request. */
export function clientOp(verb: string, key: string, value: string | undefined): ClientOp {
  switch (verb) {
    case "put":
      return { kind: "put", key, value: value ?? "" };
    case "put!":
      return { kind: "put", key, value: value ?? "", replaceAll: true };
    case "delete":
      return { kind: "delete", key };
    case "resolve":
      return { kind: "resolve", key, value: value ?? "" };
    case "add":
      return { kind: "add", key, amount: Number(value) };
    case "insert":
    case "remove":
      return { kind: verb, key, element: value ?? "" };
    case "append":
      return { kind: "append", key, entry: value ?? "" };
    case "get":
      return { kind: "get", key };
    case "scan":
      return { kind: "scan", prefix: key };
    default:
      throw new Mistake(`no request is called ${verb}`);
  }
}

/** Whole microseconds. */
export function microsecondsOf(text: string | undefined): number {
  const parts = /^(-?\d+)(us|ms|s)$/.exec(text ?? "");
  if (parts === null) throw new Mistake(`${text ?? "nothing"} is no duration such as 20ms or 3s`);
  return Number(parts[1]) * (parts[2] === "s" ? 1_000_000 : parts[2] === "ms" ? 1_000 : 1);
}
