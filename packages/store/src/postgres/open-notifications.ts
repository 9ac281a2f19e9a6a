import { setTimeout as wait } from 'node:timers/promises';
import type pg from 'pg';
import { reasonOf } from '../error.ts';
import type { Log } from '../log.ts';

type Subscription = {
  channel: string;
  onPayload(payload: string): void;
  /** Listening began, for the first time or again. What was notified before that was missed. */
  onListening(): void;
};

export type Notifications = {
  /** Begins to listen with the first subscription. The returned function ends this one. */
  subscribe(subscription: Subscription): () => void;
  /** Ends the connection; nothing is called afterwards. */
  close(): Promise<void>;
};

export type NotificationsDeps = {
  createClient: () => pg.Client;
  /** Listened to from the start, so that a later subscription to one of them waits for nothing. */
  channels: readonly string[];
  log: Log;
};

const delayMsMin = 100;
const delayMsMax = 5_000;
/** A connection that died without a word is found out within this. */
const heartbeatMs = 15_000;

/** Listens on one connection outside the pool, and connects again for as long as it is open. */
export function openNotifications({ createClient, channels, log }: NotificationsDeps): Notifications {
  const subscriptions = new Set<Subscription>();
  const closing = new AbortController();
  let running: Promise<void> | undefined;
  let listening = false;
  let stop = () => {};

  const listenOnce = async () => {
    const client = createClient();
    const ended = new Promise<void>((resolve) => {
      stop = resolve;
      client.once('end', resolve);
      client.on('error', () => resolve());
    });
    client.on('notification', ({ channel, payload }) => {
      for (const each of subscriptions) if (each.channel === channel) each.onPayload(payload ?? '');
    });
    try {
      await client.connect();
      await client.query(channels.map((channel) => `listen ${channel}`).join('; '));
      listening = true;
      for (const each of subscriptions) each.onListening();
      const heartbeat = setInterval(() => client.query('select 1').catch(() => stop()), heartbeatMs);
      await ended.finally(() => clearInterval(heartbeat));
    } finally {
      listening = false;
      await client.end().catch(() => undefined);
    }
  };

  const run = async () => {
    let delayMs = delayMsMin;
    while (!closing.signal.aborted) {
      const began = listenOnce().then(
        () => true,
        (error: unknown) => {
          log.warn({ reason: reasonOf(error) }, 'Cannot listen for changes in PostgreSQL; trying again.');
          return false;
        },
      );
      delayMs = (await began) ? delayMsMin : Math.min(delayMs * 2, delayMsMax);
      await wait(delayMs, undefined, { signal: closing.signal }).catch(() => undefined);
    }
  };

  return {
    subscribe: (subscription) => {
      subscriptions.add(subscription);
      running ??= run();
      if (listening) subscription.onListening();
      return () => void subscriptions.delete(subscription);
    },
    close: async () => {
      subscriptions.clear();
      closing.abort();
      stop();
      await running;
    },
  };
}
