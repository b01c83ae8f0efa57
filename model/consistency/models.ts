/**
 * The consistency models as a table: what each one says, what follows from it, where it comes from, where authors disagree.
 *
 * The lattice is what `implies` spans; it holds for every history to which both models apply (a property in the suite). Models of
 * single operations read a history of transactions operation by operation.
 *
 * Reads of sets are judged by CC, RTC and MV, and by what begins with one of those; models of transactions and LIN look past them, so
 * what follows from these follows for keys of other kinds.
 *
 * Leaves out how each is checked: one file per model, listed in checkers.ts.
 */

/** Names as reports and `--model` write them. */
export type ModelName =
  | "RYW"
  | "MR"
  | "MW"
  | "WFR"
  | "RYW-shared"
  | "MR-shared"
  | "MW-shared"
  | "WFR-shared"
  | "PRAM"
  | "CC"
  | "CM"
  | "CCv"
  | "RTC"
  | "RTC-arb"
  | "MV"
  | "SEC"
  | "RC"
  | "RA"
  | "TCC"
  | "LIN"
  | "SER";

/** One row of the table. */
export interface Model {
  readonly name: ModelName;
  readonly title: string;
  /** What it demands, in one or two sentences. */
  readonly says: string;
  /** The strongest models that follow from it; the rest follows through them. */
  readonly implies: readonly ModelName[];
  /** Paper and section of the definition. */
  readonly source: string;
  /** Where authors disagree, and which side this checker takes; absent where they agree. */
  readonly disagreement?: string;
}

const POPL17 = "Bouajjani, Enea, Guerraoui, Hamza, On Verifying Causal Consistency, POPL 2017";
const TERRY = "Terry et al., Session Guarantees for Weakly Consistent Replicated Data, PDIS 1994";
const BISWAS = "Biswas, Enea, On the Complexity of Checking Transactional Consistency, OOPSLA 2019";
const SESSION_ORDER =
  "Terry speaks of servers; a history has none, so what counts is the order of versions that the session itself sees";

