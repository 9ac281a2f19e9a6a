import type { OpenCall } from './open-call.ts';

type Step = (...args: unknown[]) => unknown;

/** How many steps of a reading are under way. Apart, so that whoever waits for an abort holds nothing else of it. */
export type Reading = { pending: number };

type IteratorWatch = {
  reading?: Reading;
  isAborted?: () => boolean;
  isHidden?: (event: unknown) => boolean;
  /** Kept alive as long as the iterator is. */
  owner?: object;
};

/** On an iterator: the stream that must not be taken for forgotten while the iterator is read. */
const OWNER = Symbol('tokentrace.owner');

const never = (): boolean => false;

/**
 * Looks on while an app reads an iterator, in place: the iterator stays the very object it was. `isAborted` tells a quiet
 * end after an abort from a real one.
 */
export function observeIterator(
  iterator: object,
  call: OpenCall,
  { reading = { pending: 0 }, isAborted = never, isHidden = never, owner }: IteratorWatch = {},
): void {
  const next: unknown = Reflect.get(iterator, 'next');
  const back: unknown = Reflect.get(iterator, 'return');
  const raise: unknown = Reflect.get(iterator, 'throw');
  if (typeof next !== 'function') return;

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
    reading.pending += 1;
    try {
      return await step(args);
    } catch (error) {
      // The clients abort what they read when they find a fault in it, so a signal says nothing here.
      call.fail(error);
      throw error;
    } finally {
      reading.pending -= 1;
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
  if (owner !== undefined) put(iterator, OWNER, () => owner);
}

function put(target: object, name: string | symbol, value: Step): void {
  Object.defineProperty(target, name, { value, configurable: true, writable: true, enumerable: false });
}
