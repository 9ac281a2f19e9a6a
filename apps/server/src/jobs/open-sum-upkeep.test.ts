import { expect, test } from 'vitest';
import { openSumUpkeep } from './open-sum-upkeep.ts';

/** A schedule that is run by hand, and a store that says what it was asked. */
function open({
  uptimes,
  built,
  isLocked = false,
}: {
  uptimes: number[];
  built: number[];
  isLocked?: boolean;
}) {
  const planned: { delayMs: number; run: () => void }[] = [];
  const told: string[] = [];
  let nowMs = 10_000_000;
  const upkeep = openSumUpkeep({
    traces: {
      sums: {
        build: async ({ settledMs }) => {
          told.push(`build ${settledMs}`);
          return built.shift() ?? 0;
        },
        clear: async () => false,
        noteUnnoted: async (openedMs) => void told.push(`note ${openedMs}`),
        readUptime: async () => uptimes.shift() ?? 0,
      },
      readClock: async () => 5_000_000,
    },
    withDataLock: async (run) => {
      if (isLocked) return false;
      await run();
      return true;
    },
    nowMs: () => nowMs,
    schedule: (delayMs, run) => {
      planned.push({ delayMs, run });
      return () => undefined;
    },
    onWarning: (message) => void told.push(message),
  });
  const tick = async () => {
    const next = planned.shift();
    nowMs += next?.delayMs ?? 0;
    next?.run();
    await expect.poll(() => planned.length).toBe(1);
    return planned[0]?.delayMs;
  };
  return { upkeep, tick, told, planned };
}

test('hours are added up one piece after another, and looked for again each minute', async () => {
  const { tick, told } = open({ uptimes: [9_000, 9_021, 9_022], built: [24, 3, 0] });
  expect(await tick()).toBe(500);
  expect(await tick()).toBe(500);
  expect(await tick()).toBe(60_000);
  expect(told).toEqual(['build 150000', 'build 150000', 'build 150000']);
});

test('a store that was opened lately, or again since the last look, is asked for changes that were not noted', async () => {
  const { tick, told } = open({ uptimes: [15, 75, 20], built: [] });
  await tick();
  await tick();
  await tick();
  expect(told.filter((line) => line.startsWith('note'))).toEqual(['note 4984000', 'note 4979000']);
});

test('nothing is added up while another server works on the data, or after the end', async () => {
  const { upkeep, tick, told, planned } = open({ uptimes: [], built: [], isLocked: true });
  expect(await tick()).toBe(60_000);
  expect(told).toEqual([]);
  await upkeep.close();
  planned.shift()?.run();
  await upkeep.close();
  expect(planned).toHaveLength(0);
});
