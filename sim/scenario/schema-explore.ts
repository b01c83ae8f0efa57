/**
 * The form of an exploration: inside which bounds all orders of what may happen are tried.
 *
 * Leaves out what cannot be explored at all (resolve-explore.ts).
 */
import { exploredMarks } from "../explore/names.ts";
import { markTable } from "../oracles/names.ts";
import { count, listOf, map, quantity, word } from "./pieces.ts";

const met = exploredMarks.map(({ name }) => name) as [
  (typeof exploredMarks)[number]["name"],
  ...(typeof exploredMarks)[number]["name"][],
];
const marks = markTable.map(({ name }) => name) as [string, ...string[]];

const times = (what: string) => count(`how many ${what} (default 0)`, 0, 20).optional();

/** The bounds. */
export const explore = map("bounds inside which `causeway explore` tries every order of what may happen", {
  losses: times("messages may be lost"),
  duplicates: times("messages may come twice"),
  crashes: times("times a process may die and start again"),
  cuts: times("times a link may be cut, and open again at any time"),
  firings: count("how often each timer may fire (default 1)", 0, 20).optional(),
  acknowledgements: word(
    "ride (default): one arrives together with the next message the same way; free: by itself, like any message",
    ["ride", "free"],
  ).optional(),
  greetings: word("prompt (default): who meets is greeted in the same step; free: greetings arrive like any message", [
    "prompt",
    "free",
  ]).optional(),
  disks: word("prompt: disks have everything at once; slow: at any time later (default: slow where crashes are)", [
    "prompt",
    "slow",
  ]).optional(),
  order: word("any (default): messages of one direction overtake each other; kept: they arrive as they were sent", [
    "any",
    "kept",
  ]).optional(),
  start: word("connected (default): all have met before anything is asked; apart: links open at any time", [
    "connected",
    "apart",
  ]).optional(),
  memory: quantity("size", "what the search may take (default 2GiB)").optional(),
  depth: count("steps from the beginning at most (default: as many as there are)", 1, 1_000_000).optional(),
  sometimes: listOf(
    "situations that must be met, or nothing is shown",
    { thing: "situations", noun: "a situation", words: met },
    { thing: "marks", noun: "a mark of runs", words: marks, keys: "expectations.sometimes" },
  ).optional(),
});
