import Anthropic from '@anthropic-ai/sdk';
import {
  answersJson,
  type FakeUpstream,
  openFakeUpstream,
  playsAnthropic,
  playsBedrock,
  playsGemini,
  playsOpenAi,
  type Saying,
  type Script,
} from '@app/testkit';
import OpenAI from 'openai';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { awsKeys, azureKey, cloudRows } from '../cloud-rows.ts';
import { createTestServer, type TestServer } from '../create-test-server.ts';
import { testKeys } from '../test-keys.ts';

const TEXT = 'Grüße aus Köln 👋🏽, schön!';
const WEATHER = { id: 'call_1', name: 'get_weather', input: { city: 'Zürich', days: 3 } };
const SECRETS = /canary|PRIVATE KEY|ya29/;
const bedrock = (saying: Saying): Script => playsBedrock(saying, { keys: awsKeys });
const VERTEX = '/v1/projects/acme/locations/eu';
const NOVA = 'eu.amazon.nova-pro-v1%3A0';
const CLAUDE = 'eu.anthropic.claude-sonnet-4-5-20250929-v1%3A0';

type Cloud = {
  model: string;
  plays(saying: Saying): Script;
  paths: [whole: string, stream: string];
  /** The header that carries the credential, as the provider must get it. */
  credential: [name: string, value: RegExp];
  refusal: object;
};

const google: Cloud['credential'] = ['authorization', /^Bearer ya29\.canary-1$/];
const aws: Cloud['credential'] = [
  'authorization',
  /^AWS4-HMAC-SHA256 Credential=AKIDCANARYEXAMPLE\/\d{8}\/eu-west-1\/bedrock\//,
];
const openAiRefusal = { error: { message: 'No such thing.', type: 'invalid_request_error', code: null } };
const clouds: [name: string, cloud: Cloud][] = [
  [
    'Bedrock Converse',
    {
      model: 'bedrock/eu.amazon.nova-pro-v1:0',
      plays: bedrock,
      paths: [`/model/${NOVA}/converse`, `/model/${NOVA}/converse-stream`],
      credential: aws,
      refusal: { message: 'No such thing.' },
    },
  ],
  [
    'Claude on Bedrock',
    {
      model: 'bedrock/eu.anthropic.claude-sonnet-4-5-20250929-v1:0',
      plays: bedrock,
      paths: [`/model/${CLAUDE}/invoke`, `/model/${CLAUDE}/invoke-with-response-stream`],
      credential: aws,
      refusal: { message: 'No such thing.' },
    },
  ],
  [
    'Gemini on Vertex AI',
    {
      model: 'vertex/gemini-2.5-flash',
      plays: playsGemini,
      paths: [
        `${VERTEX}/publishers/google/models/gemini-2.5-flash:generateContent`,
        `${VERTEX}/publishers/google/models/gemini-2.5-flash:streamGenerateContent?alt=sse`,
      ],
      credential: google,
      refusal: { error: { code: 400, message: 'No such thing.', status: 'INVALID_ARGUMENT' } },
    },
  ],
  [
    'Claude on Vertex AI',
    {
      model: 'vertex/claude-sonnet-4-5@20250929',
      plays: playsAnthropic,
      paths: [
        `${VERTEX}/publishers/anthropic/models/claude-sonnet-4-5%4020250929:rawPredict`,
        `${VERTEX}/publishers/anthropic/models/claude-sonnet-4-5%4020250929:streamRawPredict`,
      ],
      credential: google,
      refusal: { type: 'error', error: { type: 'invalid_request_error', message: 'No such thing.' } },
    },
  ],
  [
    'an open model on Vertex AI',
    {
      model: 'vertex/meta/llama-4-maverick-17b-128e-instruct-maas',
      plays: playsOpenAi,
      paths: [`${VERTEX}/endpoints/openapi/chat/completions`, `${VERTEX}/endpoints/openapi/chat/completions`],
      credential: google,
      refusal: openAiRefusal,
    },
  ],
  [
    'Azure OpenAI',
    {
      model: 'azure/gpt-4o',
      plays: playsOpenAi,
      paths: ['/openai/v1/chat/completions', '/openai/v1/chat/completions'],
      credential: ['api-key', /^canary-azure-key$/],
      refusal: openAiRefusal,
    },
  ],
  [
    'Azure OpenAI by deployments',
    {
      model: 'azure-old/gpt-4o',
      plays: playsOpenAi,
      paths: [
        '/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21',
        '/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21',
      ],
      credential: ['api-key', /^canary-azure-key$/],
      refusal: openAiRefusal,
    },
  ],
  [
    'Claude on Microsoft Foundry',
    {
      model: 'foundry/claude-opus-4-6',
      plays: playsAnthropic,
      paths: ['/anthropic/v1/messages', '/anthropic/v1/messages'],
      credential: ['x-api-key', /^canary-azure-key$/],
      refusal: { type: 'error', error: { type: 'invalid_request_error', message: 'No such thing.' } },
    },
  ],
];

