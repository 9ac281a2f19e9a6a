import { expect, test } from 'vitest';
import { createBodyRoom } from './body-room.ts';

test('what was taken is given back once, and a closed lease takes no more', () => {
  const room = createBodyRoom(100);
  const lease = room.open('a');
  expect(lease.take(50)).toBe(true);
  expect(lease.take(1)).toBe(false);
  lease.close();
  lease.close();
  expect(lease.take(1)).toBe(false);
  expect(room.open('a').take(50)).toBe(true);
  expect(room.open('a').take(1)).toBe(false);
});

test('one key gets half of the room, and the others the rest', () => {
  const room = createBodyRoom(100);
  expect(room.open('a').take(50)).toBe(true);
  expect(room.open('a').take(1)).toBe(false);
  expect(room.open('b').take(30)).toBe(true);
  expect(room.open('c').take(21)).toBe(false);
  expect(room.open('c').take(20)).toBe(true);
});
