// Statistics that the page of a sweep works out in the reader's browser, for whichever runs are chosen. Percentiles by nearest rank, as
// everywhere else; intervals at 95 %.

const Z = 1.959964;

/** The value that `percent` of all do not exceed. `sorted` ascends and is not empty. */
export function ranked(sorted, percent) {
  return sorted[Math.max(0, Math.ceil((percent * sorted.length) / 100) - 1)];
}

/**
 * Where the median of all possible runs lies: between two of the values that were seen, by their ranks alone, whatever the distribution
 * (David and Nagaraja, Order Statistics, 2003, section 7.1). Null of fewer than six values: even the least and the most have it between
 * them less often than in 95 of 100 samples.
 */
export function medianInterval(sorted) {
  const n = sorted.length;
  if (n < 6) return null;
  const half = (Z * Math.sqrt(n)) / 2;
  const low = Math.max(1, Math.floor(n / 2 - half));
  const high = Math.min(n, Math.ceil(n / 2 + half) + 1);
  return [sorted[low - 1], sorted[high - 1]];
}

/** Where the share of failing runs lies: below 3/n when none failed, else Wilson's interval. */
export function failureInterval(failed, runs) {
  if (runs === 0) return [0, 1];
  if (failed === 0) return [0, Math.min(1, 3 / runs)];
  const share = failed / runs;
  const middle = share + (Z * Z) / (2 * runs);
  const half = Z * Math.sqrt((share * (1 - share)) / runs + (Z * Z) / (4 * runs * runs));
  const whole = 1 + (Z * Z) / runs;
  return [Math.max(0, (middle - half) / whole), failed === runs ? 1 : (middle + half) / whole];
}

/**
 * Counts per bin. Values that span more than two powers of ten are binned by their logarithms, with those that are not above zero in the
 * first bin.
 */
export function histogram(sorted, binCount) {
  const least = sorted.find((value) => value > 0) ?? 0;
  const most = sorted[sorted.length - 1] ?? 0;
  const isLog = least > 0 && most / least > 100;
  const from = isLog ? Math.log(least) : Math.min(0, sorted[0] ?? 0);
  const to = isLog ? Math.log(most) : most;
  const span = to - from || 1;
  const placeOf = (value) => (isLog ? (value > 0 ? (Math.log(value) - from) / span : 0) : (value - from) / span);
  const counts = new Array(binCount).fill(0);
  for (const value of sorted) counts[Math.min(binCount - 1, Math.floor(placeOf(value) * binCount))] += 1;
  const valueAt = (share) => (isLog ? Math.exp(from + share * span) : from + share * span);
  return { counts, placeOf, valueAt, isLog };
}
