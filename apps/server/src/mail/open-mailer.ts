import type { Schedule } from '@app/gateway';
import type { MailPlace } from '../config/mail-fields.ts';
import type { AllowedHosts } from '../outbound/allowed-hosts.ts';
import { createConnector, type Resolve } from '../outbound/create-connector.ts';
import { createTurns } from './create-turns.ts';
import { describeMailFailure, MailFailure } from './mail-failure.ts';
import type { Mail, Mailer } from './mailer.ts';
import { isAddress, writeMail } from './write-mail.ts';

export type MailerDeps = {
  /** Undefined where no server is configured. */
  place: MailPlace | undefined;
  allowedHosts: AllowedHosts;
  resolve: Resolve;
  /** Reads a file's text; undefined when it does not exist. */
  readFile: (path: string) => string | undefined;
  schedule: Schedule;
  limits?: Partial<MailLimits>;
};

export type MailLimits = {
  /** From the moment a mail has its turn until the server took it. */
  deadlineMs: number;
  connectionsMax: number;
  waitingMax: number;
};

const defaults: MailLimits = { deadlineMs: 30_000, connectionsMax: 3, waitingMax: 500 };

/** A server that says nothing for so long is given up before the deadline. */
const SILENCE_MS = 15_000;
const RESPONSE_BYTES_MAX = 16_384;

/**
 * Sends by the operator's server: to an address that was checked, with the certificate verified, a few at a time. What
 * fails is said in a sentence that holds neither the password nor what the mail says.
 */
export function openMailer(deps: MailerDeps): Mailer {
  const { place } = deps;
  const limits = { ...defaults, ...deps.limits };
  if (place === undefined) return unconfigured;
  const stop = new AbortController();
  const takeTurn = createTurns({ runningMax: limits.connectionsMax, waitingMax: limits.waitingMax });
  return {
    isConfigured: true,
    send: async (mail) => {
      if (stop.signal.aborted) throw new MailFailure('The server is stopping.');
      if (!isAddress(mail.to)) throw new MailFailure('That is not an e-mail address.');
      const ran = await takeTurn('', async () => {
        await sendOne(mail, { ...deps, place, limits, stopped: stop.signal });
        return true;
      });
      if (ran === undefined) throw new MailFailure('Too many mails wait to be sent.');
    },
    close: () => stop.abort(),
  };
}

const unconfigured: Mailer = {
  isConfigured: false,
  send: async () => {
    throw new MailFailure('No mail server is configured: set "mail" in tokenrouter.yaml.');
  },
  close: () => undefined,
};

type Sending = MailerDeps & { place: MailPlace; limits: MailLimits; stopped: AbortSignal };

async function sendOne(mail: Mail, { place, limits, stopped, schedule, ...deps }: Sending): Promise<void> {
  const late = new AbortController();
  const cancel = schedule(limits.deadlineMs, () => late.abort());
  try {
    const transport = await createTransport({ place, ...deps });
    const signal = AbortSignal.any([late.signal, stopped]);
    await transport.sendMail({ ...writeMail(mail, place.from), signal });
  } catch (error) {
    if (stopped.aborted) throw new MailFailure('The server is stopping.');
    if (late.signal.aborted) throw new MailFailure('The mail server did not take it in time.');
    throw describeMailFailure(error);
  } finally {
    cancel();
  }
}

type TransportDeps = Pick<Sending, 'place' | 'allowedHosts' | 'resolve' | 'readFile'>;

/** Loaded with the first mail, so that a start does not wait for it. */
async function createTransport({ place, allowedHosts, resolve, readFile }: TransportDeps) {
  const { createTransport: create } = await import('nodemailer');
  const { host, port, user } = place;
  const ca = place.caFile === undefined ? undefined : readNeeded(place.caFile, readFile);
  const pass =
    place.passwordFile === undefined ? place.password : readNeeded(place.passwordFile, readFile).trim();
  if (pass === '') throw new MailFailure(`The file ${place.passwordFile} is empty.`);
  // Only for the check of addresses: nothing speaks HTTP to it.
  const url = new URL(`http://${host.includes(':') ? `[${host}]` : host}:${port}`);
  const connect = createConnector({ url, allowedHosts, resolve, connectTimeoutMs: SILENCE_MS });
  return create({
    host,
    port,
    secure: place.tls === 'implicit',
    requireTLS: place.tls === 'starttls',
    ignoreTLS: place.tls === 'none',
    ...(user !== undefined && { auth: { user, pass: pass ?? '' } }),
    tls: {
      // Said aloud, because a variable of the environment would turn it off for the whole process.
      rejectUnauthorized: true,
      minVersion: 'TLSv1.2',
      ...(ca !== undefined && { ca }),
    },
    getSocket: (_options: unknown, done: GotSocket) => {
      const { hostname, protocol } = url;
      connect({ hostname: bare(hostname), host: url.host, protocol, port: String(port) }, (error, socket) => {
        if (error) done(error);
        else done(null, { connection: socket });
      });
    },
    greetingTimeout: SILENCE_MS,
    socketTimeout: SILENCE_MS,
    maxResponseSize: RESPONSE_BYTES_MAX,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
}

type GotSocket = (error: Error | null, socketOptions?: { connection: import('node:net').Socket }) => void;

const bare = (hostname: string): string => hostname.replace(/^\[|\]$/g, '');

function readNeeded(path: string, readFile: MailerDeps['readFile']): string {
  const text = readFile(path);
  if (text === undefined) throw new MailFailure(`There is no file at ${path}.`);
  return text;
}
