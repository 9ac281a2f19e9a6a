import { type KnownProviders, knownProviders, providerRow, Secret } from '@app/providers';
import { type FakeUpstream, openFakeUpstream, playsAnthropic, playsOpenAi } from '@app/testkit';
import { createOwnKeys } from '../src/inline-keys/create-own-keys.ts';
import { createTakeKeys } from '../src/inline-keys/create-take-keys.ts';
import { openInlineKeys } from '../src/inline-keys/open-inline-keys.ts';
import { publicKeyRoute } from '../src/routes/operations/public-key-route.ts';
import { createTestServer, type TestServer, type TestServerOptions } from './create-test-server.ts';
import { createInlineKeysTable } from './inline-keys-table.ts';

export type InlineServer = {
  server: TestServer;
  /** OpenAI and Anthropic at their own addresses, and a proxy of the operator's. */
  openai: FakeUpstream;
  anthropic: FakeUpstream;
  proxy: FakeUpstream;
  close(): Promise<void>;
};

/** A provider of the operator's, with the operator's key; without an address it is the known one. */
export type OperatorRow = { id: string; at?: 'proxy'; models: readonly string[] };

export const operatorKey = 'sk-of-the-operator';

/** A gateway whose known providers are played on loopback: their own addresses are those of the players. */
export async function openInlineServer(
  rows: readonly OperatorRow[] = [],
  more: TestServerOptions = {},
): Promise<InlineServer> {
  const openai = await openFakeUpstream(playsOpenAi({ text: 'Hello from OpenAI.' }));
  const anthropic = await openFakeUpstream(playsAnthropic({ text: 'Hello from Anthropic.' }));
  const proxy = await openFakeUpstream(playsOpenAi({ text: 'Hello from the proxy.' }));
  const known = knownAt({ openai: openai.url, anthropic: anthropic.url });
  const providers = rows.map(({ id, at, models }) => {
    const baseUrl = at === 'proxy' ? proxy.url : known[id]?.baseUrl;
    return { provider: providerRow({ id, baseUrl, secret: new Secret(operatorKey) }), models };
  });
  const nowMs = () => Date.now();
  const configured = providers.map(({ provider }) => provider);
  const ownKeys = createOwnKeys({ configured, known, only: undefined, nowMs });
  let made = 0;
  const inlineKeys = openInlineKeys({
    table: createInlineKeysTable(),
    sealingKey: Buffer.alloc(32, 3),
    handedOutMs: 86_400_000,
    overlapMs: 86_400_000,
    newKid: () => {
      made += 1;
      return `ik_${made}`;
    },
    nowMs,
    schedule: () => () => {},
    onWarning: () => undefined,
    rules: { findProvider: ownKeys.findProvider, examples: ['openai', 'anthropic'] },
  });
  const server = await createTestServer({
    ...more,
    rows: providers,
    ownKeys,
    takeKeys: createTakeKeys(inlineKeys),
    plugins: [publicKeyRoute(inlineKeys), ...(more.plugins ?? [])],
  });
  const close = async () => {
    await server.close();
    inlineKeys.close();
    await Promise.all([openai, anthropic, proxy].map((upstream) => upstream.close()));
  };
  return { server, openai, anthropic, proxy, close };
}

function knownAt(urls: { [id: string]: string }): KnownProviders {
  const moved = Object.entries(urls).flatMap(([id, baseUrl]) => {
    const row = knownProviders[id];
    return row === undefined ? [] : [[id, { ...row, baseUrl }] as const];
  });
  return { ...knownProviders, ...Object.fromEntries(moved) };
}
