import { setTimeout as wait } from 'node:timers/promises';

/** Asks again and again until the answer is yes; throws after `timeoutMs`. */
export async function waitUntil(isTrue: () => boolean | Promise<boolean>, timeoutMs = 30_000): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!(await isTrue())) {
    if (performance.now() > deadline) throw new Error(`Still not so after ${timeoutMs} ms.`);
    await wait(10);
  }
}
