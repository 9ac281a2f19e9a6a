import Anthropic from '@anthropic-ai/sdk';
import type { DialectId } from '@app/protocol';
import {
  type FakeUpstream,
  openFakeUpstream,
  playsAnthropic,
  playsOpenAi,
  type Saying,
  type StreamOptions,
} from '@app/testkit';
import OpenAI from 'openai';
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

describe.each<DialectId>(['openai-chat', 'anthropic-messages'])(
  'the official SDKs against a provider that speaks %s',
  (dialect) => {
    let upstream: FakeUpstream;
    let server: TestServer;
    let openai: OpenAI;
    let anthropic: Anthropic;
    const isOpenAi = dialect === 'openai-chat';
    const plays = (saying: Saying, options?: StreamOptions) =>
      upstream.play(isOpenAi ? playsOpenAi(saying, options) : playsAnthropic(saying, options));

    beforeAll(async () => {
      upstream = await openFakeUpstream();
      server = await createTestServer({
        providers: [{ id: 'acme', dialect, baseUrl: upstream.url, models: ['the-model'] }],
      });
      openai = new OpenAI({ apiKey: testKeys.live, baseURL: `${server.url}/v1`, maxRetries: 0 });
      anthropic = new Anthropic({ apiKey: testKeys.live, baseURL: server.url, maxRetries: 0 });
    });

    afterEach(() => {
      expect(server.defects).toEqual([]);
      for (const request of upstream.requests) {
        expect(request.path).toBe(isOpenAi ? '/chat/completions' : '/messages');
        expect(request.json?.model).toBe('the-model');
        const credential = isOpenAi ? request.headers.authorization : request.headers['x-api-key'];
        expect(credential).toBe(isOpenAi ? `Bearer ${providerSecret}` : providerSecret);
        expect(JSON.stringify(request)).not.toContain(testKeys.live);
      }
      upstream.requests.length = 0;
      server.records.length = 0;
    });

    afterAll(async () => {
      await server.close();
      await upstream.close();
    });

    const recordOf = async () => {
      const record = await server.recorded(0);
      expect(server.records).toHaveLength(1);
      return record;
    };

    test('openai: a plain chat', async () => {
      plays({ text: TEXT });
      const reply = await openai.chat.completions.create({
        model: 'the-model',
        messages: [
          { role: 'system', content: 'Be brief.' },
          { role: 'user', content: 'Hello?' },
        ],
      });
      expect(reply.choices[0]?.message.content).toBe(TEXT);
      expect(reply.choices[0]?.finish_reason).toBe('stop');
      expect(reply.usage).toMatchObject({ prompt_tokens: 21, completion_tokens: 7, total_tokens: 28 });
      expect(reply).toMatchObject({
        object: 'chat.completion',
        routed_provider: 'acme',
        routed_model: 'the-model',
        tokenrouter: { provider: 'acme', model: 'the-model', mode: 'pinned', attempts: [{ outcome: 'ok' }] },
      });
      expect(await recordOf()).toMatchObject({
        status: 200,
        stream: false,
        provider: 'acme',
        usage: { inputFresh: 16, inputCacheRead: 5, outputText: 7 },
        reply: { parts: [{ kind: 'text', text: TEXT }] },
      });
    });

    test('openai: a stream, its usage, and its end', async () => {
      plays({ text: TEXT }, { pieceBytes: 7 });
      const stream = await openai.chat.completions.create({
        model: 'the-model',
        stream: true,
        stream_options: { include_usage: true },
        messages: [{ role: 'user', content: 'Hello?' }],
      });
      let text = '';
      let usage: OpenAI.CompletionUsage | null | undefined;
      for await (const chunk of stream) {
        text += chunk.choices[0]?.delta.content ?? '';
        usage = chunk.usage ?? usage;
      }
      expect(text).toBe(TEXT);
      expect(usage).toMatchObject({ prompt_tokens: 21, completion_tokens: 7 });
      expect(await recordOf()).toMatchObject({ status: 200, stream: true, errorCode: undefined });
    });

    test('openai: usage that was not asked for is not sent, and is recorded all the same', async () => {
      plays({ text: TEXT });
      const stream = await openai.chat.completions.create({
        model: 'the-model',
        stream: true,
        messages: [{ role: 'user', content: 'Hello?' }],
      });
      for await (const chunk of stream) {
        expect(chunk.usage ?? null).toBeNull();
        expect(chunk.choices).toHaveLength(1);
      }
      expect((await recordOf()).usage).toMatchObject({ outputText: 7 });
    });

    test('openai: a tool is offered, called, and its result goes back', async () => {
      plays({ tool: WEATHER });
      const tools: OpenAI.ChatCompletionTool[] = [
        { type: 'function', function: { name: 'get_weather', description: 'Weather.', parameters: SCHEMA } },
      ];
      const reply = await openai.chat.completions.create({
        model: 'the-model',
        tools,
        tool_choice: 'required',
        messages: [
          { role: 'user', content: 'Weather?' },
          {
            role: 'assistant',
            tool_calls: [
              {
                id: 'call_0',
                type: 'function',
                function: { name: 'get_weather', arguments: '{"city":"Bern"}' },
              },
            ],
          },
          { role: 'tool', tool_call_id: 'call_0', content: 'rain' },
        ],
      });
      const call = reply.choices[0]?.message.tool_calls?.[0];
      expect(call).toMatchObject({ id: 'call_1', type: 'function', function: { name: 'get_weather' } });
      expect(call?.type === 'function' && JSON.parse(call.function.arguments)).toEqual(WEATHER.input);
      expect(reply.choices[0]?.finish_reason).toBe('tool_calls');
      const sent = (await upstream.received(0)).body;
      for (const said of ['get_weather', 'call_0', 'Bern', 'rain', 'Weather.']) expect(sent).toContain(said);
    });

    test('openai: a tool call in a stream arrives whole', async () => {
      plays({ text: 'Let me see.', tool: WEATHER }, { pieceBytes: 11 });
      const stream = openai.chat.completions.stream({
        model: 'the-model',
        tools: [{ type: 'function', function: { name: 'get_weather', parameters: SCHEMA } }],
        messages: [{ role: 'user', content: 'Weather?' }],
      });
      const { message } = (await stream.finalChatCompletion()).choices[0] ?? {};
      const call = message?.tool_calls?.[0];
      expect(message?.content).toBe('Let me see.');
      expect(call?.type === 'function' && JSON.parse(call.function.arguments)).toEqual(WEATHER.input);
    });

    test('openai: an image and a JSON schema reach the provider in its own words', async () => {
      plays({ text: '{"city":"Zürich"}' });
      const reply = await openai.chat.completions.create({
        model: 'the-model',
        response_format: { type: 'json_schema', json_schema: { name: 'city', schema: SCHEMA, strict: true } },
        messages: [
          {
            role: 'user',
            content: [
              { type: 'text', text: 'Where is this?' },
              { type: 'image_url', image_url: { url: `data:image/png;base64,${PIXEL}` } },
            ],
          },
        ],
      });
      expect(JSON.parse(reply.choices[0]?.message.content ?? '')).toEqual({ city: 'Zürich' });
      const { json } = await upstream.received(0);
      expect(JSON.stringify(json)).toContain(PIXEL);
      expect(json).toMatchObject(
        isOpenAi
          ? { response_format: { json_schema: { schema: SCHEMA } } }
          : { output_config: { format: { type: 'json_schema', schema: SCHEMA } } },
      );
    });

    test('anthropic: a plain message', async () => {
      plays({ text: TEXT });
      const reply = await anthropic.messages.create({
        model: 'the-model',
        max_tokens: 50,
        system: 'Be brief.',
        messages: [{ role: 'user', content: 'Hello?' }],
      });
      expect(reply).toMatchObject({ type: 'message', role: 'assistant', stop_reason: 'end_turn' });
      expect(reply.content).toMatchObject([{ type: 'text', text: TEXT }]);
      expect(reply.usage).toMatchObject({ input_tokens: 16, cache_read_input_tokens: 5, output_tokens: 7 });
      expect((await upstream.received(0)).body).toContain('Be brief.');
      expect(await recordOf()).toMatchObject({
        status: 200,
        route: '/v1/messages',
        dialect: 'anthropic-messages',
      });
    });

    test('anthropic: a stream adds up to the same message', async () => {
      plays({ text: TEXT }, { pieceBytes: 5 });
      const stream = anthropic.messages.stream({
        model: 'the-model',
        max_tokens: 50,
        messages: [{ role: 'user', content: 'Hello?' }],
      });
      const message = await stream.finalMessage();
      expect(message.content).toMatchObject([{ type: 'text', text: TEXT }]);
      expect(message.stop_reason).toBe('end_turn');
      expect(message.usage.output_tokens).toBe(7);
      expect(await recordOf()).toMatchObject({ status: 200, stream: true });
    });

    test.each([false, true])(
      'anthropic: a tool is offered, called, and its result goes back (stream: %s)',
      async (isStream) => {
        plays({ text: 'Let me see.', tool: WEATHER });
        const body: Anthropic.MessageCreateParamsNonStreaming = {
          model: 'the-model',
          max_tokens: 50,
          tools: [
            {
              name: 'get_weather',
              input_schema: { type: 'object', properties: { city: { type: 'string' } } },
            },
          ],
          messages: [
            { role: 'user', content: 'Weather?' },
            {
              role: 'assistant',
              content: [{ type: 'tool_use', id: 'call_0', name: 'get_weather', input: { city: 'Bern' } }],
            },
            { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'call_0', content: 'rain' }] },
          ],
        };
        const reply = isStream
          ? await anthropic.messages.stream(body).finalMessage()
          : await anthropic.messages.create(body);
        expect(reply.stop_reason).toBe('tool_use');
        expect(reply.content).toMatchObject([
          { type: 'text', text: 'Let me see.' },
          { type: 'tool_use', id: 'call_1', name: 'get_weather', input: WEATHER.input },
        ]);
        for (const said of ['call_0', 'Bern', 'rain'])
          expect((await upstream.received(0)).body).toContain(said);
      },
    );

    test('anthropic: an image and a JSON schema reach the provider in its own words', async () => {
      plays({ text: '{"city":"Zürich"}' });
      await anthropic.messages.create({
        model: 'the-model',
        max_tokens: 50,
        output_config: { format: { type: 'json_schema', schema: SCHEMA } },
        messages: [
          {
            role: 'user',
            content: [{ type: 'image', source: { type: 'base64', media_type: 'image/png', data: PIXEL } }],
          },
        ],
      });
      const { json } = await upstream.received(0);
      expect(JSON.stringify(json)).toContain(PIXEL);
      expect(json).toMatchObject(
        isOpenAi
          ? { response_format: { type: 'json_schema', json_schema: { schema: SCHEMA } } }
          : { output_config: { format: { type: 'json_schema', schema: SCHEMA } } },
      );
    });

    test.each(['openai', 'anthropic'])(
      '%s: a caller that leaves a stream takes the provider with it, and the record says so',
      async (sdk) => {
        plays({ text: TEXT }, { ending: 'stall' });
        if (sdk === 'openai') {
          const body = { model: 'the-model', messages: [{ role: 'user' as const, content: 'Hello?' }] };
          const stream = await openai.chat.completions.create({ ...body, stream: true });
          for await (const chunk of stream) if (chunk.choices[0]?.delta.content) break;
        } else {
          const body = {
            model: 'the-model',
            max_tokens: 9,
            messages: [{ role: 'user' as const, content: 'Hello?' }],
          };
          const stream = await anthropic.messages.create({ ...body, stream: true });
          for await (const event of stream) if (event.type === 'content_block_delta') break;
        }
        expect(await (await upstream.received(0)).closed).toBe('aborted');
        const record = await recordOf();
        expect(record).toMatchObject({ status: 499, errorCode: 'client_closed_request', stream: true });
        expect(record.attempts).toMatchObject([{ outcome: 'cancelled' }]);
      },
    );

    test('a caller that leaves before a whole reply came takes the provider with it', async () => {
      upstream.play(() => {});
      const controller = new AbortController();
      const asked = openai.chat.completions.create(
        { model: 'the-model', messages: [{ role: 'user', content: 'Hello?' }] },
        { signal: controller.signal },
      );
      const request = await upstream.received(0);
      controller.abort();
      await expect(asked).rejects.toBeInstanceOf(OpenAI.APIUserAbortError);
      expect(await request.closed).toBe('aborted');
      expect(await recordOf()).toMatchObject({ status: 499, errorCode: 'client_closed_request' });
    });
  },
);
