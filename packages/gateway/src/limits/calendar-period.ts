/** From the first instant of a day or month to the first of the next, in epoch milliseconds. */
export type PeriodBounds = { startMs: number; endMs: number };

/** Finds the day or month around `nowMs` in an IANA zone; a name that is no zone counts as UTC. */
export type FindPeriod = (period: 'day' | 'month', zone: string, nowMs: number) => PeriodBounds;

/**
 * Days and months as a zone's people have them: a day of 23 or 25 hours where clocks are moved, one that starts at 01:00
 * where midnight is skipped. What was found last is kept by zone, so that only the first call of a day computes.
 */
export function createFindPeriod(): FindPeriod {
  const days = new Map<string, PeriodBounds>();
  const months = new Map<string, PeriodBounds>();
  const formats = new Map<string, Intl.DateTimeFormat>();
  return (period, zone, nowMs) => {
    const known = period === 'day' ? days : months;
    const found = known.get(zone);
    if (found !== undefined && nowMs >= found.startMs && nowMs < found.endMs) return found;
    if (known.size >= ZONES_MAX) known.clear();
    if (formats.size >= ZONES_MAX) formats.clear();
    const format = formats.get(zone) ?? createFormat(zone);
    formats.set(zone, format);
    const bounds = computeBounds(period, format, sensible(nowMs));
    known.set(zone, bounds);
    return bounds;
  };
}

/** There are some 600 names; more than these were made up. */
const ZONES_MAX = 1_000;
const DAY_MS = 86_400_000;
/** What a date can hold, less a year at both ends. */
const EPOCH_MAX_MS = 8.6e15 - 366 * DAY_MS;

function sensible(nowMs: number): number {
  return Number.isFinite(nowMs) ? Math.min(Math.max(Math.floor(nowMs), 0), EPOCH_MAX_MS) : 0;
}

function createFormat(zone: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('en-US-u-ca-iso8601-nu-latn', { timeZone: zone, ...DATE });
  } catch {
    return new Intl.DateTimeFormat('en-US-u-ca-iso8601-nu-latn', { timeZone: 'UTC', ...DATE });
  }
}

const DATE = { year: 'numeric', month: '2-digit', day: '2-digit' } as const;

function computeBounds(period: 'day' | 'month', format: Intl.DateTimeFormat, nowMs: number): PeriodBounds {
  const { year, month, day } = readDate(format, nowMs);
  if (period === 'day') {
    return {
      startMs: firstInstant(format, Date.UTC(year, month - 1, day)),
      endMs: firstInstant(format, Date.UTC(year, month - 1, day + 1)),
    };
  }
  return {
    startMs: firstInstant(format, Date.UTC(year, month - 1, 1)),
    endMs: firstInstant(format, Date.UTC(year, month, 1)),
  };
}

/** The first instant whose local date is that of `dateMs` in UTC, or later: no zone is more than a day from UTC. */
function firstInstant(format: Intl.DateTimeFormat, dateMs: number): number {
  let beforeMs = dateMs - 1.5 * DAY_MS;
  let atMs = dateMs + 1.5 * DAY_MS;
  while (atMs - beforeMs > 1) {
    const middleMs = Math.floor((beforeMs + atMs) / 2);
    const { year, month, day } = readDate(format, middleMs);
    if (Date.UTC(year, month - 1, day) >= dateMs) atMs = middleMs;
    else beforeMs = middleMs;
  }
  return atMs;
}

function readDate(format: Intl.DateTimeFormat, atMs: number): { year: number; month: number; day: number } {
  const date = { year: 1970, month: 1, day: 1 };
  for (const part of format.formatToParts(atMs)) {
    if (part.type === 'year' || part.type === 'month' || part.type === 'day')
      date[part.type] = Number(part.value);
  }
  return date;
}
