import { expect } from 'vitest';

/** Asks again until the answer is what is expected of it. A busy machine is slow. */
export const poll = <Value>(read: () => Promise<Value>) =>
  expect.poll(read, { timeout: 15_000, interval: 50 });
