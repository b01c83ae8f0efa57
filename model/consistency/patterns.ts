/**
 * The catalogue of ways in which a history can be wrong: what each name means, in one sentence that needs no paper, and where the
 * name comes from.
 *
 * Leaves out finding them (the checkers) and what is wrong with one history (explain/).
 */
import type { PatternName } from "./verdict.ts";

/** One entry of the catalogue. */
export interface Pattern {
  /** What is wrong, in one sentence. */
  readonly says: string;
  /** Paper and place of the definition. */
  readonly source: string;
}

const TABLE2 = "Bouajjani, Enea, Guerraoui, Hamza, On Verifying Causal Consistency, POPL 2017, Table 2";
const PLUME =
  "transactional anomalous patterns; Biswas, Enea, On the Complexity of Checking Transactional Consistency, OOPSLA 2019, section 2";
const ADYA = "Adya, Weak Consistency, MIT 1999, section 4";
const TERRY = "Terry et al., Session Guarantees for Weakly Consistent Replicated Data, PDIS 1994, section 3";
const MAHAJAN = "Mahajan, Alvisi, Dahlin, Consistency, Availability, and Convergence, UTCS TR-11-22, section 3";
const BURCKHARDT = "Burckhardt et al., Replicated Data Types, POPL 2014, section 3";
const ELLE = "Kingsbury, Alvaro, Elle, VLDB 2020, section 4";

/** By name. */
export const patterns: Readonly<Record<PatternName, Pattern>> = {
  ThinAirRead: { says: "A read returned a value that nobody wrote.", source: TABLE2 },
  AbortedRead: { says: "A read returned a value whose only write failed.", source: `${ADYA} (G1a)` },
  FutureRead: { says: "A read returned what its own transaction wrote only later.", source: PLUME },
  NotMyOwnWrite: {
    says: "A transaction wrote a key and then read somebody else's value of it.",
    source: PLUME,
  },
  NotMyLastWrite: {
    says: "A transaction wrote a key twice and then read the first of its two values.",
    source: PLUME,
  },
  IntermediateRead: {
    says: "A read returned a value that its own transaction replaced before it ended.",
    source: `${ADYA} (G1b)`,
  },
  NonRepeatableRead: {
    says: "A transaction read one key twice and got two values, neither of which it wrote in between.",
    source: PLUME,
  },
  NonMonotonicRead: {
    says: "Reads went back: a later one returned something older than an earlier one had shown.",
    source: PLUME,
  },
  FracturedRead: {
    says: "A transaction saw one write of another transaction and missed another write of the same one.",
    source: "Bailis et al., Scalable Atomic Visibility with RAMP Transactions, SIGMOD 2014, section 3",
  },
  CyclicCO: {
    says: "Session order and reads-from form a cycle: something comes causally before itself.",
    source: TABLE2,
  },
  WriteCOInitRead: {
    says: "A read returned the initial value although a write of that key comes causally before it.",
    source: TABLE2,
  },
  WriteCORead: {
    says: "A read returned a value that had been replaced in the read's own causal past.",
    source: TABLE2,
  },
  WriteHBInitRead: {
    says: "To explain all that a session read, a write would have to come before that session's read of the initial value.",
    source: TABLE2,
  },
  CyclicHB: {
    says: "To explain all that a session read with one sequence, some write would have to come before itself.",
    source: TABLE2,
  },
  CyclicCF: {
    says: "Reads decided conflicts between concurrent writes in ways that no single order of these writes allows.",
    source: TABLE2,
  },
  CyclicVersions: {
    says: "No order of the versions of the keys agrees with all that was promised to the sessions.",
    source: TERRY,
  },
  CyclicRealTime: {
    says: "What was read orders operations against the real time at which they ran.",
    source: MAHAJAN,
  },
  ReadFromFuture: {
    says: "A read ended before the write whose value it returned had begun.",
    source: MAHAJAN,
  },
  MissingSibling: {
    says: "A read left out a visible version that no visible write had replaced.",
    source: `${MAHAJAN}; ${BURCKHARDT}`,
  },
  ReplacedSibling: {
    says: "A read returned a version that a visible write had replaced.",
    source: `${MAHAJAN}; ${BURCKHARDT}`,
  },
  MissingElement: {
    says: "A list that was read lacks an element whose append comes causally before the read.",
    source: `${ELLE}, applied to the causal order`,
  },
  RepeatedElement: {
    says: "A list that was read holds an element twice that was appended once.",
    source: ELLE,
  },
  IncompatibleOrder: {
    says: "Lists that were read show an order of appends that nothing can have had: they disagree with each other, or with what came before what.",
    source: ELLE,
  },
  Diverged: {
    says: "Replicas that had the same updates answered differently.",
    source: "Shapiro et al., Conflict-free Replicated Data Types, SSS 2011, section 2",
  },
  NoOrder: {
    says: "A search over all orders of the operations found none that explains what was read.",
    source: "Herlihy, Wing, Linearizability, TOPLAS 1990; Biswas, Enea, OOPSLA 2019",
  },
};
