/**
 * A tiny history for every step of the lattice: the weaker model holds and the stronger one does not. Notation as in notation.ts.
 *
 * They stand in docs/consistency.md with the verdicts that the checkers give. Leaves out why: `causeway check` explains each.
 */
import type { ModelName } from "causeway-sim/model";

/** One history, and what it keeps apart. */
export interface Separation {
  readonly history: string;
  /** Violated there. */
  readonly violated: readonly ModelName[];
  /** Holds there. */
  readonly holds: readonly ModelName[];
  /** What happens in it. */
  readonly says: string;
}

/** By strength: session guarantees first. */
export const separations: readonly Separation[] = [
  {
    history: "W(x,1) R(x,0)",
    violated: ["RYW", "PRAM", "CC"],
    holds: ["MR", "MW", "WFR"],
    says: "A session does not find its own write.",
  },
  {
    history: "W(x,1) | W(x,2) | R(x,1) R(x,2) R(x,1)",
    violated: ["MR"],
    holds: ["RYW", "MW", "CC"],
    says: "Of two writes that know nothing of each other, a session sees one, the other, and the first again.",
  },
  {
    history: "W(x,1) W(x,2) | R(x,2) R(x,1)",
    violated: ["MW"],
    holds: ["RYW", "MR", "WFR"],
    says: "Somebody sees the writes of a session in the wrong order.",
  },
  {
    history: "W(x,1) | R(x,1) W(x,2) | R(x,2) R(x,1)",
    violated: ["WFR"],
    holds: ["RYW", "MR", "MW", "PRAM"],
    says: "Somebody sees an answer, and then what it answered.",
  },
  {
    history: "W(x,1) R(x,2) | W(x,2) R(x,1)",
    violated: ["RYW-shared", "CCv"],
    holds: ["RYW", "CC", "CM"],
    says: "Two writers each see the other's write last (figure 2(a) of the paper on causal consistency).",
  },
  {
    history: "W(x,1) | W(x,2) | R(x,1) R(x,2) | R(x,2) R(x,1)",
    violated: ["MR-shared"],
    holds: ["MR"],
    says: "Two readers see two writes in two orders.",
  },
  {
    history: "W(x,1) W(x,2) | W(x,3) | R(x,2) R(x,3) | R(x,3) R(x,1)",
    violated: ["MW-shared"],
    holds: ["MW", "MR-shared"],
    says: "Three sessions together see a session's second write before its first.",
  },
  {
    history: "W(x,1) | R(x,1) W(x,2) | W(x,3) | R(x,2) R(x,3) | R(x,3) R(x,1)",
    violated: ["WFR-shared"],
    holds: ["WFR", "MR-shared"],
    says: "Three sessions together see an answer before what it answered.",
  },
  {
    history: "W(x,1) W(y,1) | R(y,1) R(x,0)",
    violated: ["PRAM", "CC", "CCv"],
    holds: ["RYW", "MR", "MW", "WFR", "RYW-shared", "MW-shared", "WFR-shared"],
    says: "Order is lost between two keys, where no session guarantee for one key can see it.",
  },
  {
    history: "W(x,1) | R(x,1) W(y,1) | R(y,1) R(x,0)",
    violated: ["CC", "CM", "TCC"],
    holds: ["PRAM", "RA"],
    says: "Somebody sees an effect without its cause, which came by way of a third session.",
  },
  {
    history: "W(x,1) | W(x,2) R(x,1) R(x,2)",
    violated: ["CM", "PRAM", "CCv"],
    holds: ["CC"],
    says: "A session sees another write and then its own again (figure 2(c)).",
  },
  {
    history: "W(z,1) W(x,1) W(y,1) | W(x,2) R(z,0) R(y,1) R(x,2)",
    violated: ["CM"],
    holds: ["CCv"],
    says: "All conflicts end alike, but one session cannot put all that it read into one sequence (figure 2(b)).",
  },
  {
    history: "A(x,1) | A(x,2) | R(x,[1,2]) | R(x,[2,1])",
    violated: ["CCv", "RC"],
    holds: ["CC"],
    says: "Two readers of a list get the same elements in two orders.",
  },
  {
    history: "W(x,1)@0-1 | W(x,2)@2-3 R(x,1)@4-5",
    violated: ["RTC-arb", "RTC", "LIN"],
    holds: ["CCv"],
    says: "A write wins against one that began after it had ended.",
  },
  {
    history: "W(x,1)@0-9 | R(x,1)@3-4 | W(x,2)@5-6 R(x,1)@10-11",
    violated: ["RTC", "LIN"],
    holds: ["RTC-arb"],
    says: "The two writes overlap, but one of them had been read before the other began, and wins.",
  },
  {
    history: "W(x,1)@4-5 | R(x,{1})@1-2",
    violated: ["RTC"],
    holds: ["MV", "CC"],
    says: "A read returns, in a set, what was written only after it had ended.",
  },
  {
    history: "W(x,1)@0-1 | R(x,0)@2-3",
    violated: ["LIN"],
    holds: ["RTC", "CM"],
    says: "A read misses a write that had ended before it began: what every store does that answers while it is cut off.",
  },
  {
    history: "< W(x,1) W(y,1) > | < R(x,0) R(y,1) >",
    violated: ["RA"],
    holds: ["RC"],
    says: "A transaction sees half of another one.",
  },
  {
    history: "A(x,1) | A(x,2) | R(x,[1]) | R(x,[2])",
    violated: ["RC", "TCC"],
    holds: ["CCv"],
    says: "Two readers of a list have each seen one element: right for replicas that have not met, and no two states of one list.",
  },
  {
    history: "W(x,1) | < R(x,0) R(x,1) >",
    violated: ["TCC", "RA"],
    holds: ["CCv", "RC"],
    says: "A transaction reads a key twice and finds it changed.",
  },
  {
    history: "W(x,1) R(y,0) | W(y,1) R(x,0)",
    violated: ["SER"],
    holds: ["TCC", "CM"],
    says: "Two sessions miss each other's writes: neither can have come first.",
  },
  {
    history: "W(x,1) | W(x,2) | R(x,{1}) R(x,{2})",
    violated: ["MV"],
    holds: ["CC"],
    says: "A write that was seen is gone, though nothing replaced it.",
  },
  {
    history: "W(x,1) R(x,1). | W(x,2) R(x,2).",
    violated: ["SEC"],
    holds: ["CCv"],
    says: "In the end two replicas still answer differently.",
  },
];
