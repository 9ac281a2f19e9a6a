import type { DialectId } from '@app/protocol';
import {
  playsAnthropic,
  playsGemini,
  playsOpenAi,
  playsResponses,
  type Saying,
  type Script,
} from '@app/testkit';
import type OpenAI from 'openai';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openResponsesServer, type ResponsesServer } from '../open-responses-server.ts';

const WEATHER = { id: 'call_1', name: 'get_weather', input: { city: 'Zürich' } };
const TOOL = {
  type: 'function',
  name: 'get_weather',
  parameters: { type: 'object', properties: { city: { type: 'string' } } },
  strict: false,
} as const;

const PLAYS: {
  [dialect in 'openai-chat' | 'openai-responses' | 'anthropic-messages' | 'gemini']: (
    saying: Saying,
  ) => Script;
} = {
  'openai-chat': playsOpenAi,
  'openai-responses': playsResponses,
  'anthropic-messages': playsAnthropic,
  gemini: playsGemini,
};

describe.each(Object.keys(PLAYS) as (keyof typeof PLAYS)[])(
  'stored responses over a provider of %s',
  (dialect) => {
    let open: ResponsesServer;
    let openai: OpenAI;
    const plays = (saying: Saying) => open.upstream.play(PLAYS[dialect](saying));
    const asked = (at: number) => open.upstream.requests.at(at)?.body ?? '';

    beforeAll(async () => {
      open = await openResponsesServer({ dialect: dialect satisfies DialectId });
      openai = open.client();
    });
    afterAll(() => open.close());
    afterEach(() => {
      expect(open.server.defects).toEqual([]);
      for (const { json } of open.upstream.requests) {
        for (const field of ['previous_response_id', 'conversation', 'background']) {
          expect(json).not.toHaveProperty(field);
        }
        expect(json?.store ?? false).toBe(false);
      }
      open.upstream.requests.length = 0;
    });

    test('a reply can be fetched as it was given, under its own id and its request’s', async () => {
      plays({ text: 'Grüße 👋🏽' });
      const reply = await openai.responses.create({
        model: 'the-model',
        input: 'Hello?',
        metadata: { task: 'greet' },
      });
      expect(reply.output_text).toBe('Grüße 👋🏽');
      expect(reply).toMatchObject({
        status: 'completed',
        store: true,
        background: false,
        metadata: {
          task: 'greet',
          provider: 'acme',
          routed_model: 'the-model',
          routing_mode: 'pinned',
          stop_reason: 'end_turn',
        },
      });
      const { output_text: _, ...plain } = reply;
      const { _request_id: __, ...given } = plain as typeof plain & { _request_id?: string };
      const { output_text: ___, ...fetched } = await openai.responses.retrieve(reply.id);
      expect({ ...fetched, _request_id: undefined }).toEqual({ ...given, _request_id: undefined });
      const requestId = String(reply.metadata?.request_id);
      expect(reply.id).toBe(`resp_${requestId.slice(4)}`);
      for (const id of [requestId, `tr_${requestId}`]) {
        expect((await open.send('GET', `/api/v1/responses/${id}`)).json.id).toBe(reply.id);
      }
      await open.server.responses.turns.flush();
      expect((await openai.responses.retrieve(reply.id)).output_text).toBe('Grüße 👋🏽');
    });

    test('a streamed reply is kept as well, and every event of it names the same response', async () => {
      plays({ text: 'One two three' });
      const stream = openai.responses.stream({ model: 'the-model', input: 'Count.' });
      const ids = new Set<string>();
      for await (const event of stream) if ('response' in event) ids.add(event.response.id);
      const final = await stream.finalResponse();
      expect(final.output_text).toBe('One two three');
      expect([...ids]).toEqual([final.id]);
      expect(final.metadata).toMatchObject({
        provider: 'acme',
        routing_mode: 'pinned',
        latency_ms: expect.stringMatching(/^\d+$/),
      });
      const fetched = await openai.responses.retrieve(final.id);
      expect(fetched.output).toEqual(JSON.parse(JSON.stringify(final.output)).map(withoutParsed));
    });

    test('a tool loop goes on from response to response, and the provider sees all of it each time', async () => {
      plays({ tool: WEATHER });
      const first = await openai.responses.create({
        model: 'the-model',
        instructions: 'Only once.',
        input: 'What is the weather in Zürich?',
        tools: [TOOL],
      });
      const call = first.output.find((item) => item.type === 'function_call');
      expect(call).toMatchObject({ name: 'get_weather', arguments: '{"city":"Zürich"}' });
      plays({ text: 'Sunny.' });
      const second = await openai.responses.create({
        model: 'the-model',
        previous_response_id: first.id,
        tools: [TOOL],
        input: [{ type: 'function_call_output', call_id: call?.call_id ?? '', output: '22 degrees' }],
      });
      expect(second.output_text).toBe('Sunny.');
      expect(second.previous_response_id).toBe(first.id);
      plays({ text: 'In Zürich.' });
      await open.server.responses.turns.flush();
      const third = await openai.responses.create({
        model: 'the-model',
        previous_response_id: second.id,
        input: 'Where?',
      });
      expect(third.output_text).toBe('In Zürich.');
      for (const said of ['What is the weather', 'get_weather', '22 degrees', 'Sunny.', 'Where?']) {
        expect(asked(-1)).toContain(said);
      }
      const order = ['What is the weather', '22 degrees', 'Sunny.', 'Where?'].map((said) =>
        asked(-1).indexOf(said),
      );
      expect(order).toEqual(order.toSorted((a, b) => a - b));
      // Instructions and tools hold for their own call alone.
      expect(asked(-1)).not.toContain('Only once.');
    });

    test('items can be named instead of sent, from whichever response they are in', async () => {
      plays({ tool: WEATHER });
      const first = await openai.responses.create({ model: 'the-model', input: 'Weather?', tools: [TOOL] });
      const call = first.output.find((item) => item.type === 'function_call');
      for (const isWritten of [false, true]) {
        if (isWritten) await open.server.responses.turns.flush();
        plays({ text: 'Cold.' });
        await openai.responses.create({
          model: 'the-model',
          tools: [TOOL],
          input: [
            { role: 'user', content: 'Weather?' },
            { type: 'item_reference', id: call?.id ?? '' },
            { type: 'function_call_output', call_id: call?.call_id ?? '', output: '-3' },
          ],
        });
        expect(asked(-1)).toContain('Zürich');
      }
    });

    test('a conversation gathers what is said, and each call hears all of it', async () => {
      const conversation = await openai.conversations.create({
        metadata: { topic: 'sums' },
        items: [{ type: 'message', role: 'user', content: 'My number is seven.' }],
      });
      plays({ text: 'Noted.' });
      const first = await openai.responses.create({
        model: 'the-model',
        conversation: conversation.id,
        input: 'Remember it.',
      });
      expect(first.conversation).toEqual({ id: conversation.id });
      plays({ text: 'Seven.' });
      await openai.responses.create({
        model: 'the-model',
        conversation: { id: conversation.id },
        store: false,
        input: 'Which one?',
      });
      for (const said of ['My number is seven.', 'Remember it.', 'Noted.', 'Which one?']) {
        expect(asked(-1)).toContain(said);
      }
      const items = [];
      for await (const item of openai.conversations.items.list(conversation.id, { order: 'asc', limit: 2 }))
        items.push(item);
      expect(items.map((item) => (item.type === 'message' ? item.role : item.type))).toEqual([
        'user',
        'user',
        'assistant',
        'user',
        'assistant',
      ]);
    });

    test('thinking goes into the next turn with its seal', async () => {
      plays({ thought: 'Let me see.', signature: 'c2VhbA==', text: 'Four.' });
      const first = await openai.responses.create({
        model: 'the-model',
        input: '2+2?',
        reasoning: { effort: 'low' },
      });
      expect(first.output_text).toBe('Four.');
      plays({ text: 'Sure.' });
      await openai.responses.create({ model: 'the-model', input: 'Sure?', previous_response_id: first.id });
      // Chat completions have no field for a seal.
      if (dialect !== 'openai-chat') expect(asked(-1)).toContain('c2VhbA==');
      expect(asked(-1)).toContain('Four.');
    });

    test('what is asked for by parse is kept and parsed again', async () => {
      plays({ text: '{"city":"Bern"}' });
      const format = {
        type: 'json_schema',
        name: 'place',
        strict: true,
        schema: {
          type: 'object',
          properties: { city: { type: 'string' } },
          required: ['city'],
          additionalProperties: false,
        },
      } as const;
      const parsed = await openai.responses.parse({ model: 'the-model', input: 'Where?', text: { format } });
      expect(JSON.parse(parsed.output_text)).toEqual({ city: 'Bern' });
      expect((await openai.responses.retrieve(parsed.id)).text?.format).toMatchObject({
        type: 'json_schema',
      });
    });
  },
);

function withoutParsed(item: { content?: { parsed?: unknown }[]; parsed_arguments?: unknown }) {
  const { parsed_arguments: _, ...rest } = item;
  if (!Array.isArray(rest.content)) return rest;
  return { ...rest, content: rest.content.map(({ parsed: __, ...part }) => part) };
}
