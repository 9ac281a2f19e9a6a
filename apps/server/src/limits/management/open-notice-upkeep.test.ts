import { createFakeClock } from '@app/testkit';
import { expect, test } from 'vitest';
import { openNoticeUpkeep } from './open-notice-upkeep.ts';

test('old notices go hour by hour, all of them, and a database that is away is asked again', async () => {
  const { clock, schedule, advance, pending } = createFakeClock();
  const answers = [5_000, 5_000, 12];
  const asked: number[] = [];
  const warnings: string[] = [];
  const stop = openNoticeUpkeep({
    deleteOldNotices: async ({ beforeMs }) => {
      asked.push(clock.nowMs() - beforeMs);
      const answer = answers.shift();
      if (answer === undefined) throw new Error('away');
      return answer;
    },
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
  expect([asked.length, warnings.length]).toEqual([4, 1]);
  stop();
  expect(pending()).toBe(0);
});
