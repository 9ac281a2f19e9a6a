import type { ForgottenCalls } from './forgotten-calls.ts';
import { observeIterator, type Reading } from './observe-iterator.ts';
import type { OpenCall } from './open-call.ts';

/** How a stream of the OpenAI and Anthropic clients looks from here. */
type ClientStream = { iterator: () => unknown; controller?: { signal?: AbortSignal } };

export type StreamWatch = {
  call: OpenCall;
  forgotten: ForgottenCalls;
  /** An event that only tracing asked for and the app must not see. */
  isHidden?: (event: unknown) => boolean;
};

/**
 * Looks on while an app reads a stream, whichever way it does: by `for await`, `tee()` or `toReadableStream()`, all of
 * which ask the stream for its iterator. The stream stays the same object with the same methods.
 * False when this is no such stream.
 */
export function observeStream(stream: object, { call, forgotten, isHidden }: StreamWatch): boolean {
  if (!isClientStream(stream)) return observeIterable(stream, { call, forgotten });
  const signal = stream.controller?.signal;
  const original = stream.iterator;
  const reading: Reading = { pending: 0 };
  let isTaken = false;
  stream.iterator = () => {
    const iterator = Reflect.apply(original, stream, []);
    // A second reading of the same stream is refused by the client and is no call.
    if (isTaken || typeof iterator !== 'object' || iterator === null) return iterator;
    isTaken = true;
    const isAborted = () => signal?.aborted === true;
    observeIterator(iterator, call, { reading, isAborted, owner: stream, ...(isHidden && { isHidden }) });
    return iterator;
  };
  if (signal) cancelOnAbort(signal, call, reading);
  forgotten.watch(stream, call);
  return true;
}

/** A function of its own, since a signal outlives a stream that is dropped and would keep all that is around here. */
function cancelOnAbort(signal: AbortSignal, call: OpenCall, reading: Reading): void {
  signal.addEventListener?.('abort', () => {
    // While a step is under way its end tells what happened.
    if (reading.pending === 0) call.cancel();
  });
}

function isClientStream(stream: object): stream is ClientStream {
  return typeof Reflect.get(stream, 'iterator') === 'function';
}

/** Any other async iterable: a generator is its own iterator, others make one when asked. */
function observeIterable(stream: object, { call, forgotten }: StreamWatch): boolean {
  const iterate: unknown = Reflect.get(stream, Symbol.asyncIterator);
  if (typeof iterate !== 'function') return false;
  if (typeof Reflect.get(stream, 'next') === 'function') observeIterator(stream, call);
  else {
    Object.defineProperty(stream, Symbol.asyncIterator, {
      configurable: true,
      writable: true,
      value: () => {
        const iterator: unknown = Reflect.apply(iterate, stream, []);
        if (typeof iterator === 'object' && iterator !== null)
          observeIterator(iterator, call, { owner: stream });
        return iterator;
      },
    });
  }
  forgotten.watch(stream, call);
  return true;
}
