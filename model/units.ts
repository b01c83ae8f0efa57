// Units as types. Inside the project time is whole microseconds and size is whole bytes; two brands never mix, so a
// duration cannot be passed where an instant is meant. Parsing "20ms" and printing "1.2 s" belong to the edges (sim/scenario).

declare const brand: unique symbol;

/** A base type that carries a name at compile time only; at run time it is the base value itself. */
export type Brand<Base, Name extends string> = Base & { readonly [brand]: Name };

/** A moment of true time: whole microseconds since the run began, 0 <= at < 2^53 (285 years). */
export type Instant = Brand<number, "Instant">;
/** A length of time: whole microseconds, never negative. */
export type Duration = Brand<number, "Duration">;
/** A size in whole bytes, never negative. */
export type Bytes = Brand<number, "Bytes">;

/** Makes an instant from whole microseconds since the run began. Throws when it is no whole number >= 0. */
export function instant(micros: number): Instant {
  if (!Number.isSafeInteger(micros) || micros < 0)
    throw new RangeError(`not an instant in whole microseconds: ${micros}`);
  return micros as Instant;
}

/** Makes a duration from whole microseconds. Throws when it is no whole number >= 0. */
export function micros(value: number): Duration {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`not a duration in whole microseconds: ${value}`);
  return value as Duration;
}

/** Makes a duration from milliseconds; fractions of a microsecond are refused by throwing. */
export function millis(value: number): Duration {
  return micros(value * 1_000);
}

/** Makes a duration from seconds; fractions of a microsecond are refused by throwing. */
export function seconds(value: number): Duration {
  return micros(value * 1_000_000);
}

/** Makes a size from whole bytes. Throws when it is no whole number >= 0. */
export function bytes(value: number): Bytes {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`not a size in whole bytes: ${value}`);
  return value as Bytes;
}

/** The instant that lies `after` later than `at`. */
export function later(at: Instant, after: Duration): Instant {
  return (at + after) as Instant;
}
