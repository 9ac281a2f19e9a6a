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
};

/** What a normally distributed value deviates by, for each unit of the median deviation. */
const MAD_TO_DEVIATION = 1.4826;
/** Nine of ten normally distributed values lie within this many deviations. */
const DEVIATIONS_AT_NINE_TENTHS = 1.2816;
/** Of fewer values the outermost tenth is a single one, which may be the outlier itself. */
const TENTHS_MIN = 10;
/** Few values tell little of how far others may lie. */
const FEW = 4;
/** The bounds that are shown: beyond them lies about one value in 400. */
const USUAL_DEVIATIONS = 3;

/**
 * Compares a value with earlier ones by their median and their median deviation, which single outliers do not move. What
 * the outer tenth on the value's own side shows counts too, so that what happens now and then is usual. Values and floor
 * that grow together leave the score as it is, and a higher value never has a lower score.
 */
export function judgeValue({ value, history, floor }: JudgeValueInput): Verdict {
  const sorted = [...history].sort((a, b) => a - b);
  const middle = quantile(sorted, 0.5);
  const deviations = sorted.map((each) => Math.abs(each - middle)).sort((a, b) => a - b);
  const typical = quantile(deviations, 0.5) * MAD_TO_DEVIATION;
  const few = 1 + FEW / sorted.length;
  const above = Math.max(typical, tenth(sorted, middle, 1)) * few;
  const below = Math.max(typical, tenth(sorted, middle, -1)) * few;
  const up = Math.max(above, floor);
  const down = Math.max(below, floor);
  return {
    score: value >= middle ? (value - middle) / up : (value - middle) / down,
    low: middle - USUAL_DEVIATIONS * down,
    middle,
    high: middle + USUAL_DEVIATIONS * up,
  };
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
