/**
 * What to do about the impossible: `assert` for a broken invariant, `unreachable` for the end of an exhaustive switch.
 *
 * A bug throws here and stops the run; bad input never does, it is answered with a typed refusal by whoever read it.
 * Leaves out: levels, logging, recovery. An invariant that may be ignored is not one.
 */

/** A broken invariant: a bug in this program, never a fault of its input. */
export class InvariantViolation extends Error {
  override readonly name = "InvariantViolation";
}

/**
 * States what the code below relies on.
 *
 * @param condition must hold
 * @param message what was expected, in words. In hot paths pass a constant, so that nothing is built when it holds.
 * @throws InvariantViolation when it does not hold
 */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new InvariantViolation(message);
}

/**
 * Ends a switch over a union: the compiler rejects the call while a case is missing.
 *
 * @throws InvariantViolation always, since a value of no known kind means that a type lied
 */
export function unreachable(value: never): never {
  throw new InvariantViolation(`unreachable: ${JSON.stringify(value)}`);
}
