import { makeHours, type Usage } from '../apps/server/test/make-hours.ts';
import { replayHours } from '../apps/server/test/replay-hours.ts';

/**
 * Replays made-up projects through the detection of anomalies and prints what is found of what was planted, and how often
 * something is found where nothing was: `node bench/anomalies.ts`. The same seeds give the same figures.
 */
const usages: Usage[] = [
  {
    name: 'office hours, 600 calls an hour',
    busy: 600,
    rhythm: 1,
    growth: 0.02,
    scatter: 0.1,
    failing: 0.01,
  },
  {
    name: 'around the clock, 3,000 an hour',
    busy: 3_000,
    rhythm: 0.4,
    growth: 0.01,
    scatter: 0.08,
    failing: 0.005,
  },
  { name: 'growing 15 % a week', busy: 500, rhythm: 0.8, growth: 0.15, scatter: 0.12, failing: 0.02 },
  { name: 'small, 30 calls an hour', busy: 30, rhythm: 0.8, growth: 0, scatter: 0.2, failing: 0.03 },
  { name: 'ragged, scatter of 50 %', busy: 400, rhythm: 0.5, growth: 0, scatter: 0.5, failing: 0.02 },
];
const weeks = 8;
const from = 5 * 168;
const seeds = [1, 2, 3];
const kinds = [
  { metric: 'spend', factor: 5, at: 10 },
  { metric: 'spend', factor: 3, at: 10 },
  { metric: 'calls', factor: 4, at: 10 },
  { metric: 'calls', factor: 1, at: 24 + 3, atBusy: true },
  { metric: 'errors', factor: 15, at: 10 },
  { metric: 'latency', factor: 4, at: 10 },
  { metric: 'calls', factor: 0, at: 24 + 10 },
] as const;

const line = (cells: readonly (string | number)[]) => process.stdout.write(`| ${cells.join(' | ')} |\n`);
const week = 168;

line(['project', 'hours without', 'false alarms', 'per week']);
line(['---', '---', '---', '---']);
for (const usage of usages) {
  const runs = seeds.map((seed) => replayHours(makeHours({ usage, weeks, seed }), from));
  const hours = runs.reduce((sum, run) => sum + run.quietHours, 0);
  const alarms = runs.reduce((sum, run) => sum + run.falseAlarms, 0);
  line([usage.name, hours, alarms, ((alarms / hours) * week).toFixed(2)]);
}
process.stdout.write('\n');
const titleOf = ({ metric, factor, at }: (typeof kinds)[number]) =>
  factor === 0 ? 'nothing at all' : at === 27 ? `${metric} at night as by day` : `${metric} × ${factor}`;
line(['project', ...kinds.map(titleOf)]);
line(['---', ...kinds.map(() => '---')]);
for (const usage of usages) {
  line([
    usage.name,
    ...kinds.map(({ at, ...kind }) => {
      const runs = seeds.map((seed) => {
        const planted = [{ ...kind, fromHour: 6 * week + at, hours: 3 }];
        return replayHours(makeHours({ usage, weeks: 7, seed, planted }), 6 * week);
      });
      return `${runs.reduce((sum, run) => sum + run.found, 0)} of ${runs.length}`;
    }),
  ]);
}
process.stdout.write('\n');
line(['launch that doubles everything', 'alarms', 'hours until it is the new usual']);
line(['---', '---', '---']);
for (const usage of usages) {
  const launchAt = 6 * week + 10;
  const project = makeHours({ usage, weeks, seed: 1, launchAt });
  const run = replayHours(
    { ...project, planted: [{ fromHour: launchAt, hours: 72, metric: 'calls' }] },
    6 * week,
  );
  const hours = run.unusual.map(({ hour }) => hour - launchAt).filter((hour) => hour >= 0);
  line([usage.name, hours.length, hours.length === 0 ? '-' : Math.max(...hours)]);
}
