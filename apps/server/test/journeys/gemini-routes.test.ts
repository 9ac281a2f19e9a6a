import Anthropic from '@anthropic-ai/sdk';
import {
  answersJson,
  type FakeUpstream,
  openFakeUpstream,
  playsGemini,
  playsOpenAi,
  streamsText,
} from '@app/testkit';
import { ApiError, type Content, GoogleGenAI } from '@google/genai';
import OpenAI from 'openai';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createTestServer, type TestServer } from '../create-test-server.ts';
import { testKeys } from '../test-keys.ts';

const WEATHER = { id: 'ignored', name: 'get_weather', input: { city: 'Zürich' } };
const HELLO = { contents: [{ parts: [{ text: 'Hello?' }] }] };

let openai: FakeUpstream;
let claude: FakeUpstream;
let gemini: FakeUpstream;
let server: TestServer;
let google: GoogleGenAI;

beforeAll(async () => {
  [openai, claude, gemini] = await Promise.all([openFakeUpstream(), openFakeUpstream(), openFakeUpstream()]);
  server = await createTestServer({
    providers: [
      { id: 'openai', dialect: 'openai-chat', baseUrl: openai.url, models: ['gpt-4o', 'org/deep:free'] },
      { id: 'claude', dialect: 'anthropic-messages', baseUrl: claude.url, models: ['claude-5'] },
      { id: 'google', dialect: 'gemini', baseUrl: gemini.url, models: ['gemini-3-flash', 'gemini-2.5-pro'] },
    ],
  });
  google = new GoogleGenAI({ apiKey: testKeys.live, httpOptions: { baseUrl: server.url } });
});

afterEach(() => {
  expect(server.defects).toEqual([]);
  for (const upstream of [openai, claude, gemini]) upstream.requests.length = 0;
  server.records.length = 0;
});

afterAll(async () => {
  await server.close();
  await Promise.all([openai, claude, gemini].map((upstream) => upstream.close()));
});

