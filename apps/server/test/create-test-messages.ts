import { randomBytes } from 'node:crypto';
import type { Schedule } from '@app/gateway';
import type { RelationalStore } from '@app/store';
import { createAddressCipher } from '../src/destinations/create-address-cipher.ts';
import { createDeliver } from '../src/destinations/create-deliver.ts';
import { createDestinations, type Destinations } from '../src/destinations/create-destinations.ts';
import { createPost, type PostDeps } from '../src/destinations/create-post.ts';
import type { Deliver } from '../src/destinations/message.ts';
import { type IdSource, newId } from '../src/ids.ts';
import type { Mailer } from '../src/mail/mailer.ts';
import { openMailer } from '../src/mail/open-mailer.ts';
import { parseAllowedHosts } from '../src/outbound/allowed-hosts.ts';

export type TestMessagesOptions = {
  /** None is configured when absent. */
  mailer?: Mailer;
  /** As `allow_private_hosts`. */
  allowedHosts?: readonly string[];
  /** No name exists when absent. */
  resolve?: PostDeps['resolve'];
  ca?: string;
  deadlineMs?: number;
  publicUrl?: string;
  /** How time passes between tries; at once when absent. */
  schedule?: Schedule;
};

export type TestMessages = {
  mailer: Mailer;
  destinations: Destinations;
  deliverMessage: Deliver;
  close(): void;
};

type Deps = { store: Pick<RelationalStore, 'destinations'>; ids: IdSource; key?: Buffer };

/** Destinations and what is sent to them, put together as the server does it. */
export function createTestMessages(
  { store, ids, key = randomBytes(32) }: Deps,
  options: TestMessagesOptions = {},
): TestMessages {
  const allowedHosts = parseAllowedHosts(options.allowedHosts ?? []);
  const resolve = options.resolve ?? ((name, done) => done(new Error(`${name} does not exist`), []));
  const mailer = options.mailer ?? openMailer({ ...silent, place: undefined, allowedHosts, resolve });
  const cipher = createAddressCipher(key);
  const { ca, deadlineMs = 2_000 } = options;
  const delivery = createDeliver({
    destinations: store.destinations,
    cipher,
    post: createPost({
      allowedHosts,
      resolve,
      schedule: timers,
      deadlineMs,
      ...(ca !== undefined && { ca }),
    }),
    mailer,
    publicUrl: options.publicUrl ?? 'https://llm.example.com',
    schedule: options.schedule ?? ((_delayMs, run) => timers(0, run)),
    random: () => 0.5,
    nowMs: ids.nowMs,
    onWarning: () => undefined,
  });
  const destinations = createDestinations({
    destinations: store.destinations,
    cipher,
    deliverTo: delivery.deliverTo,
    allowedHosts,
    sendsMail: mailer.isConfigured,
    newSecret: () => `whsec_${Buffer.from(ids.randomBytes(32)).toString('base64url')}`,
    newId: (prefix) => newId(prefix, ids),
    nowMs: ids.nowMs,
  });
  return { mailer, destinations, deliverMessage: delivery.deliver, close: delivery.close };
}

const timers: Schedule = (delayMs, run) => {
  const timer = setTimeout(run, delayMs);
  return () => clearTimeout(timer);
};

const silent = { readFile: () => undefined, schedule: timers };
