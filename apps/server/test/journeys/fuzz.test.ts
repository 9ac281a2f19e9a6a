import { type DialectId, providerDialects } from '@app/protocol';
import { listSamples } from '@app/protocol/test/fuzz/list-samples.ts';
import { providerRow } from '@app/providers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestServer, type TestServer } from '../create-test-server.ts';
import { type FuzzingUpstream, openFuzzingUpstream } from '../open-fuzzing-upstream.ts';
import { GOOD_MODEL, modelOf, playOverSockets } from '../play-over-sockets.ts';
import { eventually } from '../start-process.ts';
import { testKeys } from '../test-keys.ts';

const SEED = 20_260_131;
const CASES = 250;

let upstream: FuzzingUpstream;
let server: TestServer;

beforeAll(async () => {
  upstream = await openFuzzingUpstream();
  const waits = { firstByteMs: 700, wholeFirstByteMs: 700, idleMs: 700 };
  server = await createTestServer({ rows: rowsAt(upstream), settings: waits });
});

afterAll(async () => {
  await server?.close();
  await upstream?.close();
});

/** A provider of every dialect, and those of Bedrock, whose streams are framed in another way. */
function rowsAt({ url: baseUrl, goodUrl }: FuzzingUpstream) {
  const dialects = Object.keys(providerDialects) as DialectId[];
  const plain = dialects.map((dialect) => ({ dialect, framing: 'sse' as const }));
  const aws = (['bedrock-converse', 'anthropic-messages'] as const).map((dialect) => ({
    dialect,
    framing: 'aws-event-stream' as const,
  }));
  const good = { id: 'good', dialect: 'openai-chat', baseUrl: goodUrl } as const;
  const odd = [...plain, ...aws].map(({ dialect, framing }) => {
    const name = modelOf({ dialect, framing });
    const provider = providerRow({ id: name, dialect, baseUrl });
    return { provider: framing === 'sse' ? provider : { ...provider, framing }, models: [name] };
  });
  return [...odd, { provider: providerRow(good), models: [GOOD_MODEL] }];
}

test('whatever a provider sends over real sockets, callers get a reply or a typed error, and the next call works', async () => {
  const samples = listSamples({ isShared: false });
  const access = { url: server.url, key: testKeys.live, upstream };
  const play = { ...access, samples, seed: SEED, from: 0, count: CASES, lanes: 16, isServed: () => true };
  const { played, outcomes, breaches } = await playOverSockets(play);
  expect(breaches).toEqual([]);
  expect(server.defects).toEqual([]);
  expect(played).toBeGreaterThan(CASES / 2);
  for (const outcome of ['answered', 'streamed', 'refused', 'broken off'])
    expect(outcomes[outcome] ?? 0, outcome).toBeGreaterThan(5);
  // Every call is recorded, the good ones among them, and no provider is still being listened to.
  await server.recorded(played * 2 - 1);
  expect(server.records).toHaveLength(played * 2);
  await eventually(() => (upstream.openCount() === 0 ? true : undefined));
});
