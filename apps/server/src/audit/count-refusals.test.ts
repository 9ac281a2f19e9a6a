import { expect, test } from 'vitest';
import type { Refusal } from './audit.ts';
import { createRefusalCounts } from './count-refusals.ts';

const refusal = (ip: string): Refusal => ({
  ...{ actor: { kind: 'anyone' }, ip, code: 'invalid_api_key', route: 'GET /api/v1/session' },
});

test('a stranger with a whole network of addresses is one stranger', () => {
  let first = 0;
  const counts: number[] = [];
  const { note, close } = createRefusalCounts({
    newId: () => 'aud_1',
    nowMs: () => 0,
    schedule: () => () => undefined,
    onFirst: () => {
      first += 1;
    },
    onMinute: (refusals) => void counts.push(...refusals.map(({ count }) => count)),
  });
  for (let number = 1; number <= 500; number += 1) note(refusal(`2001:db8:1:2::${number.toString(16)}`));
  note(refusal('2001:db8:1:3::1'));
  for (const ip of ['192.0.2.1', '192.0.2.2']) note(refusal(ip));
  close();
  expect(first).toBe(4);
  expect(counts).toEqual([500, 1, 1, 1]);
});
