const DIGITS = 13;
const RANGE = 16 ** DIGITS;

/**
 * Whether a trace is kept at this rate, 0 to 1. It follows from the id alone, so that every process that sees a part of
 * the trace decides alike. The last digits decide, which W3C's second level promises to be random.
 */
export function isSampled(traceId: string, rate: number): boolean {
  if (rate >= 1) return true;
  if (rate <= 0) return false;
  return Number.parseInt(traceId.slice(-DIGITS), 16) / RANGE < rate;
}
