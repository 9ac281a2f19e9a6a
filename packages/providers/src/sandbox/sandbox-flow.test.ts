import { GatewayError } from '@app/protocol';
import { expect, test } from 'vitest';
import { write } from '../../test/sandbox-wishes.ts';
import { findWay } from '../find-way.ts';
import { createSandbox } from './create-sandbox.ts';
import type { Schedule } from './play.ts';
import { everySandbox, sandboxProvider } from './sandbox-provider.ts';

/** A sandbox whose timers run when the test says so, and what it called. */
function createStepped(countTokens = async (texts: string[]) => texts.map(() => 1)) {
  const timers: (() => void)[] = [];
  const schedule: Schedule = (_delayMs, run) => {
    timers.push(run);
    return () => void timers.splice(timers.indexOf(run), 1);
  };
  const send = createSandbox({ schedule, now: () => 0, countTokens });
  const log: string[] = [];
  const sending = send(
    {
      provider: sandboxProvider('openai-chat'),
      mode: 'test',
      path: '/chat/completions',
      headers: {},
      body: JSON.stringify(write('openai-chat', { stream: true }).body),
    },
    {
      onHead: (status) => log.push(`head ${status}`),
      onChunk: () => log.push('chunk'),
      onEnd: () => log.push('end'),
      onError: (error) => log.push(`error ${error.code}`),
    },
  );
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
  const runAll = () => {
    for (let run = timers.shift(); run !== undefined; run = timers.shift()) run();
  };
  return { sending, log, timers, settle, runAll };
}

test('nothing is called before send returned, nothing while paused, and everything once after it went on', async () => {
  const { sending, log, timers, settle, runAll } = createStepped();
  sending.pause();
  expect(log).toEqual([]);
  await settle();
  runAll();
  expect(log).toEqual([]);
  sending.resume();
  timers.shift()?.();
  const before = log.length;
  expect(before).toBeGreaterThan(1);
  sending.pause();
  runAll();
  expect(log.length).toBe(before);
  sending.resume();
  runAll();
  expect(log[0]).toBe('head 200');
  expect(log.at(-1)).toBe('end');
  expect(log.filter((entry) => entry !== 'chunk')).toEqual(['head 200', 'end']);
});

test('after cancel nothing is called and no timer is left, whether it had begun or not', async () => {
  const early = createStepped();
  early.sending.cancel();
  await early.settle();
  expect(early.timers).toEqual([]);
  const late = createStepped();
  await late.settle();
  late.timers.shift()?.();
  const before = late.log.length;
  late.sending.cancel();
  expect(late.timers).toEqual([]);
  late.sending.resume();
  expect(late.log.length).toBe(before);
});

test('a token counter that is full makes the call fail with a typed error, and one that breaks hides why', async () => {
  const full = createStepped(() =>
    Promise.reject(new GatewayError('overloaded', 'Too many token counts wait.')),
  );
  await full.settle();
  full.runAll();
  expect(full.log).toEqual(['error overloaded']);
  const broken = createStepped(() => Promise.reject(new Error('a detail of ours')));
  await broken.settle();
  broken.runAll();
  expect(broken.log).toEqual(['error internal_error']);
});

test('every caller is answered in its own dialect', () => {
  const callers = [
    'openai-chat',
    'openai-responses',
    'openai-completions',
    'anthropic-messages',
    'gemini',
  ] as const;
  for (const dialect of callers) {
    const way = findWay(everySandbox(), { dialect, model: 'any' });
    expect(way).toMatchObject(sandboxProvider(dialect));
  }
});
