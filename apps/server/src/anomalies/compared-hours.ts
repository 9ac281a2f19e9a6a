const DAY = 24;
const WEEK = 7 * DAY;
const WEEKS = 8;
const DAYS = 14;
const RECENT = 48;
/** An hour is compared with the hours beside it too: people are not punctual. */
const BESIDE = [-1, 0, 1];
/** At other times of the day, so that who works by day is known to have been there when a night is judged. */
const PROBES = [6, 12, 18];

/** The hours before the judged one that it may be compared with, each once. */
export const comparedHours: readonly number[] = [
  ...new Set([
    ...Array.from({ length: RECENT }, (_, at) => at + 1),
    ...Array.from({ length: DAYS }, (_, day) => BESIDE.map((beside) => (day + 1) * DAY + beside)).flat(),
    ...Array.from({ length: WEEKS }, (_, week) =>
      [...BESIDE, ...PROBES].map((beside) => (week + 1) * WEEK + beside),
    ).flat(),
  ]),
].sort((a, b) => a - b);

/** Which earlier hours a value is compared with, and how that is said. */
export type Basis = { hours: readonly number[]; name: string };

const WEEKS_MIN = 4;
/** With so many the same hour alone says enough, and the hours beside it only blur mornings and evenings. */
const WEEKS_ALONE = 6;
const DAYS_ALONE = 7;
const DAYS_MIN = 4;
const HOURS_MIN = 12;

/**
 * What a subject that has been there for so many hours is compared with: the same hour of the week when there are weeks
 * enough, else the same hour of the day, else the last two days. Undefined for one that is too new to say.
 */
export function findBasis(knownHours: number): Basis | undefined {
  const weeks = Math.min(WEEKS, Math.floor((knownHours - 1) / WEEK));
  if (weeks >= WEEKS_MIN) {
    const hours = weeks < WEEKS_ALONE ? around(weeks, WEEK) : every(weeks, WEEK);
    return { hours, name: 'at this hour of the week' };
  }
  const days = Math.min(DAYS, Math.floor((knownHours - 1) / DAY));
  if (days >= DAYS_MIN)
    return {
      hours: days < DAYS_ALONE ? around(days, DAY) : every(days, DAY),
      name: 'at this hour of the day',
    };
  const hours = Math.min(RECENT, knownHours);
  if (hours < HOURS_MIN) return undefined;
  return { hours: Array.from({ length: hours }, (_, at) => at + 1), name: 'in an hour of the last two days' };
}

/** The same hour of yesterday and the day before, and of a week ago: what was so already then is no news. */
export const recentHours: readonly (readonly number[])[] = [around(2, DAY), around(1, WEEK)];
/** For a drawing, oldest first. */
export const drawnHours: readonly number[] = Array.from({ length: RECENT }, (_, at) => RECENT - at);

function around(count: number, length: number): number[] {
  return Array.from({ length: count }, (_, at) => BESIDE.map((beside) => (at + 1) * length + beside)).flat();
}

function every(count: number, length: number): number[] {
  return Array.from({ length: count }, (_, at) => (at + 1) * length);
}
