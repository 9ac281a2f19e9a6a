import { StoreError } from '@app/store';
import { expect, test } from 'vitest';
import { openPendingWrites, type PendingWrite } from './open-pending-writes.ts';

type Write = PendingWrite & { name: string };
const writeOf = (name: string, bytes = 10): Write => ({ name, bytes, isDropped: false, isWriting: false });
const away = new StoreError('store_unavailable', 'PostgreSQL does not answer.');

function open(bytesMax = 100) {
  const state = {
    isAway: false,
    refused: '',
    written: [] as string[],
    gone: [] as string[],
    warnings: [] as string[],
  };
  const timers: { delayMs: number; run: () => void }[] = [];
  const pending = openPendingWrites<Write>({
    write: async (writes) => {
      if (state.isAway) throw away;
      if (writes.some(({ name }) => name === state.refused)) throw new StoreError('conflict', 'No.');
      state.written.push(...writes.map(({ name }) => name));
    },
    onGone: ({ name }) => state.gone.push(name),
    schedule: (delayMs, run) => {
      const timer = { delayMs, run };
      timers.push(timer);
      return () => void timers.splice(timers.indexOf(timer), 1);
    },
    bytesMax,
    onWarning: (message) => state.warnings.push(message),
  });
  /** Lets the next timer ring and everything that follows from it happen. */
  const tick = async () => {
    timers.shift()?.run();
    await pending.flush().catch(() => undefined);
    await Promise.resolve();
  };
  return { pending, state, timers, tick };
}

test('what is added is written soon, together and in order, and is gone from memory after that', async () => {
  const { pending, state, timers, tick } = open();
  for (const name of ['a', 'b', 'c']) expect(pending.add(writeOf(name))).toBe(true);
  expect(timers).toHaveLength(1);
  expect(pending.stats()).toEqual({ waiting: 3, bytes: 30, lost: 0 });
  await tick();
  expect(state.written).toEqual(['a', 'b', 'c']);
  expect(state.gone).toEqual(['a', 'b', 'c']);
  expect(pending.stats()).toEqual({ waiting: 0, bytes: 0, lost: 0 });
});

test('while the database is away writes wait, in bounds, and none is lost that fits', async () => {
  const { pending, state, timers, tick } = open(25);
  state.isAway = true;
  expect([pending.add(writeOf('a')), pending.add(writeOf('b')), pending.add(writeOf('c'))]).toEqual([
    true,
    true,
    false,
  ]);
  for (let round = 0; round < 3; round += 1) await tick();
  expect(state.written).toEqual([]);
  expect(pending.stats()).toEqual({ waiting: 2, bytes: 20, lost: 1 });
  // Told once, not with every try.
  expect(state.warnings).toHaveLength(2);
  state.isAway = false;
  expect(timers.length).toBeGreaterThan(0);
  await tick();
  expect(state.written).toEqual(['a', 'b']);
  expect(pending.add(writeOf('d'))).toBe(true);
});

test('what the database never takes does not hold up what comes after it', async () => {
  const { pending, state, tick } = open();
  state.refused = 'b';
  for (const name of ['a', 'b', 'c']) pending.add(writeOf(name));
  await tick();
  expect(state.written).toEqual(['a', 'c']);
  expect(state.gone.sort()).toEqual(['a', 'b', 'c']);
  expect(pending.stats()).toEqual({ waiting: 0, bytes: 0, lost: 1 });
});

test('what is dropped before it was written is never written', async () => {
  const { pending, state, tick } = open();
  const [a, b] = [writeOf('a'), writeOf('b')];
  pending.add(a);
  pending.add(b);
  await pending.drop(a);
  await tick();
  expect(state.written).toEqual(['b']);
});

test('closing writes what waits, and takes nothing more', async () => {
  const { pending, state } = open();
  pending.add(writeOf('a'));
  await pending.close();
  expect(state.written).toEqual(['a']);
  expect(pending.add(writeOf('b'))).toBe(false);
});
