import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CallRecord } from '@app/gateway';
import type { CallerDialectId } from '@app/protocol';
import {
  type FakeUpstream,
  openFakeUpstream,
  playsAnthropic,
  playsGemini,
  playsOpenAi,
  playsResponses,
  type Saying,
  type Script,
} from '@app/testkit';
import { createRecorder, openLoader, openSpool } from '@app/tracing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestServer, type TestServer } from '../create-test-server.ts';
import { openTestStore, silentLog, type TestStore } from '../open-test-store.ts';
import { openTestTraces, type TestTraces } from '../open-test-traces.ts';
import { privateValues } from '../private-values.ts';
import { sendCall } from '../send-call.ts';
import { testKeys } from '../test-keys.ts';

const VALUES = 100;
const KEY = Buffer.alloc(32, 7);
const clock = { nowMs: () => Date.now() };
const schedule = (delayMs: number, run: () => void) => {
  const timer = setTimeout(run, delayMs);
  return () => clearTimeout(timer);
};

/** Gives the values one after the other, and from the first again. */
type Plant = { one(): string; text(): string };

/** How calls of one dialect look, and how its provider plays. */
type Family = {
  name: CallerDialectId;
  calls(plant: Plant): { path: string; body: object }[];
  plays(saying: Saying): Script;
};

const turn = (plant: Plant) => [
  { role: 'user', content: plant.text() },
  { role: 'assistant', content: plant.text() },
  { role: 'user', content: [{ type: 'text', text: plant.text() }] },
];

const FAMILIES: readonly Family[] = [
  {
    name: 'openai-chat',
    plays: playsOpenAi,
    calls: (plant) =>
      [false, true].map((stream) => ({
        path: '/v1/chat/completions',
        body: {
          ...{ model: 'openai-chat', stream, user: plant.one(), metadata: { note: plant.text() } },
          messages: [
            { role: 'system', content: plant.text() },
            ...turn(plant),
            { role: 'assistant', tool_calls: [toolCall(plant)] },
            { role: 'tool', tool_call_id: 'call_1', content: JSON.stringify({ found: plant.text() }) },
            { role: 'user', content: plant.text(), name: 'someone' },
          ],
          tools: [toolOf(plant)],
          stop: [plant.one()],
        },
      })),
  },
  {
    name: 'openai-completions',
    plays: playsOpenAi,
    calls: (plant) =>
      [false, true].map((stream) => ({
        path: '/v1/completions',
        body: {
          ...{ model: 'openai-completions', stream, prompt: Array.from({ length: 6 }, plant.text).join(' ') },
          ...{ user: plant.one(), stop: [plant.one()] },
        },
      })),
  },
  {
    name: 'anthropic-messages',
    plays: playsAnthropic,
    calls: (plant) =>
      [false, true].map((stream) => ({
        path: '/v1/messages',
        body: {
          ...{ model: 'anthropic-messages', stream, max_tokens: 64, metadata: { user_id: plant.one() } },
          system: [{ type: 'text', text: plant.text() }],
          messages: [
            ...turn(plant),
            {
              role: 'assistant',
              content: [{ type: 'tool_use', id: 't1', name: 'send', input: { to: plant.text() } }],
            },
            { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't1', content: plant.text() }] },
          ],
          tools: [{ name: 'send', description: plant.text(), input_schema: { type: 'object' } }],
        },
      })),
  },
  {
    name: 'openai-responses',
    plays: playsResponses,
    calls: (plant) =>
      [false, true].map((stream) => ({
        path: '/v1/responses',
        body: {
          ...{ model: 'openai-responses', stream, store: false, instructions: plant.text() },
          ...{ user: plant.one(), metadata: { note: plant.text() } },
          input: [
            { role: 'user', content: [{ type: 'input_text', text: plant.text() }] },
            {
              type: 'function_call',
              call_id: 'c1',
              name: 'send',
              arguments: JSON.stringify({ to: plant.text() }),
            },
            { type: 'function_call_output', call_id: 'c1', output: plant.text() },
          ],
          tools: [
            { type: 'function', name: 'send', description: plant.text(), parameters: { type: 'object' } },
          ],
        },
      })),
  },
  {
    name: 'gemini',
    plays: playsGemini,
    calls: (plant) =>
      ['generateContent', 'streamGenerateContent?alt=sse'].map((method) => ({
        path: `/v1beta/models/gemini:${method}`,
        body: {
          systemInstruction: { parts: [{ text: plant.text() }] },
          contents: [
            { role: 'user', parts: [{ text: plant.text() }, { text: plant.text() }] },
            { role: 'model', parts: [{ functionCall: { name: 'send', args: { to: plant.text() } } }] },
            {
              role: 'user',
              parts: [{ functionResponse: { name: 'send', response: { found: plant.text() } } }],
            },
          ],
          tools: [{ functionDeclarations: [{ name: 'send', description: plant.text() }] }],
          generationConfig: { stopSequences: [plant.one()] },
        },
      })),
  },
];

