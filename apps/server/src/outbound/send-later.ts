import type { Sending } from '@app/gateway';

/** A request that waits for something before it starts. Cancelled while it waits, it never starts. */
export function sendLater<Value>(
  ready: Promise<Value>,
  start: (value: Value) => Sending,
  onError: (error: unknown) => void,
): Sending {
  let sending: Sending | undefined;
  let isCancelled = false;
  let isPaused = false;
  ready.then(
    (value) => {
      if (isCancelled) return;
      sending = start(value);
      if (isPaused) sending.pause();
    },
    (error: unknown) => {
      if (!isCancelled) onError(error);
    },
  );
  return {
    pause() {
      isPaused = true;
      sending?.pause();
    },
    resume() {
      isPaused = false;
      sending?.resume();
    },
    cancel() {
      isCancelled = true;
      sending?.cancel();
    },
  };
}
