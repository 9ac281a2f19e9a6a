import { setTimeout as delay } from 'node:timers/promises';

/** Polls until the condition holds and returns what it gave; rejects with the last error after the deadline. */
export async function waitUntil<T>(check: () => T | Promise<T>, waitMs = 15_000): Promise<T> {
  const deadline = performance.now() + waitMs;
  let last: unknown = new Error('The condition never held.');
  while (performance.now() < deadline) {
    try {
      const value = await check();
      if (value) return value;
    } catch (error) {
      last = error;
    }
    await delay(20);
  }
  throw last;
}