/** Every model, weaker ones first. */
export const models: readonly Model[] = [
  {
    name: "RYW",
    title: "read your writes",
    says: "A read returns the session's own last write of the key or something newer, in an order of versions that keeps own writes in order and may differ from session to session.",
    implies: [],
    source: `${TERRY}, section 3.1`,
    disagreement: SESSION_ORDER,
  },
  {
    name: "MR",
    title: "monotonic reads",
    says: "Reads of one key in one session never go back, in an order of versions that may differ from session to session.",
    implies: [],
    source: `${TERRY}, section 3.2`,
    disagreement: SESSION_ORDER,
  },
  {
    name: "MW",
    title: "monotonic writes",
    says: "Whoever has read a write does not come back to one that the same session made before it.",
    implies: [],
    source: `${TERRY}, section 3.4`,
    disagreement: SESSION_ORDER,
  },
  {
    name: "WFR",
    title: "writes follow reads",
    says: "Whoever has read a write does not come back to what its session had read of that key before it.",
    implies: [],
    source: `${TERRY}, section 3.3`,
    disagreement: SESSION_ORDER,
  },
  {
    name: "RYW-shared",
    title: "read your writes, one order of versions for all",
    says: "As RYW, with one order of versions that all sessions share.",
    implies: ["RYW"],
    source: `${TERRY}, section 3.1`,
  },
  {
    name: "MR-shared",
    title: "monotonic reads, one order of versions for all",
    says: "As MR, with one order of versions that all sessions share.",
    implies: ["MR"],
    source: `${TERRY}, section 3.2`,
  },
  {
    name: "MW-shared",
    title: "monotonic writes, one order of versions for all",
    says: "One order of versions, shared by all sessions, keeps every session's writes in order, and no session's reads go back in it.",
    implies: ["MW", "MR-shared"],
    source: `${TERRY}, section 3.4`,
  },
  {
    name: "WFR-shared",
    title: "writes follow reads, one order of versions for all",
    says: "One order of versions, shared by all sessions, puts a write after what its session had read, and no session's reads go back in it.",
    implies: ["WFR", "MR-shared"],
    source: `${TERRY}, section 3.3`,
  },
  {
    name: "PRAM",
    title: "pipelined memory",
    says: "Each session can order its own operations and all writes so that every session's writes keep their order and its own reads return the last write before them.",
    implies: ["RYW", "MR", "MW"],
    source: "Lipton, Sandberg, PRAM: A Scalable Shared Memory, 1988; Wei et al., Verifying PRAM Consistency, TPDS 2016",
  },
  {
    name: "CC",
    title: "causal consistency",
    says: "There is a causal order such that the past of every operation can be put into a sequence that explains what this operation returned.",
    implies: ["RYW", "MW", "WFR"],
    source: `${POPL17}, section 3.2, Table 3`,
    disagreement: "called weak causal consistency elsewhere; what Ahamad calls causal memory is CM",
  },
  {
    name: "CM",
    title: "causal memory",
    says: "As CC, and the same sequence explains all earlier reads of that operation's session too.",
    implies: ["CC", "PRAM"],
    source: `Ahamad et al., Causal Memory, 1995; ${POPL17}, section 3.4`,
  },
  {
    name: "CCv",
    title: "causal convergence",
    says: "As CC, and all pasts are put into sequence by one order that all share, so that conflicts end alike everywhere.",
    implies: ["CC", "RYW-shared", "MW-shared", "WFR-shared"],
    source: `${POPL17}, section 3.3`,
    disagreement:
      "causal+ (Lloyd et al., SOSP 2011) is CCv together with convergence (SEC); of lists, what two readers both got stands in one order, and each holds all that its reader had seen, so that none need be the beginning of another, as it must be for databases (RC)",
  },
  {
    name: "RTC-arb",
    title: "real-time causal, arbitration in real time",
    says: "CCv, where of two writes to a key that do not overlap the later one wins.",
    implies: ["CCv"],
    source: "Viotti, Vukolić, Consistency in Non-Transactional Distributed Storage Systems, CSUR 2016",
    disagreement: "named real-time causal there; Mahajan's RTC orders all operations",
  },
  {
    name: "RTC",
    title: "real-time causal",
    says: "Causal, and no operation comes causally before one that had ended when it began.",
    implies: ["RTC-arb", "MV"],
    source: "Mahajan, Alvisi, Dahlin, Consistency, Availability, and Convergence, UTCS TR-11-22, section 3",
    disagreement:
      "Mahajan's reads return all concurrent versions; where they return one, what it hid counts as before it in real time too",
  },
  {
    name: "MV",
    title: "return them all",
    says: "A read returns exactly those visible versions that no other visible one has replaced; a delete among them may be listed or not.",
    implies: [],
    source:
      "Mahajan, Alvisi, Dahlin, UTCS TR-11-22, section 3; Burckhardt et al., Replicated Data Types, POPL 2014, section 3",
  },
  {
    name: "SEC",
    title: "strong eventual convergence",
    says: "Replicas that have the same updates answer alike; reads after everything was delivered agree.",
    implies: [],
    source: "Shapiro et al., Conflict-free Replicated Data Types, SSS 2011, section 2",
    disagreement:
      "asked of answers, key by key: replicas that hold other keys are not compared, that everything is delivered is what the recorder says of reads it calls final, and replicas that have all lost the same write agree",
  },
  {
    name: "RC",
    title: "read committed",
    says: "Transactions read what others committed, whole, and inside one transaction reads do not go back.",
    implies: [],
    source: `${BISWAS}, section 2`,
    disagreement:
      "Adya's PL-2 does not forbid going back inside a transaction; of lists it is asked, as Elle does, that all lists that were read of a key are states of one list, each a beginning of the next, where CCv lets every reader miss what it had not seen",
  },
  {
    name: "RA",
    title: "read atomic",
    says: "RC, and a transaction that sees one write of another sees all of them.",
    implies: ["RC"],
    source: `${BISWAS}, section 2; Bailis et al., Scalable Atomic Visibility, SIGMOD 2014`,
  },
  {
    name: "TCC",
    title: "transactional causal consistency",
    says: "RA, and what a transaction sees it sees with everything that came causally before, conflicts ended alike everywhere.",
    implies: ["RA", "CCv"],
    source: `${BISWAS}, section 2`,
  },
  {
    name: "SER",
    title: "serializable in session order",
    says: "The transactions can be run one after the other, each session's in its order, with the same answers.",
    implies: ["TCC", "CM"],
    source: `${BISWAS}, section 2`,
    disagreement: "plain serializability ignores sessions; the session order is kept here, as in the source",
  },
  {
    name: "LIN",
    title: "linearizable",
    says: "Every operation takes effect at one moment between its beginning and its end; a transaction on one register, such as a compare-and-set, is one operation.",
    implies: ["RTC", "CM"],
    source: "Herlihy, Wing, Linearizability, TOPLAS 1990",
  },
];
