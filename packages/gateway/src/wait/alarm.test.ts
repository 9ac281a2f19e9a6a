import { createFakeClock } from '@app/testkit';
import { expect, test } from 'vitest';
import { openAlarm } from './alarm.ts';

function open() {
  const time = createFakeClock();
  const rung: number[] = [];
  const alarm = openAlarm(time, () => rung.push(time.clock.monotonicMs()));
  return { ...time, alarm, rung };
}

test('an alarm rings once, at its due time, however often that was moved', () => {
  const { alarm, advance, rung, pending } = open();
  alarm.setAt(100);
  advance(90);
  alarm.setAt(200);
  advance(90);
  alarm.setAt(250);
  expect(pending()).toBe(1);
  advance(1_000);
  expect(rung).toEqual([250]);
  expect(pending()).toBe(0);
});

test('an alarm that is moved forward rings earlier', () => {
  const { alarm, advance, rung } = open();
  alarm.setAt(1_000);
  alarm.setAt(10);
  advance(2_000);
  expect(rung).toEqual([10]);
});

test('a cleared alarm never rings and leaves no timer, until it is set again', () => {
  const { alarm, advance, rung, pending } = open();
  alarm.setAt(10);
  alarm.clear();
  expect(pending()).toBe(0);
  advance(100);
  expect(rung).toEqual([]);
  alarm.setAt(150);
  advance(100);
  expect(rung).toEqual([150]);
});

test('an alarm that rings late, because the process was held up, lets what waits be read first', () => {
  let nowMs = 0;
  const timers: (() => void)[] = [];
  const schedule = (_delayMs: number, run: () => void) => {
    timers.push(run);
    return () => {};
  };
  let rung = 0;
  const alarm = openAlarm({ clock: { nowMs: () => nowMs, monotonicMs: () => nowMs }, schedule }, () => {
    rung += 1;
  });
  alarm.setAt(100);
  nowMs = 5_000;
  timers.shift()?.();
  expect(rung).toBe(0);
  // Bytes were read in the meantime.
  alarm.setAt(5_100);
  nowMs = 5_010;
  timers.shift()?.();
  expect(rung).toBe(0);
  // Nothing comes any more, and the process is held up again and again.
  nowMs = 9_000;
  timers.shift()?.();
  expect(rung).toBe(0);
  nowMs = 19_000;
  timers.shift()?.();
  expect(rung).toBe(1);
});
