// Which times a value may be given to last. Clocks are added to them, so they end well below 2^53.

/** The longest time that a value may be given, in microseconds: about 35 years. */
export const ttlMax = 2 ** 50;

/** Is this a time that a value can be given to last? */
export function isTimeLimit(micros: number): boolean {
  return Number.isSafeInteger(micros) && micros > 0 && micros <= ttlMax;
}
