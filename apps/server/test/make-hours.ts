import type { MadeHour, MadeProject } from './replay-hours.ts';

/** A generator of numbers from 0 to 1 that gives the same ones for the same seed (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** How a made-up project is used. */
export type Usage = {
  name: string;
  /** Calls in a busy hour. */
  busy: number;
  /** From 0, the same at all hours, to 1, nothing at night and little on Sundays. */
  rhythm: number;
  /** Growth from one week to the next. */
  growth: number;
  /** How far hours scatter around what they should be, beyond what chance makes of calls. */
  scatter: number;
  failing: number;
};

/** `atBusy` is a factor of the busy hours' level: what happens at night is not as small as the night. */
type Planted = MadeProject['planted'][number] & { factor: number; atBusy?: boolean };

export type MakeHours = {
  usage: Usage;
  weeks: number;
  seed: number;
  planted?: readonly Planted[];
  launchAt?: number;
};

const WEEK = 168;
const NANOS_PER_CALL = 40_000_000;
const P95_MS = 900;

/** Hours of a project with three models, of which the first has what is planted; a launch doubles everything for good. */
export function makeHours({ usage, weeks, seed, planted = [], launchAt }: MakeHours): MadeProject {
  const random = seeded(seed);
  const shares = { small: 0.6, large: 0.3, other: 0.1 };
  const series = new Map<string, MadeHour[]>(
    ['project:', ...Object.keys(shares).map((name) => `model:${name}`)].map((name) => [name, []]),
  );
  for (let hour = 0; hour < weeks * WEEK; hour += 1) {
    const now = planted.find(({ fromHour, hours }) => hour >= fromHour && hour < fromHour + hours);
    const level = levelAt(usage, hour) * (launchAt !== undefined && hour >= launchAt ? 2 : 1);
    const made = Object.entries(shares).map(([name, share]) => {
      const expected = (now?.atBusy === true ? usage.busy : level) * share;
      const isHit = name === 'small' || now?.factor === 0;
      const one = madeHour({ usage, expected, random }, isHit ? now : undefined);
      series.get(`model:${name}`)?.push(one);
      return one;
    });
    series.get('project:')?.push(together(made));
  }
  return { name: usage.name, series, planted };
}

function levelAt({ busy, rhythm, growth }: Usage, hour: number): number {
  const ofDay = hour % 24;
  const ofWeek = Math.floor(hour / 24) % 7;
  const day = (1 + Math.sin(((ofDay - 8) / 24) * 2 * Math.PI)) / 2;
  const weekend = ofWeek >= 5 ? 0.3 : 1;
  const shape = 1 - rhythm + rhythm * day * weekend;
  return busy * shape * (1 + growth) ** (hour / WEEK);
}

type Making = { usage: Usage; expected: number; random: () => number };

function madeHour({ usage, expected, random }: Making, planted: Planted | undefined): MadeHour {
  const factor = (metric: Planted['metric']) => (planted?.metric === metric ? planted.factor : 1);
  const scattered = expected * Math.exp(normal(random) * usage.scatter) * factor('calls');
  const calls = Math.max(0, Math.round(scattered + normal(random) * Math.sqrt(scattered)));
  const rate = Math.min(1, usage.failing * factor('errors'));
  const failed = Math.min(
    calls,
    Math.max(0, Math.round(calls * rate + normal(random) * Math.sqrt(calls * rate * (1 - rate)))),
  );
  const noise = Math.exp(normal(random) * (usage.scatter + 1 / Math.sqrt(Math.max(1, calls))));
  return {
    calls,
    failed,
    nanos: Math.round(calls * NANOS_PER_CALL * noise * factor('spend')),
    p95Ms: P95_MS * Math.exp((normal(random) * 0.6) / Math.sqrt(Math.max(1, calls / 20))) * factor('latency'),
  };
}

function together(parts: readonly MadeHour[]): MadeHour {
  const sum = (read: (part: MadeHour) => number) => parts.reduce((total, part) => total + read(part), 0);
  const calls = sum(({ calls: own }) => own);
  return {
    calls,
    failed: sum(({ failed }) => failed),
    nanos: sum(({ nanos }) => nanos),
    p95Ms: calls === 0 ? 0 : sum((part) => part.p95Ms * part.calls) / calls,
  };
}

/** Normally distributed around 0 (Box and Muller). */
function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
