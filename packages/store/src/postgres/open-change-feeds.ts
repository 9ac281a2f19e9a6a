import type { Log } from '../log.ts';
import { openNotifications } from './open-notifications.ts';
import type { Postgres } from './open-postgres.ts';
import { findAcknowledgedCredentialSequence } from './queries/find-acknowledged-credential-sequence.ts';
import { findAcknowledgedLimitSequence } from './queries/find-acknowledged-limit-sequence.ts';
import { findAcknowledgedSequence } from './queries/find-acknowledged-sequence.ts';

export type ChangeListener = {
  /** A change of this number is committed, and with it every smaller one. */
  onSequence(sequence: number): void;
  /** Listening began or began again: changes may have been missed, so list everything since the last one known. */
  onGap(): void;
};

export type ChangeFeed = {
  /** Calls back until the returned function is called. Connects again with back-off when the connection is lost. */
  listen(listener: ChangeListener): () => void;
  /**
   * Resolves true once every live server has applied the change, false when `timeoutMs` passed or PostgreSQL
   * does not answer. True at once when no server lives.
   */
  waitForAcknowledgement(sequence: number, timeoutMs: number): Promise<boolean>;
};

export type ChangeFeeds = {
  keys: ChangeFeed;
  limits: ChangeFeed;
  /** Providers' keys. */
  credentials: ChangeFeed;
  /** Calls back whenever every server is asked to settle, or may have been. The returned function ends it. */
  onDataRound(listener: () => void): () => void;
  /** Calls back when somebody asked to delete something, here or on the command line. The returned function ends it. */
  onDeletion(listener: () => void): () => void;
  close(): Promise<void>;
};

const DATA_ROUNDS = 'tr_data_rounds';
const DELETIONS = 'tr_deletions';

/** A server that was not heard of for this long is not waited for; it says that it lives more often than that. */
export const serverSeenWithinMs = 10_000;

/** Changes of keys, of limits and of providers' keys, and their acknowledgements, over one connection that opens with the first use. */
export function openChangeFeeds(postgres: Postgres, log: Log): ChangeFeeds {
  const notifications = openNotifications({
    createClient: () => postgres.createClient(),
    channels: ['tr_keys', 'tr_limits', 'tr_credentials', 'tr_acknowledged', DATA_ROUNDS, DELETIONS],
    log,
  });
  const closing = new AbortController();
  const feedOf = (channel: string, findAcknowledged: typeof findAcknowledgedSequence): ChangeFeed => {
    const find = findAcknowledged(postgres);
    const isAcknowledged = async (sequence: number) => {
      const acknowledged = await find({ seenWithinMs: serverSeenWithinMs });
      return acknowledged === undefined || acknowledged >= sequence;
    };
    return {
      listen: ({ onSequence, onGap }) =>
        notifications.subscribe({
          channel,
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
    };
  };
  return {
    keys: feedOf('tr_keys', findAcknowledgedSequence),
    limits: feedOf('tr_limits', findAcknowledgedLimitSequence),
    credentials: feedOf('tr_credentials', findAcknowledgedCredentialSequence),
    onDataRound: (listener) =>
      notifications.subscribe({ channel: DATA_ROUNDS, onPayload: listener, onListening: listener }),
    onDeletion: (listener) =>
      notifications.subscribe({ channel: DELETIONS, onPayload: listener, onListening: () => undefined }),
    close: async () => {
      closing.abort();
      await notifications.close();
    },
  };
}
