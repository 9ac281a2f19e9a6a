import { expect, test } from 'vitest';
import { openPartQueue } from './part-queue.ts';

test('parts are found by their number, and go in the order in which they came', () => {
  const queue = openPartQueue<{ start: { index: number } }>();
  const seen: (number | undefined)[] = [];
  for (let index = 0; index < 500; index += 1) {
    queue.add({ start: { index: index * 2 } });
    expect(queue.find(index * 2)?.start.index).toBe(index * 2);
    if (index % 3 === 0) continue;
    seen.push(queue.first()?.start.index);
    queue.shift();
  }
  expect(queue.find(0)).toBeUndefined();
  seen.push(...queue.all().map(({ start }) => start.index));
  expect(seen).toEqual(Array.from({ length: 500 }, (_, index) => index * 2));
});
