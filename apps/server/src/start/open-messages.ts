import { lookup } from 'node:dns';
import type { Schedule } from '@app/gateway';
import type { RelationalStore } from '@app/store';
import type { Logger } from 'pino';
import { readMailPlace } from '../config/mail-fields.ts';
import { readTextFile } from '../config/read-text-file.ts';
import type { Config } from '../config.ts';
import { createAddressCipher } from '../destinations/create-address-cipher.ts';
import { createDeliver } from '../destinations/create-deliver.ts';
import { createDestinations, type Destinations } from '../destinations/create-destinations.ts';
import { createPost } from '../destinations/create-post.ts';
import type { Deliver } from '../destinations/message.ts';
import { type IdSource, newId } from '../ids.ts';
import type { Mailer } from '../mail/mailer.ts';
import { openMailer } from '../mail/open-mailer.ts';
import { parseAllowedHosts } from '../outbound/allowed-hosts.ts';
import type { Resolve } from '../outbound/create-connector.ts';
import type { ClosingStack } from './closing-stack.ts';

export type MessagesDeps = {
  config: Config;
  store: Pick<RelationalStore, 'destinations'>;
  /** Seals where messages go; 32 bytes. */
  destinationKey: Buffer;
  /** How browsers reach this server. */
  publicUrl: string;
  schedule: Schedule;
  ids: IdSource;
  log: Logger;
};

export type OpenMessages = {
  mailer: Mailer;
  destinations: Destinations;
  /** Brings messages to destinations. */
  deliverMessage: Deliver;
};

const SECRET_BYTES = 32;

/** What tells people something: e-mail, and the destinations of organizations. */
export function openMessages(deps: MessagesDeps, stack: ClosingStack): OpenMessages {
  const { config, store, ids, schedule, log } = deps;
  const { nowMs } = ids;
  const mailer = openConfiguredMailer(config, schedule);
  stack.add(() => mailer.close());
  const allowedHosts = parseAllowedHosts(config.file.allow_private_hosts);
  const cipher = createAddressCipher(deps.destinationKey);
  const delivery = createDeliver({
    destinations: store.destinations,
    cipher,
    post: createPost({ allowedHosts, resolve, schedule }),
    mailer,
    publicUrl: deps.publicUrl,
    schedule,
    random: () => (ids.randomBytes(1)[0] ?? 0) / 255,
    nowMs,
    onWarning: (message, error) => log.warn({ err: error }, message),
  });
  stack.add(delivery.close);
  const destinations = createDestinations({
    destinations: store.destinations,
    cipher,
    deliverTo: delivery.deliverTo,
    allowedHosts,
    sendsMail: mailer.isConfigured,
    newSecret: () => `whsec_${Buffer.from(ids.randomBytes(SECRET_BYTES)).toString('base64url')}`,
    newId: (prefix) => newId(prefix, ids),
    nowMs,
  });
  return { mailer, destinations, deliverMessage: delivery.deliver };
}

/** The mail server of the configuration file, for the server and for commands. */
export function openConfiguredMailer({ file }: Config, schedule: Schedule): Mailer {
  return openMailer({
    place: file.mail && readMailPlace(file.mail),
    allowedHosts: parseAllowedHosts(file.allow_private_hosts),
    resolve,
    readFile: readTextFile,
    schedule,
  });
}

const resolve: Resolve = (host, done) => lookup(host, { all: true }, done);
