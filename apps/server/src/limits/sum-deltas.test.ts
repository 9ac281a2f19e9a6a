import { expect, test } from 'vitest';
import { readDeltas, writeDeltas } from './delta-record.ts';
import { createDeltaSums } from './sum-deltas.ts';

test('what two absurd amounts add up to can be read again, and takes no other count with it', () => {
  const sums = createDeltaSums();
  const delta = { limitId: 'bud_a', subject: '', periodStartMs: 0, used: Number.MAX_SAFE_INTEGER, held: 0 };
  sums.add(delta);
  sums.add(delta);
  sums.add({ ...delta, limitId: 'bud_b', used: 7 });
  const record = { serverId: 'srv_a', deltas: sums.take() };
  expect(record.deltas.map(({ used }) => used)).toEqual([Number.MAX_SAFE_INTEGER, 7]);
  expect(readDeltas(writeDeltas(record))).toEqual(record);
});