let upstream: FakeUpstream;
let tokens: FakeUpstream;
let server: TestServer;
let openai: OpenAI;
let anthropic: Anthropic;

beforeAll(async () => {
  upstream = await openFakeUpstream();
  tokens = await openFakeUpstream(answersJson({ access_token: 'ya29.canary-1', expires_in: 3_600 }));
  server = await createTestServer({ rows: cloudRows(upstream.url, `${tokens.url}/token`) });
  openai = new OpenAI({ apiKey: testKeys.live, baseURL: `${server.url}/v1`, maxRetries: 0 });
  anthropic = new Anthropic({ apiKey: testKeys.live, baseURL: server.url, maxRetries: 0 });
});

afterEach(() => {
  expect(server.defects).toEqual([]);
  expect(JSON.stringify(server.records)).not.toMatch(SECRETS);
  upstream.requests.length = 0;
  server.records.length = 0;
});

afterAll(async () => {
  await server.close();
  await upstream.close();
  await tokens.close();
});

describe.each(clouds)('%s', (_name, { model, plays, paths, credential, refusal }) => {
  const sent = (path: string) => {
    const [request, ...others] = upstream.requests;
    expect(others).toEqual([]);
    expect(request?.path).toBe(path);
    expect(request?.headers[credential[0]]).toMatch(credential[1]);
    expect(JSON.stringify(request)).not.toContain(testKeys.live);
    return request?.json;
  };
  const ask = { model, messages: [{ role: 'user' as const, content: 'Hello?' }] };

  test('openai: a chat, whole and streamed', async () => {
    upstream.play(plays({ text: TEXT }));
    const reply = await openai.chat.completions.create(ask);
    expect(reply.choices[0]?.message.content).toBe(TEXT);
    expect(reply.choices[0]?.finish_reason).toBe('stop');
    expect(reply.usage?.completion_tokens).toBe(7);
    expect(reply.id).not.toBe('');
    expect(reply.model).not.toBe('');
    sent(paths[0]);
    upstream.requests.length = 0;
    const stream = await openai.chat.completions.create({ ...ask, stream: true });
    let text = '';
    for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? '';
    expect(text).toBe(TEXT);
    sent(paths[1]);
  });

  test('openai: a tool is called, whole and streamed, and its result goes back', async () => {
    upstream.play(plays({ tool: WEATHER }));
    const tools = [
      { type: 'function' as const, function: { name: 'get_weather', parameters: { type: 'object' } } },
    ];
    const whole = await openai.chat.completions.create({ ...ask, tools });
    const streamed = await openai.chat.completions.stream({ ...ask, tools }).finalChatCompletion();
    for (const { choices } of [whole, streamed]) {
      expect(choices[0]?.finish_reason).toBe('tool_calls');
      const [call] = choices[0]?.message.tool_calls ?? [];
      if (call?.type !== 'function') throw new Error('no call of a function');
      expect(call.function.name).toBe('get_weather');
      expect(JSON.parse(call.function.arguments)).toEqual(WEATHER.input);
    }
    upstream.play(plays({ text: TEXT }));
    const message = whole.choices[0]?.message;
    if (message === undefined) throw new Error('no message');
    const id = message.tool_calls?.[0]?.id ?? '';
    const result = { role: 'tool' as const, tool_call_id: id, content: '20 °C' };
    const reply = await openai.chat.completions.create({
      ...ask,
      tools,
      messages: [...ask.messages, message, result],
    });
    expect(reply.choices[0]?.message.content).toBe(TEXT);
    expect(upstream.requests.at(-1)?.body).toContain('20 °C');
  });

  test('anthropic: a message, whole and streamed', async () => {
    upstream.play(plays({ text: TEXT }));
    const reply = await anthropic.messages.create({ ...ask, max_tokens: 100 });
    expect(reply.content[0]).toMatchObject({ type: 'text', text: TEXT });
    expect(reply.usage.output_tokens).toBe(7);
    sent(paths[0]);
    upstream.requests.length = 0;
    const streamed = await anthropic.messages.stream({ ...ask, max_tokens: 100 }).finalMessage();
    expect(streamed.content).toMatchObject([{ type: 'text', text: TEXT }]);
    expect(streamed.stop_reason).toBe('end_turn');
    sent(paths[1]);
  });

  test("a refusal keeps the provider's sentence and status", async () => {
    upstream.play(answersJson(refusal, 400));
    await expect(openai.chat.completions.create(ask)).rejects.toMatchObject({
      status: 400,
      message: expect.stringContaining('No such thing.'),
    });
    await expect(anthropic.messages.create({ ...ask, max_tokens: 9 })).rejects.toMatchObject({ status: 400 });
  });
});