function post(path: string, more: { headers?: { [name: string]: string }; body?: unknown } = {}) {
  return fetch(`${server.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-goog-api-key': testKeys.live, ...more.headers },
    body: JSON.stringify(more.body ?? HELLO),
  });
}

describe('addresses', () => {
  test.each([
    '/v1beta/models/gpt-4o:generateContent',
    '/v1/models/gpt-4o:generateContent',
    '/v1beta/models/models/gpt-4o:generateContent',
    '/v1beta/models/openai/gpt-4o:generateContent',
    '/v1beta/models/openai%2Fgpt-4o:generateContent',
    '/v1beta/models/org/deep:free:generateContent',
  ])('%s reaches its model', async (path) => {
    openai.play(playsOpenAi({ text: 'Hi.' }));
    const reply = await post(path);
    expect(reply.status).toBe(200);
    expect(await reply.json()).toMatchObject({ candidates: [{ content: { parts: [{ text: 'Hi.' }] } }] });
    expect((await openai.received(0)).json?.model).toMatch(/^(?:gpt-4o|org\/deep:free)$/);
  });

  test.each<[string, number, string]>([
    ['/v1beta/models/nobody:generateContent', 404, 'model_not_found'],
    ['/v1beta/models/gpt-4o:sing', 404, 'not_found'],
    ['/v1beta/models/gpt-4o', 404, 'not_found'],
    ['/v1beta/other', 404, 'not_found'],
  ])('%s is refused with %d in Google’s envelope', async (path, status, reason) => {
    const reply = await post(path);
    expect(reply.status).toBe(status);
    expect(await reply.json()).toMatchObject({
      error: { code: status, status: 'NOT_FOUND', details: [{ reason }, {}] },
    });
  });

  test('a body at fault is refused by the name of its field', async () => {
    const reply = await post('/v1beta/models/gpt-4o:generateContent', { body: { contents: [] } });
    expect(await reply.json()).toMatchObject({
      error: {
        code: 400,
        status: 'INVALID_ARGUMENT',
        details: [{ reason: 'invalid_parameter', metadata: { param: 'contents' } }, {}],
      },
    });
  });
});

describe('keys', () => {
  test('a key in the address is refused with where it belongs, and not repeated', async () => {
    for (const path of [
      `/v1beta/models/gpt-4o:generateContent?key=${testKeys.live}`,
      `/v1beta/models/gpt-4o:streamGenerateContent?alt=sse&key=${testKeys.live}`,
    ]) {
      const reply = await post(path);
      const text = await reply.text();
      expect(reply.status).toBe(401);
      expect(text).toContain('x-goog-api-key');
      expect(text).not.toContain(testKeys.live);
    }
    expect((await fetch(`${server.url}/v1beta/models?key=${testKeys.live}`)).status).toBe(401);
    expect(openai.requests).toEqual([]);
  });

  test('a key is taken from the header of Google’s clients or from Authorization, and no other is let in', async () => {
    openai.play(playsOpenAi({ text: 'Hi.' }));
    const path = '/v1beta/models/gpt-4o:generateContent';
    const bearer = { authorization: `Bearer ${testKeys.live}`, 'x-goog-api-key': '' };
    expect((await post(path, { headers: bearer })).status).toBe(200);
    const stranger = new GoogleGenAI({ apiKey: 'tr_live_nobody', httpOptions: { baseUrl: server.url } });
    const error = await stranger.models
      .generateContent({ model: 'gpt-4o', contents: 'Hi' })
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ status: 401 });
  });
});

test.each(['v1', 'v1beta'])(
  'the models of %s are listed page by page, and each by its name',
  async (version) => {
    const google = new GoogleGenAI({
      apiKey: testKeys.live,
      apiVersion: version,
      httpOptions: { baseUrl: server.url },
    });
    const names: (string | undefined)[] = [];
    for await (const model of await google.models.list({ config: { pageSize: 3 } })) names.push(model.name);
    expect(names).toEqual(
      expect.arrayContaining(['models/gpt-4o', 'models/org/deep:free', 'models/claude-5']),
    );
    expect(new Set(names).size).toBe(names.length);
    const model = await google.models.get({ model: 'gpt-4o' });
    expect(model).toMatchObject({ name: 'models/gpt-4o', displayName: 'gpt-4o' });
    expect(model.inputTokenLimit).toBeGreaterThan(100_000);
    expect(model.supportedActions).toEqual(['generateContent', 'streamGenerateContent', 'countTokens']);
    await expect(google.models.get({ model: 'nobody' })).rejects.toMatchObject({ status: 404 });
  },
);

describe('a stream without alt=sse', () => {
  const path = '/v1beta/models/gpt-4o:streamGenerateContent';

  test('is one JSON list that grows by an element per response', async () => {
    openai.play(playsOpenAi({ text: 'Hello from afar.' }));
    const reply = await post(path);
    expect(reply.headers.get('content-type')).toBe('application/json; charset=utf-8');
    const list: { candidates: { content: Content }[] }[] = JSON.parse(await reply.text());
    expect(list.length).toBeGreaterThan(3);
    const texts = list.flatMap((one) =>
      one.candidates.flatMap(({ content }) => content.parts?.map(({ text }) => text)),
    );
    expect(texts.join('')).toBe('Hello from afar.');
    expect(list.at(-1)).toMatchObject({ candidates: [{ finishReason: 'STOP' }], usageMetadata: {} });
  });

  test('is not closed when it fails', async () => {
    openai.play(playsOpenAi({ text: 'Hello from afar.' }, { ending: 'cut' }));
    const reply = await post(path);
    const pieces: string[] = [];
    const decoder = new TextDecoder();
    const drained = (async () => {
      for await (const bytes of reply.body ?? []) pieces.push(decoder.decode(bytes, { stream: true }));
    })();
    await expect(drained).rejects.toThrow();
    const text = pieces.join('');
    expect(text).toContain('"error":{');
    expect(() => JSON.parse(text)).toThrow();
  });

  test('is an error with its status when it fails at once', async () => {
    openai.play(answersJson({ error: { message: 'Bad.' } }, 400));
    const reply = await post(path);
    expect(reply.status).toBe(400);
    expect(await reply.json()).toMatchObject({ error: { code: 400, message: 'Bad.' } });
  });
});

describe('thoughts and their signatures', () => {
  const thinking = { type: 'thinking', thinking: 'Bern or Basel?', signature: 'EqoBClaudeSeal' };
  const use = { type: 'tool_use', id: 'toolu_1', name: 'get_weather', input: { city: 'Bern' } };
  const usage = { input_tokens: 5, output_tokens: 6 };
  const message = { id: 'msg_1', type: 'message', role: 'assistant', model: 'claude-5', usage };
  const whole = { ...message, content: [thinking, use], stop_reason: 'tool_use', stop_sequence: null };
  const events = [
    { type: 'message_start', message: { ...message, content: [] } },
    { type: 'content_block_start', index: 0, content_block: { ...thinking, thinking: '', signature: '' } },
    { type: 'content_block_delta', index: 0, delta: { type: 'thinking_delta', thinking: 'Bern or ' } },
    { type: 'content_block_delta', index: 0, delta: { type: 'thinking_delta', thinking: 'Basel?' } },
    {
      type: 'content_block_delta',
      index: 0,
      delta: { type: 'signature_delta', signature: thinking.signature },
    },
    { type: 'content_block_stop', index: 0 },
    { type: 'content_block_start', index: 1, content_block: { ...use, input: {} } },
    {
      type: 'content_block_delta',
      index: 1,
      delta: { type: 'input_json_delta', partial_json: '{"city":"Bern"}' },
    },
    { type: 'content_block_stop', index: 1 },
    { type: 'message_delta', delta: { stop_reason: 'tool_use', stop_sequence: null }, usage },
    { type: 'message_stop' },
  ];
  const text = events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('');
  const config = { maxOutputTokens: 9_000, thinkingConfig: { thinkingBudget: 2_000, includeThoughts: true } };

  test.each([false, true])(
    'Claude’s come to Google’s client and go back to Claude as they were (stream: %s)',
    async (isStream) => {
      claude.play(isStream ? streamsText(text) : answersJson(whole));
      const contents: Content[] = [{ role: 'user', parts: [{ text: 'Weather?' }] }];
      if (isStream) {
        const stream = await google.models.generateContentStream({ model: 'claude-5', contents, config });
        for await (const chunk of stream) {
          const content = chunk.candidates?.[0]?.content;
          if (content) contents.push(content);
        }
      } else {
        const reply = await google.models.generateContent({ model: 'claude-5', contents, config });
        const content = reply.candidates?.[0]?.content;
        if (content) contents.push(content);
        expect(content?.parts?.[0]).toMatchObject({ text: 'Bern or Basel?', thought: true });
      }
      contents.push({
        role: 'user',
        parts: [{ functionResponse: { name: 'get_weather', id: 'toolu_1', response: { output: 'rain' } } }],
      });
      claude.play(
        answersJson({ ...message, content: [{ type: 'text', text: 'Rain.' }], stop_reason: 'end_turn' }),
      );
      await google.models.generateContent({ model: 'claude-5', contents, config });
      const sent = await claude.received(1);
      expect(sent.json).toMatchObject({
        thinking: { type: 'enabled', budget_tokens: 2_000 },
        messages: [
          { role: 'user' },
          { role: 'assistant', content: [thinking, use] },
          { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_1' }] },
        ],
      });

      gemini.play(playsGemini({ text: 'Rain.' }));
      await google.models.generateContent({ model: 'gemini-3-flash', contents, config });
      const { body } = await gemini.received(0);
      expect(body).not.toMatch(/Basel|dHIxL/);
      expect(body).toContain('skip_thought_signature_validator');
    },
  );

  test('Gemini’s come back to Gemini through its own client as they were', async () => {
    gemini.play(playsGemini({ tool: WEATHER, thought: 'Hm.', signature: 'CkdlbWluaVNlYWw=' }));
    const contents: Content[] = [{ role: 'user', parts: [{ text: 'Weather?' }] }];
    const reply = await google.models.generateContent({ model: 'gemini-3-flash', contents });
    const content = reply.candidates?.[0]?.content;
    if (content) contents.push(content);
    await google.models.generateContent({ model: 'gemini-3-flash', contents });
    expect((await gemini.received(1)).json).toMatchObject({
      contents: [
        { role: 'user' },
        {
          role: 'model',
          parts: [
            { text: 'Hm.', thought: true },
            { functionCall: { name: 'get_weather' }, thoughtSignature: 'CkdlbWluaVNlYWw=' },
          ],
        },
      ],
    });
  });
});

describe('a Gemini provider and the clients of others', () => {
  test.each([false, true])('OpenAI’s calls a function and answers it (stream: %s)', async (isStream) => {
    gemini.play(playsGemini({ tool: WEATHER }));
    const client = new OpenAI({ apiKey: testKeys.live, baseURL: `${server.url}/v1`, maxRetries: 0 });
    const tools: OpenAI.ChatCompletionTool[] = [
      { type: 'function', function: { name: 'get_weather', parameters: { type: 'object' } } },
    ];
    const asked: OpenAI.ChatCompletionMessageParam = { role: 'user', content: 'Weather?' };
    const body = { model: 'gemini-2.5-pro', tools, messages: [asked] };
    const message = isStream
      ? (await client.chat.completions.stream(body).finalChatCompletion()).choices[0]?.message
      : (await client.chat.completions.create(body)).choices[0]?.message;
    const call = message?.tool_calls?.[0];
    if (message === undefined || call?.type !== 'function') throw new Error('there was no call');
    expect(JSON.parse(call.function.arguments)).toEqual(WEATHER.input);

    gemini.play(playsGemini({ text: 'Rain.' }));
    const answer: OpenAI.ChatCompletionMessageParam = {
      role: 'tool',
      tool_call_id: call.id,
      content: 'rain',
    };
    const reply = await client.chat.completions.create({ ...body, messages: [asked, message, answer] });
    expect(reply.choices[0]?.message.content).toBe('Rain.');
    const sent = await gemini.received(1);
    expect(sent.path).toBe('/models/gemini-2.5-pro:generateContent');
    expect(sent.json).toEqual({
      contents: [
        { role: 'user', parts: [{ text: 'Weather?' }] },
        { role: 'model', parts: [{ functionCall: { name: 'get_weather', args: WEATHER.input } }] },
        {
          role: 'user',
          parts: [{ functionResponse: { name: 'get_weather', response: { output: 'rain' } } }],
        },
      ],
      tools: [{ functionDeclarations: [{ name: 'get_weather', parametersJsonSchema: { type: 'object' } }] }],
    });
  });

  test('Anthropic’s sees the thoughts of a stream, and brings their signature back', async () => {
    gemini.play(playsGemini({ text: 'Four.', thought: 'Two and two.', signature: 'CkdlbWluaVNlYWw=' }));
    const client = new Anthropic({ apiKey: testKeys.live, baseURL: server.url, maxRetries: 0 });
    const stream = client.messages.stream({
      model: 'gemini-3-flash',
      max_tokens: 4_000,
      thinking: { type: 'enabled', budget_tokens: 1_024 },
      messages: [{ role: 'user', content: '2 + 2?' }],
    });
    const message = await stream.finalMessage();
    expect(message.content.slice(0, 2)).toMatchObject([
      { type: 'thinking', thinking: 'Two and two.' },
      { type: 'text', text: 'Four.' },
    ]);
    expect(message.usage).toMatchObject({ input_tokens: 16, cache_read_input_tokens: 5, output_tokens: 7 });
    const sent = await gemini.received(0);
    expect(sent.path).toBe('/models/gemini-3-flash:streamGenerateContent?alt=sse');
    expect(sent.json).toMatchObject({
      generationConfig: { thinkingConfig: { thinkingBudget: 1_024, includeThoughts: true } },
    });
    await client.messages.create({
      model: 'gemini-3-flash',
      max_tokens: 4_000,
      messages: [
        { role: 'user', content: '2 + 2?' },
        { role: 'assistant', content: message.content },
        { role: 'user', content: 'Sure?' },
      ],
    });
    const parts = JSON.stringify((await gemini.received(1)).json?.contents);
    expect(parts).toContain('{"text":"Four.","thoughtSignature":"CkdlbWluaVNlYWw="}');
  });
});
