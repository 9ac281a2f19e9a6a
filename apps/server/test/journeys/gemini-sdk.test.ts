import type { DialectId } from '@app/protocol';
import {
  answersJson,
  type FakeUpstream,
  openFakeUpstream,
  playsAnthropic,
  playsGemini,
  playsOpenAi,
  type Saying,
  type StreamOptions,
} from '@app/testkit';
import {
  ApiError,
  type Content,
  FunctionCallingConfigMode,
  GoogleGenAI,
  ThinkingLevel,
  Type,
} from '@google/genai';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createTestServer, providerSecret, type TestServer } from '../create-test-server.ts';
import { testKeys } from '../test-keys.ts';

const TEXT = 'Grüße aus Köln 👋🏽, schön!';
const WEATHER = { id: 'call_1', name: 'get_weather', input: { city: 'Zürich', days: 3 } };
const PIXEL =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const SCHEMA = {
  type: 'object',
  properties: { city: { type: 'string' } },
  required: ['city'],
  additionalProperties: false,
};
const OPENAPI = { type: Type.OBJECT, properties: { city: { type: Type.STRING, nullable: true } } };
const USAGE = { promptTokenCount: 21, candidatesTokenCount: 7, totalTokenCount: 28 };

const PLAYS = { 'openai-chat': playsOpenAi, 'anthropic-messages': playsAnthropic, gemini: playsGemini };
const CREDENTIALS: Record<string, [header: string, value: string]> = {
  'openai-chat': ['authorization', `Bearer ${providerSecret}`],
  'anthropic-messages': ['x-api-key', providerSecret],
  gemini: ['x-goog-api-key', providerSecret],
};

/** The official client, with no more changed than its key and its base URL. */
function clientOf(server: TestServer, apiKey: string = testKeys.live): GoogleGenAI {
  return new GoogleGenAI({ apiKey, httpOptions: { baseUrl: server.url } });
}

