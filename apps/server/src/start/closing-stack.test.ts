import { expect, test } from 'vitest';
import { createClosingStack } from './closing-stack.ts';

test('what was opened last is closed first, and a failure keeps nothing else open', async () => {
  const log: string[] = [];
  const stack = createClosingStack((error) => log.push(`failed: ${String(error)}`));
  stack.add(() => void log.push('first'));
  stack.add(() => Promise.reject(new Error('stuck')));
  stack.add(async () => void log.push('third'));
  await stack.close();
  expect(log).toEqual(['third', 'failed: Error: stuck', 'first']);
});

test('closing twice closes once', async () => {
  let count = 0;
  const stack = createClosingStack(() => undefined);
  stack.add(() => {
    count += 1;
  });
  await Promise.all([stack.close(), stack.close()]);
  expect(count).toBe(1);
});
