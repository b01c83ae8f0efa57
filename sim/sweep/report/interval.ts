// How sure counts of runs make one: the share of all possible runs that fail, at 95 %. When none of n fails it is below 3/n (Hanley and
// Lippman-Hand, "If nothing goes wrong, is everything all right?", JAMA 249, 1983); else it lies in Wilson's interval ("Probable
// inference, the law of succession, and statistical inference", JASA 22, 1927).

/** Of a standard normal distribution, two-sided 95 %. */
const Z = 1.959964;

/** A share of runs, between 0 and 1. */
export interface ShareInterval {
  readonly least: number;
  readonly most: number;
}

/** Where the true share of failing runs lies when `failed` of `runs` have failed; anywhere when there were no runs. */
export function failureInterval(failed: number, runs: number): ShareInterval {
  if (runs === 0) return { least: 0, most: 1 };
  if (failed === 0) return { least: 0, most: Math.min(1, 3 / runs) };
  const share = failed / runs;
  const middle = share + (Z * Z) / (2 * runs);
  const half = Z * Math.sqrt((share * (1 - share)) / runs + (Z * Z) / (4 * runs * runs));
  const whole = 1 + (Z * Z) / runs;
  // Rounding would leave the share itself out.
  return { least: Math.max(0, (middle - half) / whole), most: failed === runs ? 1 : (middle + half) / whole };
}

/** `0 of 240: below 1.3 % at 95 %`, or `3 of 240: 0.43 % to 3.6 % at 95 %`. */
export function failureText(failed: number, runs: number): string {
  if (runs === 0) return "no runs";
  const { least, most } = failureInterval(failed, runs);
  const range = failed === 0 ? `below ${percentText(most)}` : `${percentText(least)} to ${percentText(most)}`;
  return `${failed} of ${runs}: ${range} at 95 %`;
}

/** A share as a percentage with two digits that count. */
export function percentText(share: number): string {
  return `${Number((share * 100).toPrecision(2))} %`;
}