function toolOf(plant: Plant) {
  const parameters = { type: 'object', properties: { to: { type: 'string', description: plant.text() } } };
  return { type: 'function', function: { name: 'send', description: plant.text(), parameters } };
}

function toolCall(plant: Plant) {
  const input = JSON.stringify({ to: plant.text(), deep: [{ note: plant.text() }] });
  return { id: 'call_1', type: 'function', function: { name: 'send', arguments: input } };
}

/** Every word of a family is one of its own hundred values. */
function plantsOf(family: number): { values: string[]; plant: Plant } {
  const values = privateValues(1 + family * VALUES, VALUES);
  let at = 0;
  const one = () => values[at++ % VALUES] ?? '';
  return { values, plant: { one, text: () => `Write to ${one()}, or ${one()}; not ${one()} and ${one()}.` } };
}

const allValues = FAMILIES.flatMap((_, family) => plantsOf(family).values);

let upstream: FakeUpstream;
let server: TestServer;
let store: TestStore;
let traces: TestTraces;

beforeAll(async () => {
  [upstream, store] = await Promise.all([openFakeUpstream(), openTestStore()]);
  traces = await openTestTraces(store.place);
  server = await createTestServer({
    providers: FAMILIES.map(({ name }) => ({
      id: name,
      dialect: name === 'openai-completions' ? 'openai-chat' : name,
      baseUrl: upstream.url,
      models: [name],
    })),
  });
}, 120_000);

afterAll(async () => {
  await server?.close();
  await Promise.all([upstream?.close(), traces?.close()]);
  await store?.close();
});

/** Makes every call of every family: once with a reply, once refused with all of its request quoted. */
async function makeCalls(capture: string): Promise<CallRecord[]> {
  const before = server.records.length;
  for (const [number, { name, calls, plays }] of FAMILIES.entries()) {
    const { plant } = plantsOf(number);
    for (const { path, body } of calls(plant)) {
      const saying = { text: plant.text(), tool: { id: 't9', name: 'send', input: { to: plant.text() } } };
      await send({ path, body, capture, plant, script: plays(saying) });
    }
    for (const { path, body } of calls(plant)) await send({ path, body, capture, plant, script: quotes });
    await send({
      path: '/v1/embeddings',
      body: { model: name, input: plant.text() },
      capture,
      plant,
      script: quotes,
    });
  }
  return server.records.slice(before);
}

const quotes: Script = (response, { body }) => {
  response.writeHead(400, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ error: { message: `You sent ${body.slice(0, 700)}` } }));
};

type Sent = { path: string; body: object; capture: string; plant: Plant; script: Script };

async function send({ path, body, capture, plant, script }: Sent): Promise<void> {
  upstream.play(script);
  const labels = { 'x-tokenrouter-session': plant.text(), 'x-tokenrouter-tags': `${plant.one()},team-a` };
  const headers = { ...labels, 'x-tokenrouter-capture': capture };
  const { problem } = await sendCall({ url: server.url, path, key: testKeys.live, body, headers });
  expect(problem).toBeUndefined();
}

/** Brings calls into the trace store as the running server does. */
async function load(records: readonly CallRecord[]): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'redacted-spool-'));
  const common = { key: KEY, clock, schedule, log: silentLog };
  const spool = openSpool({ ...common, dir });
  const loader = openLoader({
    ...{ ...common, spool, contentKey: KEY, nameKey: KEY, load: traces.traces.loadSegment },
  });
  const { recordCall } = createRecorder({ spool, log: silentLog });
  for (const record of records) recordCall(record);
  expect(await loader.drain(60_000)).toBe(true);
  expect(loader.stats()).toMatchObject({ poisonRecords: 0, setAsideSegments: 0 });
  await loader.close();
  await spool.close();
  await rm(dir, { recursive: true, force: true });
}

test('of 100 values in calls of each dialect none is in the trace store where calls are redacted', async () => {
  const records = await makeCalls('redacted');
  expect(records.filter(({ status }) => status === 200)).toHaveLength(10);
  expect(records.filter(({ status }) => status === 400).length).toBeGreaterThan(10);
  expect(records.every(({ mustRedact }) => mustRedact === true)).toBe(true);
  await load(records);
  const dump = await traces.dump();
  expect(allValues.filter((value) => dump.includes(value))).toEqual([]);
  // All is there, but for the values.
  for (const { traceId, status } of records) {
    const spans = await traces.traces.findTrace('proj_test', traceId);
    expect(JSON.stringify(spans)).toContain('redacted');
    if (status === 200) expect(JSON.stringify(spans)).toMatch(/Write to \[[A-Z_]+_\d+\]/);
  }
}, 60_000);

test('the same calls leave every one of the values where all is kept, so that the search is one', async () => {
  const records = await makeCalls('full');
  await load(records);
  const dump = await traces.dump();
  expect(allValues.filter((value) => !dump.includes(value))).toEqual([]);
}, 60_000);
