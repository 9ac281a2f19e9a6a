import { generateKeyPairSync } from 'node:crypto';
import type { Send } from '@app/gateway';
import { providerRow, Secret } from '@app/providers';
import type { StoredAuditEvent } from '@app/store';
import { openSyslogCarrier } from '../src/audit/streams/open-syslog-carrier.ts';
import { SecretRef } from '../src/config/secret-ref-fields.ts';
import { createAskVault } from '../src/credentials/references/create-ask-vault.ts';
import { createReadReference } from '../src/credentials/references/create-read-reference.ts';
import { createPost } from '../src/destinations/create-post.ts';
import { openMailer } from '../src/mail/open-mailer.ts';
import { parseAllowedHosts } from '../src/outbound/allowed-hosts.ts';
import { createAskOnce } from '../src/outbound/ask-once.ts';
import type { Resolve } from '../src/outbound/create-connector.ts';
import { createEndpoints, outboundDefaults } from '../src/outbound/create-endpoints.ts';
import { createOutbound, type Outbound } from '../src/outbound/create-outbound.ts';
import { createAwsKms } from '../src/secrets/create-aws-kms.ts';
import { createGoogleKms } from '../src/secrets/create-google-kms.ts';
import { createVaultTransit } from '../src/secrets/create-vault-transit.ts';

type Guard = { allowPrivateHosts: readonly string[]; resolve: Resolve };

/** One feature that calls out: what it is, the files that hold its way out, and how to make it call a URL. */
export type WayOut = {
  what: string;
  files: readonly string[];
  /** Absent = it does. */
  speaksHttp?: false;
  /** To an address that it checked; nothing connects, so that no victim would notice. */
  sendsDatagrams?: boolean;
  /** Resolves when it was answered, rejects when it was not. */
  call(url: string, guard: Guard): Promise<unknown>;
};

/**
 * Everything that calls out, once. A file that has a way out and is in no row fails the test that reads them off the source,
 * so that no feature is added without being put before the corpus.
 */
export const waysOut: readonly WayOut[] = [
  {
    what: 'a call to a provider, its key from the file, the store or the caller',
    files: ['start/open-gateway.ts'],
    call: withOutbound((outbound, url) => answer(outbound.send, url)),
  },
  {
    what: 'a session over a WebSocket',
    files: ['outbound/open-provider-socket.ts'],
    call: withOutbound(async (outbound, url) => {
      const provider = providerOf(url);
      const asked = {
        provider,
        mode: 'live' as const,
        path: '/v1/realtime',
        headers: {},
        messageBytesMax: 1_000,
      };
      (await outbound.openSocket(asked)).terminate();
    }),
  },
  {
    what: 'the check of a key on the command line',
    files: ['cli/credentials.ts'],
    call: withOutbound((outbound, url) => answer(outbound.send, url)),
  },
  {
    what: "a token service that a service account's file names",
    files: [],
    call: withOutbound((outbound, url) =>
      outbound.getGoogleToken({ kind: 'google-oauth', credentials: new Secret(accountAt(url)), scopes: [] }),
    ),
  },
  ...(['vault', 'aws', 'gcp'] as const).map(
    (kind): WayOut => ({
      what: `a secret kept in ${kind}`,
      files: [],
      call: withOutbound((outbound, url) => readReference(outbound, kind, url)),
    }),
  ),
  {
    what: 'the master key at AWS KMS',
    files: ['secrets/open-key-source.ts'],
    call: withOutbound(({ askOnce }, endpoint) => {
      const place = {
        region: 'eu-west-1',
        keyId: 'k',
        accessKeyId: 'a',
        secretAccessKey: new Secret('s'),
        endpoint,
      };
      return createAwsKms(place, { askOnce, nowMs: () => 0 }).unwrap('eA==');
    }),
  },
  {
    what: 'the master key at Google Cloud KMS',
    files: [],
    call: withOutbound(({ askOnce }, endpoint) => {
      const place = { name: 'projects/p', credentials: new Secret('{}'), endpoint };
      return createGoogleKms(place, { askOnce, getGoogleToken: async () => new Secret('t') }).unwrap('eA==');
    }),
  },
  {
    what: 'the master key at Vault Transit',
    files: [],
    call: withOutbound(({ askOnce }, address) => {
      const { vault } = SecretRef.parse({ vault: { address, path: 'k', token: 't' } });
      if (vault === undefined) throw new Error('no Vault');
      const ask = createAskVault({ askOnce, readFile: async () => '', nowMs: () => 0 });
      return createVaultTransit({ vault, mount: 'transit', key: 'k' }, ask).unwrap('x');
    }),
  },
  {
    what: 'discovery, tokens, keys and profiles of sign-in providers',
    files: ['start/open-ask-providers.ts'],
    call: async (url, { allowPrivateHosts, resolve }) => {
      const allowedHosts = parseAllowedHosts(allowPrivateHosts);
      const endpoints = createEndpoints({ allowedHosts, resolve, limits: outboundDefaults });
      try {
        return await createAskOnce(endpoints)({ method: 'GET', url: new URL(url), headers: {} });
      } finally {
        await endpoints.stop((pool) => pool.destroy());
      }
    },
  },
  {
    what: 'webhooks, Slack and the receiver of audit anchors',
    files: ['destinations/create-post.ts', 'start/open-messages.ts', 'start/open-server-audit.ts'],
    call: async (url, { allowPrivateHosts, resolve }) => {
      const allowedHosts = parseAllowedHosts(allowPrivateHosts);
      const post = createPost({ allowedHosts, resolve, schedule: never, deadlineMs: 5_000 });
      const { status } = await post({ url, headers: {}, body: '{}' });
      // A redirect is an answer that no message was brought by.
      if (status >= 300) throw new Error(`It answered ${status}.`);
    },
  },
  {
    what: 'the mail server',
    speaksHttp: false,
    files: ['mail/open-mailer.ts'],
    call: async (url, { allowPrivateHosts, resolve }) => {
      const { hostname, port } = new URL(url);
      const place = {
        host: hostname.replace(/^\[|\]$/g, ''),
        port: Number(port || 25),
        ...{ user: undefined, password: undefined, passwordFile: undefined, caFile: undefined },
        from: { name: 'a', address: 'a@example.com' },
        tls: 'none' as const,
      };
      const allowedHosts = parseAllowedHosts(allowPrivateHosts);
      const mailer = openMailer({ place, allowedHosts, resolve, readFile: () => '', schedule: never });
      await mailer.send({ to: 'b@example.com', subject: 's', text: 't' });
    },
  },
  ...(['tcp', 'tls', 'udp'] as const).map(
    (scheme): WayOut => ({
      what: `a syslog server over ${scheme}`,
      speaksHttp: false,
      sendsDatagrams: scheme === 'udp',
      files: ['audit/streams/open-syslog-carrier.ts'],
      call: async (url, { allowPrivateHosts, resolve }) => {
        const allowedHosts = parseAllowedHosts(allowPrivateHosts);
        const address = url.replace(/^https?:/, `${scheme}:`);
        const carrier = openSyslogCarrier({ address, allowedHosts, resolve, hostname: 'test' });
        await carrier.carry('org_test', [anEvent]).finally(carrier.close);
      },
    }),
  ),
];

