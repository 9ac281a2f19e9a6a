import type { Log } from '../log.ts';
import { openNotifications } from './open-notifications.ts';
import type { Postgres } from './open-postgres.ts';
import { findAcknowledgedSequence } from './queries/find-acknowledged-sequence.ts';

export type KeyListener = {
  /** A change of this number is committed, and with it every smaller one. */
  onSequence(sequence: number): void;
  /** Listening began or began again: changes may have been missed, so list everything since the last one known. */
  onGap(): void;
};

export type KeyFeed = {
  /** Calls back until the returned function is called. Connects again with back-off when the connection is lost. */
  listenKeyChanges(listener: KeyListener): () => void;
  /**
   * Resolves true once every live server has applied the change, false when `timeoutMs` passed or PostgreSQL
   * does not answer. True at once when no server lives.
   */
  waitForAcknowledgement(sequence: number, timeoutMs: number): Promise<boolean>;
  close(): Promise<void>;
};

/** A server that was not heard of for this long is not waited for; it says that it lives more often than that. */
export const serverSeenWithinMs = 10_000;

/** Key changes and their acknowledgements, over one connection that opens with the first use. */
export function openKeyFeed(postgres: Postgres, log: Log): KeyFeed {
  const notifications = openNotifications({
    createClient: () => postgres.createClient(),
    channels: ['tr_keys', 'tr_acknowledged'],
    log,
  });
  const closing = new AbortController();
  const find = findAcknowledgedSequence(postgres);
  const isAcknowledged = async (sequence: number) => {
    const acknowledged = await find({ seenWithinMs: serverSeenWithinMs });
    return acknowledged === undefined || acknowledged >= sequence;
  };
  return {
    listenKeyChanges: ({ onSequence, onGap }) =>
      notifications.subscribe({
        channel: 'tr_keys',
        onPayload: (payload) => onSequence(Number(payload)),
        onListening: onGap,
      }),
    waitForAcknowledgement: (sequence, timeoutMs) =>
      new Promise((resolve) => {
        const check = () =>
          isAcknowledged(sequence).then(
            (acknowledged) => acknowledged && settle(true),
            () => undefined,
          );
        const unsubscribe = notifications.subscribe({
          channel: 'tr_acknowledged',
          onPayload: check,
          onListening: check,
        });
        const onClose = () => settle(false);
        const timer = setTimeout(onClose, timeoutMs);
        closing.signal.addEventListener('abort', onClose, { once: true });
        const settle = (acknowledged: boolean) => {
          clearTimeout(timer);
          closing.signal.removeEventListener('abort', onClose);
          unsubscribe();
          resolve(acknowledged);
        };
      }),
    close: async () => {
      closing.abort();
      await notifications.close();
    },
  };
}