describe.each<keyof typeof PLAYS & DialectId>(['openai-chat', 'anthropic-messages', 'gemini'])(
  'the official Google client against a provider that speaks %s',
  (dialect) => {
    let upstream: FakeUpstream;
    let server: TestServer;
    let google: GoogleGenAI;
    const plays = (saying: Saying, options?: StreamOptions) => upstream.play(PLAYS[dialect](saying, options));

    beforeAll(async () => {
      upstream = await openFakeUpstream();
      server = await createTestServer({
        providers: [{ id: 'acme', dialect, baseUrl: upstream.url, models: ['the-model'] }],
      });
      google = clientOf(server);
    });

    afterEach(() => {
      expect(server.defects).toEqual([]);
      const [header = '', value] = CREDENTIALS[dialect] ?? [];
      for (const request of upstream.requests) {
        expect(request.headers[header]).toBe(value);
        expect(JSON.stringify(request)).not.toContain(testKeys.live);
        if (dialect === 'gemini') expect(Object.keys(request.json ?? {})).not.toContain('model');
        else expect(request.json?.model).toBe('the-model');
      }
      upstream.requests.length = 0;
      server.records.length = 0;
    });

    afterAll(async () => {
      await server.close();
      await upstream.close();
    });

    test('a plain reply and its usage', async () => {
      plays({ text: TEXT });
      const reply = await google.models.generateContent({
        model: 'the-model',
        contents: 'Hello?',
        config: { systemInstruction: 'Be brief.', maxOutputTokens: 50, temperature: 0.5 },
      });
      expect(reply.text).toBe(TEXT);
      expect(reply.candidates?.[0]?.finishReason).toBe('STOP');
      expect(reply.usageMetadata).toMatchObject({ ...USAGE, cachedContentTokenCount: 5 });
      expect((await upstream.received(0)).body).toContain('Be brief.');
      expect(await server.recorded(0)).toMatchObject({
        status: 200,
        dialect: 'gemini',
        route: '/v1beta/models/{model}:generateContent',
        modelAsked: 'the-model',
        usage: { inputFresh: 16, inputCacheRead: 5, outputText: 7 },
        losses: [],
      });
    });

    test('a stream adds up to the same text, and ends with its reason and usage', async () => {
      plays({ text: TEXT }, { pieceBytes: 7 });
      const stream = await google.models.generateContentStream({ model: 'the-model', contents: 'Hello?' });
      const texts: string[] = [];
      let last: Awaited<ReturnType<typeof google.models.generateContent>> | undefined;
      for await (const chunk of stream) {
        texts.push(chunk.text ?? '');
        last = chunk;
      }
      expect(texts.join('')).toBe(TEXT);
      expect(texts.length).toBeGreaterThan(3);
      expect(last?.candidates?.[0]?.finishReason).toBe('STOP');
      expect(last?.usageMetadata).toMatchObject(USAGE);
      expect(await server.recorded(0)).toMatchObject({ status: 200, stream: true, errorCode: undefined });
    });

    test.each([false, true])(
      'a function is offered, called, and its result goes back (stream: %s)',
      async (isStream) => {
        plays({ text: 'Let me see.', tool: WEATHER });
        const asked = {
          model: 'the-model',
          contents: [{ role: 'user', parts: [{ text: 'Weather?' }] }] as Content[],
          config: {
            tools: [
              {
                functionDeclarations: [{ name: 'get_weather', description: 'Weather.', parameters: OPENAPI }],
              },
            ],
            toolConfig: { functionCallingConfig: { mode: FunctionCallingConfigMode.ANY } },
          },
        };
        const said: Content[] = [];
        if (isStream) {
          for await (const chunk of await google.models.generateContentStream(asked)) {
            const content = chunk.candidates?.[0]?.content;
            if (content) said.push(content);
          }
        } else {
          const content = (await google.models.generateContent(asked)).candidates?.[0]?.content;
          if (content) said.push(content);
        }
        const calls = said.flatMap(({ parts = [] }) => parts.flatMap((part) => part.functionCall ?? []));
        expect(calls).toMatchObject([{ name: 'get_weather', args: WEATHER.input }]);

        plays({ text: 'Rain.' });
        const [call] = calls;
        const answer = {
          functionResponse: {
            name: 'get_weather',
            response: { output: 'rain' },
            ...(call?.id === undefined ? {} : { id: call.id }),
          },
        };
        const reply = await google.models.generateContent({
          ...asked,
          contents: [...asked.contents, ...said, { role: 'user', parts: [answer] }],
        });
        expect(reply.text).toBe('Rain.');
        const sent = await upstream.received(1);
        for (const word of ['get_weather', 'Zürich', 'rain', 'Weather.']) expect(sent.body).toContain(word);
        expect(resultIds(dialect, sent.json)).toEqual(dialect === 'gemini' ? [undefined] : ['call_1']);
      },
    );

    test('a chat keeps its history across a stream', async () => {
      plays({ text: 'Hello, Anna.' });
      const chat = google.chats.create({ model: 'the-model' });
      for await (const _ of await chat.sendMessageStream({ message: 'I am Anna.' }));
      plays({ text: 'Anna.' });
      const reply = await chat.sendMessage({ message: 'Who am I?' });
      expect(reply.text).toBe('Anna.');
      const { body } = await upstream.received(1);
      expect(body).toContain('I am Anna.');
      const said = dialect === 'gemini' ? 'Hell' : 'Hello, Anna.';
      expect(body).toContain(said);
    });

    test('an image and a JSON schema reach the provider in its own words', async () => {
      plays({ text: '{"city":"Zürich"}' });
      const reply = await google.models.generateContent({
        model: 'the-model',
        contents: [{ inlineData: { mimeType: 'image/png', data: PIXEL } }, 'Where is this?'],
        config: { responseMimeType: 'application/json', responseJsonSchema: SCHEMA, maxOutputTokens: 9 },
      });
      expect(JSON.parse(reply.text ?? '')).toEqual({ city: 'Zürich' });
      const { json } = await upstream.received(0);
      expect(JSON.stringify(json)).toContain(PIXEL);
      const format = {
        'openai-chat': { response_format: { json_schema: { schema: SCHEMA } } },
        'anthropic-messages': { output_config: { format: { type: 'json_schema', schema: SCHEMA } } },
        gemini: { generationConfig: { responseJsonSchema: SCHEMA } },
      };
      expect(json).toMatchObject(format[dialect]);
    });

    test('a wish to think arrives', async () => {
      plays({ text: TEXT });
      await google.models.generateContent({
        model: 'the-model',
        contents: 'Hello?',
        config: { maxOutputTokens: 50, thinkingConfig: { thinkingLevel: ThinkingLevel.LOW } },
      });
      const wish = {
        'openai-chat': { reasoning_effort: 'low' },
        'anthropic-messages': { output_config: { effort: 'low' } },
        gemini: { generationConfig: { thinkingConfig: { thinkingLevel: 'LOW' } } },
      };
      expect((await upstream.received(0)).json).toMatchObject(wish[dialect]);
    });

    test('a provider that limits requests is an error with its status', async () => {
      upstream.play(answersJson({ error: { message: 'Slow down.', type: 'rate_limit_error' } }, 429));
      const failed = google.models.generateContent({ model: 'the-model', contents: 'Hello?' });
      const error = await failed.catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(ApiError);
      expect(error).toMatchObject({ status: 429 });
      expect(JSON.parse(error instanceof ApiError ? error.message : '')).toMatchObject({
        error: { code: 429, status: 'RESOURCE_EXHAUSTED', details: [{ reason: 'rate_limit_exceeded' }, {}] },
      });
    });

    test('a stream that breaks off is an error and never a clean end', async () => {
      plays({ text: TEXT }, { ending: 'cut' });
      const stream = await google.models.generateContentStream({ model: 'the-model', contents: 'Hello?' });
      const drained = (async () => {
        for await (const chunk of stream) expect(chunk.candidates?.[0]?.finishReason).toBeUndefined();
      })();
      await expect(drained).rejects.toThrow();
      expect((await server.recorded(0)).errorCode).toBeDefined();
    });

    test('a caller that leaves a stream takes the provider with it', async () => {
      plays({ text: TEXT }, { ending: 'stall' });
      const controller = new AbortController();
      const stream = await google.models.generateContentStream({
        model: 'the-model',
        contents: 'Hello?',
        config: { abortSignal: controller.signal },
      });
      const reading = (async () => {
        for await (const chunk of stream) if (chunk.text) controller.abort();
      })();
      await expect(reading).rejects.toThrow();
      expect(await (await upstream.received(0)).closed).toBe('aborted');
      expect(await server.recorded(0)).toMatchObject({ status: 499, errorCode: 'client_closed_request' });
    });
  },
);

/** Which calls a request says it answers, in the provider's words. */
function resultIds(dialect: string, body: { [field: string]: unknown } | undefined): unknown[] {
  const found: unknown[] = [];
  const field = { 'openai-chat': 'tool_call_id', 'anthropic-messages': 'tool_use_id' }[dialect];
  JSON.stringify(body, (key, value) => {
    if (key === field) found.push(value);
    if (key === 'functionResponse') found.push(value.id);
    return value;
  });
  return found;
}
