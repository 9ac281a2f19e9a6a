import { describe, expect, test } from 'vitest';
import { makeHours, type Usage } from '../../test/make-hours.ts';
import { replayHours } from '../../test/replay-hours.ts';
import { explainUnusual } from './explain-unusual.ts';

const week = 168;
const steady: Usage = {
  name: 'office hours',
  busy: 600,
  rhythm: 0.9,
  growth: 0.02,
  scatter: 0.1,
  failing: 0.01,
};

describe('made-up projects, looked at hour by hour', () => {
  test('a season, a trend and scatter are as usual', () => {
    const run = replayHours(makeHours({ usage: steady, weeks: 7, seed: 3 }), 6 * week);
    expect(run.quietHours).toBe(week);
    expect(run.falseAlarms).toBeLessThanOrEqual(1);
  });

  test.each([
    ['spend', 5, 10],
    ['calls', 4, 10],
    ['errors', 15, 10],
    ['latency', 4, 10],
    ['calls', 0, 34],
  ] as const)('%s times %d is found in the first hour', (metric, factor, at) => {
    const planted = [{ metric, factor, fromHour: 6 * week + at, hours: 3 }];
    const project = makeHours({ usage: steady, weeks: 7, seed: 5, planted });
    const run = replayHours(project, 6 * week + at - 2);
    expect([run.found, run.delays]).toEqual([1, [0]]);
  });

  test('a night that is like a day is found, although days are like that', () => {
    const planted = [
      { metric: 'calls' as const, factor: 1, atBusy: true, fromHour: 6 * week + 27, hours: 2 },
    ];
    const run = replayHours(
      makeHours({ usage: { ...steady, rhythm: 1 }, weeks: 7, seed: 5, planted }),
      6 * week + 20,
    );
    expect(run.found).toBe(1);
  });

  test('what is unusual is said with its figures, what usual is, and whose it is; a model is no anomaly beside its project', () => {
    const planted = [{ metric: 'spend' as const, factor: 6, fromHour: 6 * week + 10, hours: 1 }];
    const project = makeHours({ usage: steady, weeks: 7, seed: 5, planted });
    const { unusual } = replayHours(project, 6 * week + 10);
    const spends = unusual.filter(
      ({ hour, each }) => hour === 6 * week + 10 && each.judged.metric === 'spend',
    );
    expect(spends.map(({ each }) => each.subject)).toEqual([{ kind: 'project', id: '' }]);
    const [first] = spends;
    expect(first && explainUnusual(first.each, ({ id }) => id)).toMatch(
      /^\$[\d.]+ were spent in the last hour; at this hour of the week it is usually \$[\d.]+ to \$[\d.]+ \(middle \$[\d.]+ of 6 earlier hours\)\. Model "small" makes \d+ % of the difference\.$/,
    );
  });

  test('a project of yesterday has no usual yet, and one without calls none at all', () => {
    const project = makeHours({ usage: steady, weeks: 1, seed: 2 });
    expect(replayHours({ ...project, series: firstHours(project.series, 11) }, 0).unusual).toEqual([]);
    expect(replayHours({ ...project, series: new Map([['project:', []]]) }, 0).unusual).toEqual([]);
  });
});

function firstHours<Hour>(series: ReadonlyMap<string, readonly Hour[]>, count: number): Map<string, Hour[]> {
  return new Map([...series].map(([name, hours]) => [name, hours.slice(0, count)]));
}
