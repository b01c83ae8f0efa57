/**
 * Draws small histories of transactions as text (notation.ts): consistent by construction, nearly so, and arbitrary.
 *
 * Consistent ones come from a store that runs transactions one after the other and shows each session a state that it chooses: the
 * latest one, or an old one, whole or key by key; the older and the more mixed, the weaker the model that is left. Nearly consistent
 * ones have one answer changed. Arbitrary ones return anything.
 *
 * Leaves out judging: that is for the twins.
 */
import { pick, type Rng } from "causeway-sim/model";

/** What to draw. */
export interface TransactionDraw {
  /** At most so many operations. */
  readonly operations: number;
  /** At most so many of them in one transaction. */
  readonly perTransaction: number;
  readonly kind: "register" | "list" | "mixed";
  /** Values are few, so that many are written twice; else each is written once. */
  readonly twice?: boolean;
}

interface DrawnOperation {
  readonly key: string;
  readonly isRead: boolean;
  values: readonly number[];
}

interface DrawnTransaction {
  readonly session: number;
  readonly operations: DrawnOperation[];
  sign: string;
}

const KEYS = ["x", "y", "z"];

/** A history as text. */
export function drawTransactions(rng: Rng, options: TransactionDraw): string {
  const style = rng.intInclusive(4);
  const transactions = shape(rng, options);
  if (style === 0) answerAnything(rng, transactions, options);
  else answerByStore(rng, transactions, options, style);
  if (rng.chance(400_000)) damage(rng, transactions, options);
  for (const transaction of transactions) {
    if (rng.chance(20_000)) transaction.sign = "!";
    else if (rng.chance(80_000)) transaction.sign = "?";
  }
  return textOf(transactions, options);
}

function isList(key: string, { kind }: TransactionDraw): boolean {
  return kind === "list" || (kind === "mixed" && key === "y");
}

function shape(rng: Rng, options: TransactionDraw): DrawnTransaction[] {
  const sessions = 1 + rng.intInclusive(3);
  const keys = KEYS.slice(0, options.kind === "mixed" ? 2 : 1 + rng.intInclusive(2));
  const transactions: DrawnTransaction[] = [];
  let left = 2 + rng.intInclusive(options.operations - 2);
  let value = 0;
  while (left > 0) {
    const size = Math.min(left, 1 + rng.intInclusive(options.perTransaction - 1));
    left -= size;
    const operations = Array.from({ length: size }, (): DrawnOperation => {
      const isRead = rng.chance(550_000);
      if (!isRead) value += 1;
      return { key: pick(rng, keys), isRead, values: isRead ? [] : [options.twice === true ? 1 + (value % 2) : value] };
    });
    transactions.push({ session: rng.intInclusive(sessions - 1), operations, sign: "" });
  }
  return transactions;
}

function writtenTo(transactions: readonly DrawnTransaction[], key: string): readonly number[] {
  return transactions.flatMap(({ operations }) =>
    operations.filter((operation) => !operation.isRead && operation.key === key).flatMap(({ values }) => values),
  );
}

function answerAnything(rng: Rng, transactions: readonly DrawnTransaction[], options: TransactionDraw): void {
  for (const { operations } of transactions) {
    for (const operation of operations) {
      if (!operation.isRead) continue;
      const written = writtenTo(transactions, operation.key);
      if (isList(operation.key, options)) operation.values = written.slice(0, rng.intInclusive(written.length));
      else operation.values = [rng.chance(250_000) || written.length === 0 ? 0 : pick(rng, written)];
    }
  }
}

type State = ReadonlyMap<string, readonly number[]>;

/** Transactions take effect in the order drawn; reads are of one of the states so far, of the newest in style 1. */
function answerByStore(
  rng: Rng,
  transactions: readonly DrawnTransaction[],
  options: TransactionDraw,
  style: number,
): void {
  const states: State[] = [new Map()];
  /** By session: states before this one are not shown to it any more, in styles 1 to 3. */
  const shown = new Map<number, number>();
  for (const { session, operations } of transactions) {
    const newest = states.length - 1;
    const from = style === 4 ? 0 : (shown.get(session) ?? 0);
    const draw = (): number => (style === 1 ? newest : newest - rng.intInclusive(Math.min(2, newest - from)));
    const whole = draw();
    const own = new Map<string, readonly number[]>();
    const after = new Map(states[newest]);
    for (const operation of operations) {
      const { key } = operation;
      const base = states[style === 3 ? draw() : whole]!.get(key);
      const initial = isList(key, options) ? [] : [0];
      if (operation.isRead) {
        const mine = own.get(key);
        operation.values = isList(key, options) ? [...(base ?? initial), ...(mine ?? [])] : (mine ?? base ?? initial);
        continue;
      }
      const put = (before: readonly number[]): readonly number[] =>
        isList(key, options) ? [...before, ...operation.values] : operation.values;
      own.set(key, put(own.get(key) ?? []));
      after.set(key, put(after.get(key) ?? []));
    }
    states.push(after);
    shown.set(session, rng.chance(800_000) ? states.length - 1 : whole);
  }
}

/** One answer becomes another one. */
function damage(rng: Rng, transactions: readonly DrawnTransaction[], options: TransactionDraw): void {
  const reads = transactions.flatMap(({ operations }) => operations.filter(({ isRead }) => isRead));
  if (reads.length === 0) return;
  const read = pick(rng, reads);
  const written = writtenTo(transactions, read.key);
  if (!isList(read.key, options)) read.values = [rng.chance(30_000) ? 99 : pick(rng, [0, ...written])];
  else if (rng.chance(400_000)) read.values = read.values.slice(0, -1);
  else if (rng.chance(300_000)) read.values = read.values.slice(1);
  else if (rng.chance(300_000)) read.values = [...read.values].reverse();
  else if (rng.chance(100_000)) read.values = [...read.values, ...read.values.slice(0, 1)];
  else read.values = [...new Set([...read.values, ...(written.length > 0 ? [pick(rng, written)] : [])])];
}

function textOf(transactions: readonly DrawnTransaction[], options: TransactionDraw): string {
  const sessions = new Map<number, string[]>();
  for (const { session, operations, sign } of transactions) {
    const words = operations.map(({ key, isRead, values }) => {
      if (!isList(key, options)) return `${isRead ? "R" : "W"}(${key},${values[0]!})${sign}`;
      return isRead ? `R(${key},[${values.join()}])${sign}` : `A(${key},${values[0]!})${sign}`;
    });
    const all = sessions.get(session) ?? [];
    sessions.set(session, all);
    all.push(...(words.length === 1 ? words : ["<", ...words, ">"]));
  }
  return [...sessions.values()].map((words) => words.join(" ")).join(" | ");
}
