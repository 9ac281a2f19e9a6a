import type { Schedule } from '@app/gateway';
import { expect, test } from 'vitest';
import { openMemberActivity } from './open-member-activity.ts';

type Touch = { organizationId: string; userId: string; atMs: number };

/** Time and the table are the test's; `tick` lets the next writing come. */
function openLab() {
  const written: Touch[] = [];
  const warnings: string[] = [];
  let waiting: (() => void)[] = [];
  const schedule: Schedule = (_delayMs, run) => {
    waiting.push(run);
    return () => {
      waiting = waiting.filter((each) => each !== run);
    };
  };
  const lab = { now: 1_000_000, isAway: false };
  const activity = openMemberActivity({
    touchMemberActivity: async (all) => {
      if (lab.isAway) throw new Error('away');
      written.push(...all.map(({ organizationId, userId, atMs }) => ({ organizationId, userId, atMs })));
    },
    nowMs: () => lab.now,
    schedule,
    onWarning: (message) => warnings.push(message),
  });
  return { written, warnings, activity, lab, waitingCount: () => waiting.length };
}

test('somebody is written once a minute for each organization, with when they began', async () => {
  const { lab, activity, written } = openLab();
  for (let at = 0; at < 59; at += 1) {
    activity.note('org_a', 'ada');
    lab.now += 1_000;
    await activity.flush();
  }
  activity.note('org_b', 'ada');
  lab.now += 1_000;
  activity.note('org_a', 'ada');
  await activity.flush();
  expect(written.map(({ organizationId, atMs }) => [organizationId, atMs])).toEqual([
    ['org_a', 1_000_000],
    ['org_a', 1_060_000],
    ['org_b', 1_059_000],
  ]);
});

test('noting asks nobody: what is noted while the database is away is written when it is back', async () => {
  const { lab, activity, written, warnings } = openLab();
  lab.isAway = true;
  activity.note('org_a', 'ada');
  await activity.flush();
  await activity.flush();
  expect(written).toEqual([]);
  expect(warnings).toHaveLength(1);
  lab.isAway = false;
  await activity.flush();
  expect(written).toEqual([{ organizationId: 'org_a', userId: 'ada', atMs: 1_000_000 }]);
});

test('memory is bounded while the database is away', async () => {
  const { lab, activity, written } = openLab();
  lab.isAway = true;
  for (let at = 0; at < 30_000; at += 1) activity.note('org_a', `user ${at}`);
  lab.isAway = false;
  await activity.flush();
  expect(written).toHaveLength(20_000);
});

test('closing writes the rest and stops', async () => {
  const { activity, written, waitingCount } = openLab();
  activity.note('org_a', 'ada');
  await activity.close();
  expect(written).toHaveLength(1);
  expect(waitingCount()).toBe(0);
});