function withOutbound(call: (outbound: Outbound, url: string) => Promise<unknown>): WayOut['call'] {
  return async (url, guard) => {
    const sandboxSend: Send = () => {
      throw new Error('nothing should reach the sandbox');
    };
    const outbound = createOutbound({ ...guard, sandboxSend, nowMs: () => 1_800_000_000_000 });
    try {
      return await call(outbound, url);
    } finally {
      await outbound.destroy();
    }
  };
}

const never = () => () => undefined;

const providerOf = (baseUrl: string) =>
  providerRow({ id: 'acme', dialect: 'openai-chat', baseUrl, secret: new Secret('canary-provider-secret') });

function answer(send: Send, url: string): Promise<number> {
  return new Promise((resolve, reject) => {
    let status = 0;
    send(
      { provider: providerOf(url), mode: 'live', path: '/v1/x', headers: {}, body: '{}' },
      {
        onHead: (code) => {
          status = code;
        },
        onChunk: () => {},
        onEnd: () => resolve(status),
        onError: reject,
      },
    );
  });
}

function readReference(outbound: Outbound, kind: 'vault' | 'aws' | 'gcp', endpoint: string) {
  const read = createReadReference({
    askOnce: outbound.askOnce,
    getGoogleToken: async () => new Secret('t'),
    environment: new Map(),
    readFile: async () => '',
    nowMs: () => 0,
  });
  const refs = {
    vault: { address: endpoint, path: 'a', token: 't' },
    aws: { region: 'eu-west-1', id: 'a', access_key_id: 'a', secret_access_key: 's', endpoint },
    gcp: { name: 'projects/p/secrets/s', credentials: '{}', endpoint },
  };
  return read(SecretRef.parse({ [kind]: refs[kind] }));
}

/** A key file whose private key is good, so that only its address decides. */
function accountAt(url: string): string {
  return JSON.stringify({
    type: 'service_account',
    client_email: 'a@b.iam.gserviceaccount.com',
    private_key: ACCOUNT_KEY,
    token_uri: `${url.replace(/\/$/, '')}/token`,
  });
}

const ACCOUNT_KEY = makeKey();

function makeKey(): string {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

const nobody = { actorId: null, actorLabel: null, actorRole: null, actorSession: null };
const nothing = {
  targetKind: null,
  targetId: null,
  targetName: null,
  before: null,
  after: null,
  reason: null,
};

const anEvent: StoredAuditEvent = {
  sequence: 1,
  id: 'aud_test',
  atMs: 0,
  action: 'server.start',
  outcome: 'done',
  actorKind: 'server',
  ...nobody,
  ...nothing,
  ip: null,
  userAgent: null,
  requestId: null,
  projectId: null,
  count: 1,
  previous: Buffer.alloc(32),
  mac: Buffer.alloc(32),
};
