/**
 * Which seed the properties run with. Leaves out how it is used (see setup.ts) and reported (see prop.ts).
 */

/**
 * Reads `CAUSEWAY_SEED`, a whole number from -2^31 to 2^31 - 1.
 *
 * @param environment the process's variables
 * @param draw called for a fresh seed when none is given and `CI` is unset, empty or "false"
 * @throws Error when the seed is not such a number, or is missing in CI
 */
export function seedFromEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
  draw: () => number,
): number {
  const text = environment["CAUSEWAY_SEED"] ?? "";
  if (text === "") {
    const ci = environment["CI"] ?? "";
    if (ci === "" || ci === "false") return draw();
    throw new Error(
      "CAUSEWAY_SEED must be set when CI is, so that a failure can be repeated: CAUSEWAY_SEED=1 npm test",
    );
  }
  const seed = Number(text);
  if (!/^-?\d+$/.test(text) || (seed | 0) !== seed) {
    throw new Error(`CAUSEWAY_SEED must be a whole number of 32 bits, got ${JSON.stringify(text)}`);
  }
  return seed;
}