test('Claude on Bedrock gets its betas in the body, and its stream comes back as its own events', async () => {
  upstream.play(bedrock({ text: TEXT }));
  const stream = await fetch(`${server.url}/v1/messages`, {
    method: 'POST',
    headers: {
      'x-api-key': testKeys.live,
      'content-type': 'application/json',
      'anthropic-beta': 'one-1, two-2',
    },
    body: JSON.stringify({
      model: 'bedrock/eu.anthropic.claude-sonnet-4-5-20250929-v1:0',
      max_tokens: 10,
      stream: true,
      next_year: { deep: [1] },
      messages: [{ role: 'user', content: 'Hi' }],
    }),
  });
  const text = await stream.text();
  expect(text).toMatch(/^event: message_start\ndata: \{"type":"message_start"/);
  expect(text).toContain('event: ping\ndata: {"type":"ping"}\n\n');
  expect(upstream.requests[0]?.json).toEqual({
    anthropic_version: 'bedrock-2023-05-31',
    anthropic_beta: ['one-1', 'two-2'],
    max_tokens: 10,
    next_year: { deep: [1] },
    messages: [{ role: 'user', content: 'Hi' }],
  });
  expect(upstream.requests[0]?.headers['anthropic-beta']).toBeUndefined();
  expect(upstream.requests[0]?.headers.accept).toBe('application/vnd.amazon.eventstream');
});

test('Claude on Vertex AI has its version in the body and its model in the path', async () => {
  upstream.play(playsAnthropic({ text: TEXT }));
  await anthropic.messages.create({
    model: 'vertex/claude-sonnet-4-5@20250929',
    max_tokens: 10,
    messages: [{ role: 'user', content: 'Hi' }],
  });
  expect(upstream.requests[0]?.json).toEqual({
    anthropic_version: 'vertex-2023-10-16',
    max_tokens: 10,
    messages: [{ role: 'user', content: 'Hi' }],
  });
});

test.each(['bedrock/eu.amazon.nova-pro-v1:0', 'bedrock/eu.anthropic.claude-sonnet-4-5-20250929-v1:0'])(
  'an exception in the middle of a stream of %s is an error that the caller sees',
  async (model) => {
    const exception = { type: 'throttlingException', message: 'Too many requests, wait.' };
    upstream.play(playsBedrock({ text: TEXT }, { keys: awsKeys, exception }));
    const ask = { model, messages: [{ role: 'user' as const, content: 'Hi' }], stream: true as const };
    const read = async () => {
      for await (const chunk of await openai.chat.completions.create(ask)) void chunk;
    };
    await expect(read()).rejects.toThrow('Too many requests');
    const record = await server.recorded(0);
    expect(record).toMatchObject({ errorCode: 'rate_limit_exceeded' });
  },
);

test('keys that are wrong are told as such, and neither they nor what AWS says of them is shown', async () => {
  upstream.play(bedrock({ text: TEXT }));
  const messages = [{ role: 'user' as const, content: 'Hi' }];
  for (const stream of [false, true]) {
    const failure: unknown = await openai.chat.completions
      .create({ model: 'bedrock-wrong/eu.amazon.nova-pro-v1:0', messages, stream })
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({ status: 502, code: 'provider_failed' });
    expect(String(failure)).toContain('refused our credential (403)');
    expect(JSON.stringify(failure)).not.toMatch(/canary|AKID/);
  }
});

test('a token that is refused is replaced for the next call', async () => {
  upstream.play(
    answersJson({ error: { code: 401, message: 'gone ya29.canary-1', status: 'UNAUTHENTICATED' } }, 401),
  );
  tokens.play(answersJson({ access_token: 'ya29.canary-2', expires_in: 3_600 }));
  const ask = { model: 'vertex/gemini-2.5-flash', messages: [{ role: 'user' as const, content: 'Hi' }] };
  await openai.chat.completions.create(ask).catch(() => {});
  const before = tokens.requests.length;
  upstream.play(playsGemini({ text: TEXT }));
  const replies = await Promise.all([1, 2, 3].map(() => openai.chat.completions.create(ask)));
  expect(replies.map(({ choices }) => choices[0]?.message.content)).toEqual([TEXT, TEXT, TEXT]);
  expect(tokens.requests.length - before).toBe(1);
  expect(upstream.requests.at(-1)?.headers.authorization).toBe('Bearer ya29.canary-2');
  upstream.requests.length = 0;
});

test('a token service that refuses is an error without a secret, and no call reaches the provider', async () => {
  const refusing = await openFakeUpstream(
    answersJson({ error: 'invalid_grant', error_description: 'canary of the assertion' }, 400),
  );
  const other = await createTestServer({ rows: cloudRows(upstream.url, `${refusing.url}/token`) });
  const client = new OpenAI({ apiKey: testKeys.live, baseURL: `${other.url}/v1`, maxRetries: 0 });
  const failure: unknown = await client.chat.completions
    .create({ model: 'vertex/gemini-2.5-flash', messages: [{ role: 'user', content: 'Hi' }] })
    .catch((error: unknown) => error);
  expect(failure).toMatchObject({ status: 502, code: 'provider_failed' });
  expect(String(failure)).toContain('token service refused our credential (400, invalid_grant)');
  expect(JSON.stringify([failure, other.records])).not.toMatch(SECRETS);
  expect(upstream.requests).toEqual([]);
  expect(other.defects).toEqual([]);
  await other.close();
  await refusing.close();
});

test('a key file cannot send the assertion to an address that nobody allowed', async () => {
  const uris = ['http://169.254.169.254/token', 'https://10.0.0.1/token', 'http://[::1]:1/token'];
  for (const uri of uris) {
    const other = await createTestServer({ rows: cloudRows(upstream.url, uri) });
    const client = new OpenAI({ apiKey: testKeys.live, baseURL: `${other.url}/v1`, maxRetries: 0 });
    const failure: unknown = await client.chat.completions
      .create({ model: 'vertex/gemini-2.5-flash', messages: [{ role: 'user', content: 'Hi' }] })
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({ status: 502, code: 'provider_failed' });
    expect(String(failure)).toContain('token_uri');
    await other.close();
  }
  expect(upstream.requests).toEqual([]);
});

test('test keys reach no cloud', async () => {
  const client = new OpenAI({ apiKey: testKeys.sandbox, baseURL: `${server.url}/v1`, maxRetries: 0 });
  const reply = await client.chat.completions.create({
    model: 'bedrock/eu.amazon.nova-pro-v1:0',
    messages: [{ role: 'user', content: 'Hi' }],
  });
  expect(reply.choices[0]?.message.content).toContain('Hi');
  expect(upstream.requests).toEqual([]);
  expect(azureKey).toMatch(SECRETS);
});
