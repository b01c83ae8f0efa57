// A histogram of whole numbers over fifteen orders of magnitude, in a few kilobytes: linear buckets within each power of
// two (the layout of HdrHistogram). Only buckets between the smallest and the largest value take memory, so that ten
// thousand histograms of similar values each are no burden. Counts are exact, so merging histograms is the same as
// recording into one, in any order. Leaves out on purpose: decay, negative values, and means over subsets.

import { assert } from "../../model/assert.ts";

/** Buckets per power of two: a reported value exceeds the true one by less than one part in this. */
export const BUCKETS_PER_OCTAVE = 128;

/** Below this every value has a bucket of its own. */
const LINEAR_LIMIT = 2 ** 8;
const LINEAR_BITS = 8;
const BUCKET_COUNT_INITIAL = 16;
/** The first values are kept as a list: many histograms never have more, and buckets from the smallest to the largest would take much more. */
const FEW = 64;
const NO_BUCKETS = new Float64Array(0);
const UINT32_COUNT = 2 ** 32;
/** Width of a bucket in each octave: the powers of two. */
const WIDTHS = new Float64Array(53 - LINEAR_BITS + 1).fill(1);
for (let octave = 1; octave < WIDTHS.length; octave += 1) WIDTHS[octave] = (WIDTHS[octave - 1] as number) * 2;

/** A histogram as plain data, for other threads and for files: what was recorded, bucket by bucket. */
export interface HistogramData {
  /** Pairs of bucket index and count, ascending by index, counts above 0. */
  readonly buckets: readonly (readonly [bucket: number, count: number])[];
  readonly min: number;
  readonly max: number;
  /** The exact sum: high * 2^32 + low, 0 <= low < 2^32. */
  readonly sumHigh: number;
  readonly sumLow: number;
}

/** Counts values: whole numbers, 0 to 2^53 - 1. */
export class Histogram {
  /** Counts of the buckets from #firstBucket on. */
  #counts = NO_BUCKETS;
  #firstBucket = 0;
  /** Buckets of values that are not counted in `#counts` yet. */
  readonly #few: number[] = [];
  #count = 0;
  // The sum in two words, so that it is exact, and merging does not depend on the order.
  #sumHigh = 0;
  #sumLow = 0;
  #min = Infinity;
  #max = -Infinity;

  /** How many values were recorded. */
  get count(): number {
    return this.#count;
  }

  /** The sum of all values, to the nearest double. */
  get sum(): number {
    return this.#sumHigh * UINT32_COUNT + this.#sumLow;
  }

  /** The smallest value recorded, exactly; null when there is none. */
  get min(): number | null {
    return this.#count === 0 ? null : this.#min;
  }

  /** The largest value recorded, exactly; null when there is none. */
  get max(): number | null {
    return this.#count === 0 ? null : this.#max;
  }

  /** The mean of all values; null when there is none. */
  get mean(): number | null {
    return this.#count === 0 ? null : this.sum / this.#count;
  }

