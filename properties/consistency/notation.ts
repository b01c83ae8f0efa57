/**
 * Small histories as text, the way papers write them, for tables of tests.
 *
 * `W(x,1) R(x,2) | W(x,2) R(x,1)`: sessions between bars; `R(x,0)` reads the beginning. `R(x,{1,2})` and `R(x,{})` read sets, and
 * make x a key of siblings; `A(x,1)` and `R(x,[1,2])` make it a list. `D(x,3)` deletes x, and 3 names the delete;
 * `R(x,_)` reads nothing and does not say whether that was the beginning or a delete. Signs behind an operation: `!` failed, `?` unknown outcome,
 * `@3-5` its times, `^a` its replica, `~1,2` (a write) the values it replaces, `=m` what its replica had applied, `.` a final read.
 * `< W(x,1) R(y,0) >` is a transaction; one that nobody closes ends with its session.
 *
 * Leaves out everything that files can say besides.
 */
import { type History, HistoryBuilder, type InitialValues, keyKind, operationKind, outcome } from "causeway-sim/model";

const FORM =
  /^([WRAD])\(([a-z]+),(\d+|_|\{[\d,]*\}|\[[\d,]*\])\)([!?])?(?:@(\d+)-(\d+|))?(?:\^([a-z]+))?(?:~([\d,]*))?(?:=([a-z0-9]+))?(\.)?$/;

/** Reads the text; throws on a word it does not know, since only tests write them. */
export function historyOf(text: string, initialValues: InitialValues = "implicit"): History {
  const builder = new HistoryBuilder({ initialValues, zero: 0 });
  const kinds = kindsOf(text);
  let line = 0;
  text.split("|").forEach((session, number) => {
    const of = builder.session(`s${number}`);
    for (const word of session.trim().split(/\s+/)) {
      if (word === "") continue;
      if (word === "<") builder.beginTransaction();
      if (word === ">") builder.endTransactions();
      if (word === "<" || word === ">") continue;
      const match = FORM.exec(word);
      if (match === null) throw new Error(`not an operation: ${word}`);
      const [, what, name = "", value = "", sign, start, end, replica, replaces, seen, final] = match;
      line += 1;
      const key = builder.key(name, kinds.get(name) ?? keyKind.register);
      const result = sign === "!" ? outcome.failed : sign === "?" ? outcome.unknown : outcome.ok;
      const isRead = what === "R";
      const kind = isRead ? operationKind.read : what === "A" ? operationKind.append : operationKind.write;
      builder.add(of, kind, result, key, isRead ? 0 : builder.version(key, Number(value)), line);
      if (what === "D") builder.deletes();
      if (isRead) for (const read of numbersOf(value)) builder.list(builder.version(key, read));
      if (value === "_") {
        builder.list(builder.version(key, null));
        builder.namesNothing();
      }
      if (replaces !== undefined) {
        builder.tellsReplaced();
        for (const old of numbersOf(replaces)) builder.list(builder.version(key, old));
      }
      if (start !== undefined)
        builder.times(Number(start), end === "" || end === undefined ? Number.POSITIVE_INFINITY : Number(end));
      if (replica !== undefined) builder.at(replica);
      if (seen !== undefined) builder.seen(seen);
      if (final !== undefined) builder.isFinal();
    }
    builder.endTransactions();
  });
  return builder.build();
}

/** A key whose reads show braces holds siblings, one with appends or brackets a list. */
function kindsOf(text: string): ReadonlyMap<string, number> {
  const kinds = new Map<string, number>();
  for (const [, what, name = "", sign] of text.matchAll(/([WRAD])\(([a-z]+),(.)/g)) {
    if (sign === "{") kinds.set(name, keyKind.siblings);
    if (sign === "[" || what === "A") kinds.set(name, keyKind.list);
  }
  return kinds;
}

function numbersOf(text: string): readonly number[] {
  return Array.from(text.matchAll(/\d+/g), ([number]) => Number(number));
}
