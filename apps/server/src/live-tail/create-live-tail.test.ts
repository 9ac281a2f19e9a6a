import type { TraceSummary } from '@app/contract';
import { expect, test } from 'vitest';
import { createLiveTail, LIVE_TAIL, type LiveTailDeps } from './create-live-tail.ts';

const row = (at: number) => ({ trace_id: `t${at}`, span_id: `s${at}` }) as TraceSummary;

/** Each poll finds the next of these pages, and afterwards nothing. */
function open(pages: readonly (readonly TraceSummary[])[], more: Partial<LiveTailDeps> = {}) {
  let polls = 0;
  const follow = createLiveTail({
    listFinished: async () => [...(pages[polls++] ?? [])],
    nowMs: () => 1_000_000,
    wait: async () => undefined,
    ...more,
  });
  const begin = (stillMay: () => Promise<unknown> = async () => undefined, projectId = 'p') =>
    follow({ projectId, search: {}, stillMay })[Symbol.asyncIterator]();
  return { begin, polls: () => polls };
}

test('every call is told once, although polls overlap', async () => {
  const events = open([
    [row(1), row(2)],
    [row(1), row(2), row(3)],
  ]).begin();
  const told = [];
  for (let count = 0; count < 4; count += 1) told.push((await events.next()).value);
  expect(told).toEqual([
    { event: 'ready', data: null },
    { event: 'trace', data: row(1) },
    { event: 'trace', data: row(2) },
    { event: 'trace', data: row(3) },
  ]);
});

test('a reader that reads nothing makes no polls, and hears that it lost some when a page was full', async () => {
  const full = Array.from({ length: LIVE_TAIL.rowsMax }, (_, at) => row(at));
  const lab = open([full]);
  const events = lab.begin();
  await events.next();
  expect(lab.polls()).toBe(0);
  expect((await events.next()).value).toMatchObject({ event: 'lost' });
});

test('it ends with the right to ask, and its place is free again', async () => {
  const lab = open([]);
  const revoked = lab.begin(async () => {
    throw new Error('revoked');
  });
  await revoked.next();
  await expect(revoked.next()).rejects.toThrow('revoked');
  const projectOf = (at: number) => `p${Math.floor(at / LIVE_TAIL.followersOfProjectMax)}`;
  const open100 = Array.from({ length: LIVE_TAIL.followersMax }, (_, at) =>
    lab.begin(undefined, projectOf(at)),
  );
  expect(() => lab.begin(undefined, 'another')).toThrow('Too many are following');
  expect(() => lab.begin(undefined, 'p0')).toThrow('are following this project already');
  await open100[0]?.return?.();
  await open100[0]?.return?.();
  expect(() => lab.begin(undefined, 'another')).not.toThrow();
  expect(() => lab.begin(undefined, 'another')).toThrow('Too many are following');
});

test('one project cannot take the places of all', () => {
  const lab = open([]);
  for (let count = 0; count < LIVE_TAIL.followersOfProjectMax; count += 1) lab.begin();
  expect(() => lab.begin()).toThrow('are following this project already');
  expect(() => lab.begin(undefined, 'q')).not.toThrow();
});

test('whoever lost the right is sent nothing more, however slowly they read', async () => {
  let now = 0;
  let isAllowed = true;
  const lab = open([[row(1), row(2)], [row(3)]], { nowMs: () => now });
  const events = lab.begin(async () => {
    if (!isAllowed) throw new Error('revoked');
  });
  await events.next();
  expect((await events.next()).value).toEqual({ event: 'trace', data: row(1) });
  isAllowed = false;
  now += LIVE_TAIL.checkedMsMax;
  await expect(events.next()).rejects.toThrow('revoked');
  expect((await events.next()).done).toBe(true);
  expect(lab.polls()).toBe(1);
});