  /**
   * Counts a value, `times` times.
   *
   * @throws InvariantViolation on a value that is negative or no whole number, or with a product of 2^53 or more
   */
  record(value: number, times = 1): void {
    assert(value >= 0 && value <= Number.MAX_SAFE_INTEGER && Math.floor(value) === value, "not a value to count");
    assert(times >= 1 && value * times <= Number.MAX_SAFE_INTEGER, "a value counted too often");
    if (times === 1 && this.#few.length < FEW) this.#few.push(bucketOf(value));
    else this.#fill(bucketOf(value), times);
    this.#count += times;
    this.#add(value * times);
    if (value < this.#min) this.#min = value;
    if (value > this.#max) this.#max = value;
  }

  /**
   * The value that `percent` of all recorded values do not exceed (nearest rank): the upper end of its bucket, or the
   * largest recorded value where that is smaller. Exact below 256, else too large by less than 1 / 128.
   *
   * @param percent 0 to 100, thousandths count; 0 is the smallest value
   * @returns null when nothing was recorded
   */
  percentile(percent: number): number | null {
    assert(percent >= 0 && percent <= 100, "not a percentile");
    if (this.#count === 0) return null;
    const rank = rankOf(percent, this.#count);
    if (rank <= 1) return this.#min;
    if (this.#few.length === this.#count) {
      const bucket = this.#few.sort((a, b) => a - b)[rank - 1] as number;
      return Math.min(bucketMax(bucket), this.#max);
    }
    this.#fillFew();
    let seen = 0;
    for (let index = 0; index < this.#counts.length; index += 1) {
      seen += this.#counts[index] as number;
      if (seen >= rank) return Math.min(bucketMax(this.#firstBucket + index), this.#max);
    }
    return this.#max;
  }

  /** Adds all that another histogram recorded; the same as having recorded it here. */
  merge(other: Histogram): void {
    if (other.#count === 0) return;
    for (const bucket of other.#few) this.#fill(bucket, 1);
    for (let index = 0; index < other.#counts.length; index += 1) {
      const count = other.#counts[index] as number;
      if (count > 0) this.#fill(other.#firstBucket + index, count);
    }
    this.#count += other.#count;
    this.#sumHigh += other.#sumHigh;
    this.#add(other.#sumLow);
    this.#min = Math.min(this.#min, other.#min);
    this.#max = Math.max(this.#max, other.#max);
  }

  /** Everything recorded, as plain data; null when that is nothing. */
  data(): HistogramData | null {
    if (this.#count === 0) return null;
    this.#fillFew();
    const buckets: (readonly [number, number])[] = [];
    for (let index = 0; index < this.#counts.length; index += 1) {
      const count = this.#counts[index] as number;
      if (count > 0) buckets.push([this.#firstBucket + index, count]);
    }
    return { buckets, min: this.#min, max: this.#max, sumHigh: this.#sumHigh, sumLow: this.#sumLow };
  }

  /** The histogram that `data()` came from. */
  static from(data: HistogramData | null): Histogram {
    const histogram = new Histogram();
    if (data === null) return histogram;
    for (const [bucket, count] of data.buckets) {
      histogram.#fill(bucket, count);
      histogram.#count += count;
    }
    histogram.#sumHigh = data.sumHigh;
    histogram.#sumLow = data.sumLow;
    histogram.#min = data.min;
    histogram.#max = data.max;
    return histogram;
  }

  #add(amount: number): void {
    const high = Math.floor(amount / UINT32_COUNT);
    const low = this.#sumLow + (amount - high * UINT32_COUNT);
    const carry = low >= UINT32_COUNT ? 1 : 0;
    this.#sumHigh += high + carry;
    this.#sumLow = low - carry * UINT32_COUNT;
  }

  #fillFew(): void {
    for (const bucket of this.#few) this.#fill(bucket, 1);
    this.#few.length = 0;
  }

  #fill(bucket: number, times: number): void {
    let index = bucket - this.#firstBucket;
    if (index < 0 || index >= this.#counts.length) index = this.#include(bucket);
    this.#counts[index] = (this.#counts[index] as number) + times;
  }

  /** Widens the range to include a bucket, at least twofold to that side; returns the bucket's place in it. */
  #include(bucket: number): number {
    const length = this.#counts.length;
    if (length === 0) {
      this.#counts = new Float64Array(BUCKET_COUNT_INITIAL);
      this.#firstBucket = Math.max(0, bucket - BUCKET_COUNT_INITIAL / 2);
      return bucket - this.#firstBucket;
    }
    const first = this.#firstBucket;
    const from = bucket < first ? Math.max(0, Math.min(bucket, first - length)) : first;
    const until = bucket < first ? first + length : Math.max(bucket + 1, first + 2 * length);
    const widened = new Float64Array(until - from);
    widened.set(this.#counts, first - from);
    this.#counts = widened;
    this.#firstBucket = from;
    return bucket - from;
  }
}

/** Nearest rank, 1 to count, computed in whole thousandths of a percent. */
export function rankOf(percent: number, count: number): number {
  const thousandths = Math.round(percent * 1_000);
  return Math.max(1, Math.ceil((thousandths * count) / 100_000));
}

/** Index of the bucket a value is counted in; ascending with the value. */
export function bucketOf(value: number): number {
  if (value < LINEAR_LIMIT) return value;
  const high = Math.floor(value / UINT32_COUNT);
  const bits = high === 0 ? 32 - Math.clz32(value) : 64 - Math.clz32(high);
  const octave = bits - LINEAR_BITS;
  // The leading bits of the value, 128 to 255; shifting would end at 32 bits.
  const leading = Math.floor(value / (WIDTHS[octave] as number));
  return octave * BUCKETS_PER_OCTAVE + leading;
}

/** The largest value that is counted in this bucket. */
export function bucketMax(bucket: number): number {
  if (bucket < LINEAR_LIMIT) return bucket;
  const octave = Math.floor(bucket / BUCKETS_PER_OCTAVE) - 1;
  const leading = bucket - octave * BUCKETS_PER_OCTAVE;
  return (leading + 1) * (WIDTHS[octave] as number) - 1;
}
