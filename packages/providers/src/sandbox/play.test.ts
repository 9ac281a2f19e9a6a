import { expect, test } from 'vitest';
import { play, type Schedule, type Step } from './play.ts';

/** A clock that moves only when told to. */
function createFakeTime() {
  let nowMs = 0;
  let timers: { atMs: number; run(): void }[] = [];
  const schedule: Schedule = (delayMs, run) => {
    const timer = { atMs: nowMs + delayMs, run };
    timers.push(timer);
    return () => {
      timers = timers.filter((other) => other !== timer);
    };
  };
  const advance = (ms: number): void => {
    const untilMs = nowMs + ms;
    for (;;) {
      const due = timers.filter((timer) => timer.atMs <= untilMs).sort((a, b) => a.atMs - b.atMs)[0];
      if (due === undefined) break;
      timers = timers.filter((other) => other !== due);
      nowMs = due.atMs;
      due.run();
    }
    nowMs = untilMs;
  };
  return { schedule, advance, waiting: () => timers.length };
}

function stepsTo(log: number[], delays: number[]): Step[] {
  return delays.map((afterMs, i) => ({ afterMs, run: () => log.push(i) }));
}

test('steps run in order, each after its delay, and never before play has returned', () => {
  const time = createFakeTime();
  const log: number[] = [];
  play(stepsTo(log, [0, 10, 0, 10]), time.schedule);
  expect(log).toEqual([]);
  time.advance(0);
  expect(log).toEqual([0]);
  time.advance(10);
  expect(log).toEqual([0, 1, 2]);
  time.advance(10);
  expect(log).toEqual([0, 1, 2, 3]);
  expect(time.waiting()).toBe(0);
});

test('while paused nothing runs, and resuming goes on where it stopped', () => {
  const time = createFakeTime();
  const log: number[] = [];
  const playing = play(stepsTo(log, [0, 0, 10, 10]), time.schedule);
  playing.pause();
  time.advance(1_000);
  expect(log).toEqual([]);
  playing.resume();
  expect(log).toEqual([0, 1]);
  playing.pause();
  playing.resume();
  time.advance(20);
  expect(log).toEqual([0, 1, 2, 3]);
});

test('a step that pauses stops the steps after it, though they have no delay', () => {
  const time = createFakeTime();
  const log: number[] = [];
  const steps = stepsTo(log, [0, 0, 0]);
  const playing = play([{ afterMs: 0, run: () => playing.pause() }, ...steps], time.schedule);
  time.advance(100);
  expect(log).toEqual([]);
  playing.resume();
  expect(log).toEqual([0, 1, 2]);
});

test('after cancel nothing runs and no timer is left, even from within a step', () => {
  const time = createFakeTime();
  const log: number[] = [];
  const first = play(stepsTo(log, [5]), time.schedule);
  first.cancel();
  expect(time.waiting()).toBe(0);
  const second = play([{ afterMs: 0, run: () => second.cancel() }, ...stepsTo(log, [0, 0])], time.schedule);
  time.advance(100);
  second.resume();
  expect(log).toEqual([]);
});

test('a hundred thousand steps without delay do not overflow the stack', () => {
  const time = createFakeTime();
  let count = 0;
  play(
    Array.from({ length: 100_000 }, () => ({ afterMs: 0, run: () => void count++ })),
    time.schedule,
  );
  time.advance(0);
  expect(count).toBe(100_000);
});
