/** How a value stands against what was there before it. */
export type Verdict = {
  /** How many usual deviations away from the middle; negative below it. */
  score: number;
  /** The middle, and between which bounds values usually lie. */
  low: number;
  middle: number;
  high: number;
};

export type JudgeValueInput = {
  value: number;
  /** Values of earlier periods that are like this one; at least one. */
  history: readonly number[];
  /** The least deviation that counts as usual, in the unit of the values; above 0. */
  floor: number;
  /** Between these it was so lately, which is no news whatever was usual before. */
  already?: { low: number; high: number } | undefined;
};

/** What a normally distributed value deviates by, for each unit of the median deviation. */
const MAD_TO_DEVIATION = 1.4826;
/** Nine of ten normally distributed values lie within this many deviations. */
const DEVIATIONS_AT_NINE_TENTHS = 1.2816;
/** Of fewer values the outermost tenth is a single one, which may be the outlier itself. */
const TENTHS_MIN = 10;
/** Few values tell little of how far others may lie. */
const FEW = 4;
/** Proportions below this are no difference. */
const PROPORTION_MIN = 0.15;
/** The bounds that are shown: beyond them lies about one value in 400. */
const USUAL_DEVIATIONS = 3;

/**
 * Compares a value with earlier ones by their median and their median deviation, which single outliers do not move. What
 * the outer tenth on the value's own side shows counts too, so that what happens now and then is usual. Values and floor
 * that grow together leave the score as it is, and a higher value never has a lower score.
 */
export function judgeValue({ value, history, floor, already }: JudgeValueInput): Verdict {
  const sorted = [...history].sort((a, b) => a - b);
  const middle = quantile(sorted, 0.5);
  const up = Math.max(deviationOf(sorted, middle, 1), floor);
  const down = Math.max(deviationOf(sorted, middle, -1), floor);
  const top = Math.max(middle, already?.high ?? middle);
  const bottom = Math.min(middle, already?.low ?? middle);
  // What scatters by a share of itself reaches far up and not far down: upwards, proportions have to be unusual too.
  const proportion = proportionOf(sorted, { middle, floor });
  const above = Math.min((value - top) / up, Math.log((value + floor) / (top + floor)) / proportion);
  return {
    score: value > top ? above : value < bottom ? (value - bottom) / down : 0,
    low: middle - USUAL_DEVIATIONS * down,
    middle,
    high: middle + USUAL_DEVIATIONS * up,
  };
}

/** How far values usually lie from the middle on one side, in their unit. */
function deviationOf(sorted: readonly number[], middle: number, side: 1 | -1): number {
  const deviations = sorted.map((each) => Math.abs(each - middle)).sort((a, b) => a - b);
  const typical = quantile(deviations, 0.5) * MAD_TO_DEVIATION;
  return Math.max(typical, tenth(sorted, middle, side)) * (1 + FEW / sorted.length);
}

/** How far they usually lie from it in proportion, as a logarithm. The floor keeps zeros apart from infinity. */
function proportionOf(
  sorted: readonly number[],
  { middle, floor }: { middle: number; floor: number },
): number {
  const centre = Math.log(middle + floor);
  const deviations = sorted
    .map((each) => Math.abs(Math.log(Math.max(0, each) + floor) - centre))
    .sort((a, b) => a - b);
  return Math.max(quantile(deviations, 0.5) * MAD_TO_DEVIATION * (1 + FEW / sorted.length), PROPORTION_MIN);
}

/** The deviation that the outer tenth of one side speaks of, without the outermost value. */
function tenth(sorted: readonly number[], middle: number, side: 1 | -1): number {
  if (sorted.length < TENTHS_MIN) return 0;
  const skipped = Math.max(1, Math.floor(sorted.length / 10));
  const at = side === 1 ? sorted.length - 1 - skipped : skipped;
  return Math.max(0, (side * ((sorted[at] ?? middle) - middle)) / DEVIATIONS_AT_NINE_TENTHS);
}

/** Between two values, the value between them. */
function quantile(sorted: readonly number[], share: number): number {
  const place = (sorted.length - 1) * share;
  const low = sorted[Math.floor(place)] ?? 0;
  const high = sorted[Math.ceil(place)] ?? low;
  return low + (high - low) * (place - Math.floor(place));
}
