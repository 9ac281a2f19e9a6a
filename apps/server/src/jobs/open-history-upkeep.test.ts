import { createFakeClock } from '@app/testkit';
import { expect, test } from 'vitest';
import { openHistoryUpkeep } from './open-history-upkeep.ts';

test('old history goes hour by hour, all of them, and a database that is away is asked again', async () => {
  const { clock, schedule, advance, pending } = createFakeClock();
  const answers = [5_000, 5_000, 12];
  const asked: number[] = [];
  const warnings: string[] = [];
  const stop = openHistoryUpkeep({
    deleteOldRows: async ({ beforeMs }) => {
      asked.push(clock.nowMs() - beforeMs);
      const answer = answers.shift();
      if (answer === undefined) throw new Error('away');
      return answer;
    },
    problem: 'It stays for now.',
    keptMs: 1_000,
    nowMs: clock.nowMs,
    schedule,
    onWarning: (message) => warnings.push(message),
  });
  const hour = async () => {
    advance(3_600_000);
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  };
  await hour();
  expect([asked, warnings]).toEqual([[1_000, 1_000, 1_000], []]);
  await hour();
  expect([asked.length, warnings]).toEqual([4, ['It stays for now.']]);
  stop();
  expect(pending()).toBe(0);
});
