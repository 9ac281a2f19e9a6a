import type { IncomingMessage } from 'node:http';
import { type FakeUpstream, openFakeUpstream, playsOpenAi, playsResponses } from '@app/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { createCipher } from '../../src/responses/create-cipher.ts';
import { createClient108 } from '../clients/client-1-0-8.ts';
import { makeCanary, searchFolder, searchProcesses, searchText } from '../find-canaries.ts';
import { makeEnvelope } from '../make-envelope.ts';
import { openInlineServer } from '../open-inline-server.ts';
import { openTestStore } from '../open-test-store.ts';
import {
  createKey,
  eventually,
  makePlace,
  type Place,
  type ServerProcess,
  startProcess,
} from '../start-process.ts';
import { testKeys } from '../test-keys.ts';

const canaries = { 'provider key': `sk-${makeCanary()}` };
const theirs = canaries['provider key'];

async function envelopeFor(url: string, keys: object): Promise<string> {
  const body: unknown = await (await fetch(`${url}/.well-known/tr-public-key`)).json();
  const pem = typeof body === 'object' && body !== null ? Reflect.get(body, 'public_key_pem') : '';
  return makeEnvelope(String(pem), keys);
}

test('a background call has its keys in memory alone: what is kept of it is without them, and it is answered with them', async () => {
  const store = await openTestStore();
  const { tenants } = store.store;
  await tenants.insertOrganization({ id: 'org_test', slug: 'test', name: 'T', createdAtMs: 1 });
  const project = { id: 'proj_test', slug: 'test', name: 'T', capture: 'full', createdAtMs: 1 } as const;
  await tenants.insertProject('org_test', project);
  const open = await openInlineServer([], { responses: { tables: store.store } });
  try {
    const gate = Promise.withResolvers<void>();
    open.openai.play(async (response, request) => {
      await gate.promise;
      await playsResponses({ text: 'Done.' })(response, request);
    });
    const { url } = open.server;
    const headers = {
      authorization: `Bearer ${testKeys.live}`,
      'content-type': 'application/json',
      'x-tr-provider-keys': await envelopeFor(url, { openai: theirs }),
    };
    const body = JSON.stringify({ model: 'gpt-4o', input: 'Hello', background: true, key_mode: 'inline' });
    const started = await fetch(`${url}/v1/responses`, { method: 'POST', headers, body });
    const { id } = (await started.json()) as { id: string };
    await open.openai.received(0);
    const read = async () => {
      const reply = await fetch(`${url}/v1/responses/${id}`, {
        headers: { authorization: headers.authorization },
      });
      return reply.text();
    };
    const owner = { projectId: 'proj_test', mode: 'live' } as const;
    // Opened with the key that sealed it, so that nothing hides in it.
    const cipher = createCipher(Buffer.alloc(32, 7));
    const kept = async () => {
      const asked = { mode: owner.mode, ids: [id], nowMs: Date.now() };
      const rows = await store.store.responses.listStoredResponses(owner.projectId, asked);
      const texts = rows.map(({ sealed }) =>
        JSON.stringify(cipher.open({ owner, kind: 'response', id }, sealed)),
      );
      return texts.join('');
    };
    const running = await eventually(async () => (await kept()) || undefined);
    expect(running).toContain('Hello');
    expect(searchText((await read()) + running, 'what is kept while it runs', canaries)).toEqual([]);
    gate.resolve();
    const whole = await eventually(async () => {
      const text = await read();
      return text.includes('"completed"') ? text : undefined;
    });
    expect(whole).toContain('Done.');
    expect(open.openai.requests.map(({ headers: sent }) => sent.authorization)).toEqual([`Bearer ${theirs}`]);
    const records = JSON.stringify(open.server.records);
    expect(searchText(whole + (await kept()) + records, 'what is kept of it', canaries)).toEqual([]);
    expect(open.server.defects).toEqual([]);
  } finally {
    await open.close();
    await store.close();
  }
}, 60_000);

test('a realtime session is told, before it begins, that it cannot bring keys', async () => {
  const open = await openInlineServer([{ id: 'openai', models: ['gpt-realtime'] }]);
  try {
    const headers = {
      authorization: `Bearer ${testKeys.live}`,
      'x-tr-provider-keys': await envelopeFor(open.server.url, { openai: theirs }),
    };
    const address = `${open.server.url.replace('http', 'ws')}/v1/realtime?model=gpt-realtime`;
    const reply = await new Promise<IncomingMessage>((resolve, reject) => {
      const socket = new WebSocket(address, { headers });
      socket.once('unexpected-response', (_request, response) => resolve(response));
      socket.once('open', () => reject(new Error('It was opened.')));
    });
    let text = '';
    for await (const piece of reply) text += String(piece);
    expect(reply.statusCode).toBe(400);
    expect(JSON.parse(text).error).toMatchObject({
      code: 'unsupported_parameter',
      param: 'x-tr-provider-keys',
    });
    expect(open.openai.requests).toEqual([]);
  } finally {
    await open.close();
  }
});

let upstream: FakeUpstream;
let place: Place;
let server: ServerProcess;
let key: string;

beforeAll(async () => {
  upstream = await openFakeUpstream(playsOpenAi({ text: 'Hello.' }));
  const config = [
    'providers:',
    `  - { id: openai, base_url: "${upstream.url}/v1", api_key: "sk-operator", models: [gpt-4o] }`,
    'allow_private_hosts: [127.0.0.1]',
  ];
  place = makePlace(config.join('\n'), { TOKENROUTER_LOG_LEVEL: 'trace' });
  server = await startProcess(place);
  key = await createKey(place, 'live');
}, 180_000);
afterAll(async () => {
  await server?.stop();
  await upstream?.close();
  place?.remove();
});

test('a server process that opened keys shows them nowhere: not in its log, its files, its processes or its replies', async () => {
  const replies: string[] = [];
  const call = async (providerKeys: { [provider: string]: string }, key_mode: 'inline' | 'mixed') => {
    const client = createClient108({ baseUrl: server.url, apiKey: key, providerKeys, maxRetries: 1 });
    const asked = { model: 'gpt-4o', key_mode, messages: [{ role: 'user', content: 'Hello' }] };
    const reply = await client.create(asked).then(JSON.stringify, (error: Error) => error.message);
    replies.push(reply);
    return reply;
  };
  // The operator moved this provider, so the key is opened and goes nowhere.
  expect(await call({ openai: theirs }, 'mixed')).toContain('Hello.');
  expect(await call({ openai: theirs }, 'inline')).toContain('X-TR-Provider-Keys');
  expect(await call({ [theirs]: 'openai' }, 'mixed')).toContain('entry 1');
  expect(await call({ openai: `${theirs}\n`, gemini: `${theirs} x` }, 'mixed')).toContain(
    'no key for google',
  );
  expect(upstream.requests.map(({ headers }) => headers.authorization)).toEqual(['Bearer sk-operator']);
  expect(searchText(JSON.stringify(upstream.requests), 'the provider', canaries)).toEqual([]);
  expect(searchText(replies.join('\n'), 'replies', canaries)).toEqual([]);
  expect(searchText(server.output(), 'log', canaries)).toEqual([]);
  expect(searchProcesses(server.pid, canaries)).toEqual([]);
  await server.stop();
  expect(searchFolder(place.dataDir, canaries)).toEqual([]);
}, 60_000);
