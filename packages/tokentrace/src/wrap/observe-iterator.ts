import type { OpenCall } from './open-call.ts';

type Step = (...args: unknown[]) => unknown;

type IteratorWatch = { isAborted?: () => boolean; isHidden?: (event: unknown) => boolean };

const never = (): boolean => false;

/**
 * Looks on while an app reads an iterator, in place: the iterator stays the very object it was. `isAborted` tells a quiet
 * end after an abort from a real one. Returns whether a step is under way.
 */
export function observeIterator(
  iterator: object,
  call: OpenCall,
  { isAborted = never, isHidden = never }: IteratorWatch = {},
): () => boolean {
  let pending = 0;
  const next: unknown = Reflect.get(iterator, 'next');
  const back: unknown = Reflect.get(iterator, 'return');
  const raise: unknown = Reflect.get(iterator, 'throw');
  if (typeof next !== 'function') return () => false;

  async function step(args: unknown[]): Promise<unknown> {
    for (;;) {
      const result: unknown = await Reflect.apply(next as Step, iterator, args);
      const { done, value } = Object(result) as { done?: boolean; value?: unknown };
      if (done === true) {
        if (isAborted()) call.cancel();
        else call.finish();
        return result;
      }
      call.event(value);
      if (!isHidden(value)) return result;
    }
  }

  put(iterator, 'next', async (...args) => {
    pending += 1;
    try {
      return await step(args);
    } catch (error) {
      // The clients abort what they read when they find a fault in it, so a signal says nothing here.
      call.fail(error);
      throw error;
    } finally {
      pending -= 1;
    }
  });
  if (typeof back === 'function') {
    put(iterator, 'return', (...args) => {
      call.cancel();
      return Reflect.apply(back, iterator, args);
    });
  }
  if (typeof raise === 'function') {
    put(iterator, 'throw', (...args) => {
      call.cancel();
      return Reflect.apply(raise, iterator, args);
    });
  }
  return () => pending > 0;
}

function put(target: object, name: string, value: Step): void {
  Object.defineProperty(target, name, { value, configurable: true, writable: true, enumerable: false });
}
