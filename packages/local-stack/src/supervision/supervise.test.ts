import { type ChildProcess, spawn } from 'node:child_process';
import { expect, test } from 'vitest';
import { silentLog } from '../../test/open-test-clickhouse.ts';
import { waitUntil } from '../../test/wait-until.ts';
import { findProcess } from './process-identity.ts';
import { defaultTiming, openSupervision, type SupervisedChild } from './supervise.ts';

const timing = {
  ...defaultTiming,
  backOff: { firstMs: 5, maxMs: 20, healthyAfterMs: 60_000 },
  probeEveryMs: 10,
  stopGraceMs: 100,
};

function child(
  script: string,
  parts: Partial<SupervisedChild> = {},
): SupervisedChild & { started: ChildProcess[] } {
  const started: ChildProcess[] = [];
  return {
    name: 'example',
    started,
    async start() {
      const process = spawn('sh', ['-c', script], { stdio: 'ignore' });
      started.push(process);
      return process;
    },
    probe: async () => undefined,
    requestStop: (process) => process.kill('SIGTERM'),
    ...parts,
  };
}

test('a child that is killed is started again, and whoever waits is told', async () => {
  const told: string[] = [];
  const example = child('sleep 60', { onDown: (reason) => told.push(reason), onUp: () => told.push('up') });
  const supervision = await openSupervision(example, { log: silentLog, timing });
  example.started[0]?.kill('SIGKILL');
  await waitUntil(() => told.length === 3);
  expect(told).toEqual(['up', 'exited with SIGKILL', 'up']);
  expect(supervision.pid()).toBe(example.started[1]?.pid);
  await supervision.stop();
  expect(supervision.pid()).toBeUndefined();
});

test('a child that ends at once is given up after a few starts, with its reason', async () => {
  const example = child('exit 3', { probe: () => Promise.reject(new Error('no answer')) });
  await expect(openSupervision(example, { log: silentLog, timing })).rejects.toThrow(
    'example did not start: exited with code 3',
  );
  expect(example.started).toHaveLength(timing.firstStartsMax);
});

test('a program that does not exist is reported', async () => {
  const example = child('', { start: async () => spawn('/does/not/exist') });
  await expect(openSupervision(example, { log: silentLog, timing })).rejects.toThrow(/ENOENT/);
});

test('a child that never answers is killed, not waited for', async () => {
  const example = child('sleep 60', { probe: () => Promise.reject(new Error('deaf')) });
  const brief = { ...timing, startTimeoutMs: 50, firstStartsMax: 1 };
  await expect(openSupervision(example, { log: silentLog, timing: brief })).rejects.toThrow(
    /did not answer within 50 ms: deaf/,
  );
  expect(example.started[0]?.signalCode).toBe('SIGKILL');
});

test('a child that nobody waits for may fail as often as it likes before it answers', async () => {
  let isRepaired = false;
  const example = child('sleep 60', {
    probe: () => (isRepaired ? Promise.resolve() : Promise.reject(new Error('deaf'))),
  });
  const brief = { ...timing, startTimeoutMs: 20, firstStartsMax: 1 };
  const supervision = await openSupervision(example, { log: silentLog, timing: brief, awaited: false });
  await waitUntil(() => example.started.length > 3);
  isRepaired = true;
  await waitUntil(() => supervision.pid() !== undefined && example.started.at(-1)?.signalCode === null);
  await supervision.stop();
  expect(example.started.every((process) => process.signalCode !== null)).toBe(true);
});

test('a child that no longer answers is killed and started again', async () => {
  let isDeaf = false;
  const probe = async () => {
    if (isDeaf) throw new Error('deaf');
  };
  const example = child('sleep 60', {
    probe,
    onDown: () => {
      isDeaf = false;
    },
  });
  const supervision = await openSupervision(example, { log: silentLog, timing });
  isDeaf = true;
  await waitUntil(() => example.started.length === 2 && supervision.pid() === example.started[1]?.pid);
  expect(example.started[0]?.signalCode).toBe('SIGKILL');
  await supervision.stop();
});

test('a child that ignores the request to stop is killed after its grace', async () => {
  const example = child("trap '' TERM; while :; do sleep 0.05; done");
  const supervision = await openSupervision(example, { log: silentLog, timing });
  const pid = supervision.pid() ?? 0;
  await supervision.stop();
  expect(findProcess(pid)).toBeUndefined();
});

test('stopping during a pause ends the wait', async () => {
  const slow = { ...timing, backOff: { firstMs: 60_000, maxMs: 60_000, healthyAfterMs: 60_000 } };
  let downs = 0;
  const example = child('sleep 60', {
    onDown: () => {
      downs += 1;
    },
  });
  const supervision = await openSupervision(example, { log: silentLog, timing: slow });
  example.started[0]?.kill('SIGKILL');
  await waitUntil(() => downs === 1);
  await supervision.stop();
  expect(example.started).toHaveLength(1);
});
