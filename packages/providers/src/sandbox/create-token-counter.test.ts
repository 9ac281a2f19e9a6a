import { afterAll, expect, test } from 'vitest';
import { createTokenCounter } from './create-token-counter.ts';

const counter = createTokenCounter();
afterAll(() => counter.close());

test('texts are counted by the real tokenizer, in order', async () => {
  expect(await counter.count(['hello world', '', 'The quick brown fox.'])).toEqual([2, 0, 5]);
  expect(await counter.count([])).toEqual([]);
});

test('the name of a special token in a prompt is text like any other', async () => {
  const [tokens] = await counter.count(['<|endoftext|>']);
  expect(tokens).toBeGreaterThan(1);
});

test('one endless word is counted in bounded time, and the event loop does not wait for it', async () => {
  let ticks = 0;
  const timer = setInterval(() => (ticks += 1), 5);
  const words = ['x'.repeat(200_000), '\u4e2d'.repeat(50_000), ' '.repeat(50_000), 'word '.repeat(400_000)];
  const counts = await counter.count(words);
  clearInterval(timer);
  expect(counts.every((count) => count > 100)).toBe(true);
  expect(counts[3]).toBeGreaterThan(390_000);
  expect(ticks).toBeGreaterThan(5);
});

test('a counter that is full or closed refuses with a typed error instead of queueing', async () => {
  const small = createTokenCounter({ waitingMax: 2 });
  const waiting = [small.count(['a']), small.count(['b'])];
  await expect(small.count(['c'])).rejects.toMatchObject({ code: 'overloaded' });
  expect(await Promise.all(waiting)).toEqual([[1], [1]]);
  await small.close();
  await expect(small.count(['d'])).rejects.toMatchObject({ code: 'overloaded' });
});

test('closing rejects what still waits', async () => {
  const closing = createTokenCounter();
  const count = closing.count(['a']);
  const rejected = expect(count).rejects.toMatchObject({ code: 'overloaded' });
  await closing.close();
  await rejected;
});

test('a worker that dies fails the counts it had, and the next count gets a new one', async () => {
  const worker = `import { parentPort } from 'node:worker_threads';
    parentPort.on('message', ({ id, texts }) => {
      if (texts[0] === 'die') throw new Error('died');
      parentPort.postMessage({ id, counts: [7] });
    });`;
  const mortal = createTokenCounter({ entry: new URL(`data:text/javascript,${encodeURIComponent(worker)}`) });
  expect(await mortal.count(['a'])).toEqual([7]);
  await expect(mortal.count(['die'])).rejects.toMatchObject({ code: 'overloaded' });
  expect(await mortal.count(['b'])).toEqual([7]);
  await mortal.close();
});
