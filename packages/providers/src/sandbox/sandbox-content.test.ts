import { type CallerDialectId, dialects } from '@app/protocol';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAsking, see, withoutIds } from '../../test/ask-sandbox.ts';
import { PARAMETERS, type Wish } from '../../test/sandbox-wishes.ts';
import { createTokenCounter } from './create-token-counter.ts';

const counter = createTokenCounter();
const { ask, send } = createAsking(counter.count);
beforeAll(() => counter.count(['warm']));
afterAll(() => counter.close());

/** Text completions know text alone. */
const ALL = (Object.keys(dialects) as CallerDialectId[]).filter(
  (dialect) => dialect !== 'openai-completions',
);

describe.each(ALL)('spoken to in %s', (dialect) => {
  const tools = ['get_weather', 'send_mail'];
  const seeReply = async (wish: Wish) => {
    const whole = see(dialect, await ask(dialect, wish));
    const streamed = see(dialect, await ask(dialect, { ...wish, stream: true }));
    expect(withoutIds(streamed)).toEqual(withoutIds(whole));
    return whole;
  };

  test('a tool is called when the prompt names it, in words or as it is written, with arguments that fit', async () => {
    for (const prompt of ['Use get_weather please', 'Could you GET WEATHER for me?']) {
      const seen = await seeReply({ tools, prompt });
      expect(seen.reply.stop).toBe('tool-calls');
      expect(seen.tools.map((tool) => tool.name)).toEqual(['get_weather']);
      expect(JSON.parse(seen.tools[0]?.input ?? '')).toEqual({ city: 'sample city', unit: 'celsius' });
    }
    expect((await seeReply({ tools })).tools).toEqual([]);
  });

  test('a tool is called when the caller requires one, or this one', async () => {
    const required = await seeReply({ tools, force: true });
    expect(required.tools.map((tool) => tool.name)).toEqual(['get_weather']);
    const named = await seeReply({ tools, force: 'send_mail' });
    expect(named.tools.map((tool) => tool.name)).toEqual(['send_mail']);
  });

  test('several tools are called at once, unless the caller forbids it', async () => {
    const prompt = 'First get_weather, then send_mail';
    const both = await seeReply({ tools, prompt });
    expect(both.tools.map((tool) => tool.name)).toEqual(['get_weather', 'send_mail']);
    const ids = both.reply.parts.map((part) => (part.kind === 'tool-call' ? part.id : ''));
    expect(new Set(ids).size).toBe(2);
    // Google has no word for it.
    if (dialect !== 'gemini') expect((await seeReply({ tools, prompt, single: true })).tools).toHaveLength(1);
  });

  test('JSON fits the schema that was given', async () => {
    const seen = await seeReply({ schema: PARAMETERS });
    expect(JSON.parse(seen.text)).toEqual({ city: 'sample city', unit: 'celsius' });
  });

  test('an image is noticed and counted', async () => {
    const [plain, shown] = [await seeReply({}), await seeReply({ image: true })];
    expect(shown.text).toContain('1 image');
    expect(shown.reply.usage.inputFresh).toBeGreaterThan((plain.reply.usage.inputFresh ?? 0) + 500);
  });

  test('it thinks when asked to, and only then', async () => {
    const seen = await seeReply({ think: true });
    expect(seen.thinking).toContain('Hello there');
    expect(seen.reply.usage.outputThinking).toBeGreaterThan(0);
    expect((await seeReply({})).thinking).toBe('');
  });

  test('it searches nothing, and answers all the same', async () => {
    const seen = await seeReply({ webSearch: true });
    expect(seen.text).toContain('Hello there');
    expect(seen.reply.stop).toBe('end');
  });
});

/** A conversation in which a tool has just answered. */
const AFTER_TOOL: { [dialect in CallerDialectId]?: { path: string; body: object } } = {
  'openai-chat': {
    path: '/chat/completions',
    body: {
      model: 'gpt-4o-mini',
      tools: [{ type: 'function', function: { name: 'get_weather' } }],
      tool_choice: 'required',
      messages: [
        { role: 'user', content: 'get_weather' },
        {
          role: 'assistant',
          content: null,
          tool_calls: [
            { id: 'call_1', type: 'function', function: { name: 'get_weather', arguments: '{}' } },
          ],
        },
        { role: 'tool', tool_call_id: 'call_1', content: '21 degrees' },
      ],
    },
  },
  'openai-responses': {
    path: '/responses',
    body: {
      model: 'gpt-4o-mini',
      tools: [{ type: 'function', name: 'get_weather', parameters: PARAMETERS }],
      tool_choice: 'required',
      input: [
        { role: 'user', content: 'get_weather' },
        { type: 'function_call', call_id: 'call_1', name: 'get_weather', arguments: '{}' },
        { type: 'function_call_output', call_id: 'call_1', output: '21 degrees' },
      ],
    },
  },
  'anthropic-messages': {
    path: '/messages',
    body: {
      model: 'claude-sonnet-4-5',
      max_tokens: 500,
      tools: [{ name: 'get_weather', input_schema: PARAMETERS }],
      messages: [
        { role: 'user', content: 'get_weather' },
        { role: 'assistant', content: [{ type: 'tool_use', id: 'toolu_1', name: 'get_weather', input: {} }] },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_1', content: '21 degrees' }] },
      ],
    },
  },
  gemini: {
    path: '/models/gemini-2.5-flash:generateContent',
    body: {
      tools: [{ functionDeclarations: [{ name: 'get_weather', parametersJsonSchema: PARAMETERS }] }],
      toolConfig: { functionCallingConfig: { mode: 'ANY' } },
      contents: [
        { role: 'user', parts: [{ text: 'get_weather' }] },
        { role: 'model', parts: [{ functionCall: { id: 'a', name: 'get_weather', args: {} } }] },
        {
          role: 'user',
          parts: [{ functionResponse: { id: 'a', name: 'get_weather', response: { output: '21 degrees' } } }],
        },
      ],
    },
  },
};

test.each(ALL)(
  'after a tool result the answer is text, even where a tool is required: %s',
  async (dialect) => {
    const request = AFTER_TOOL[dialect];
    if (request === undefined) throw new Error(`there is no conversation in ${dialect}`);
    expect(see(dialect, await send(dialect, request))).toMatchObject({
      tools: [],
      text: expect.stringContaining('21 degrees'),
    });
  },
);

test('a JSON object without a schema is one', async () => {
  const fields = { response_format: { type: 'json_object' } };
  const seen = see('openai-chat', await ask('openai-chat', { fields }));
  expect(JSON.parse(seen.text)).toEqual({ answer: expect.stringContaining('Hello there') });
});

test('an Anthropic stream has a ping, a signature on its thinking, and ids of the provider\u2019s form', async () => {
  const { text, headers } = await ask('anthropic-messages', { think: true, stream: true });
  expect(text).toContain('event: ping\ndata: {"type": "ping"}\n\n');
  expect(text).toContain('signature_delta');
  expect(text).toMatch(/"id":"msg_01\w{22}"/);
  expect(text.endsWith('event: message_stop\ndata: {"type":"message_stop"}\n\n')).toBe(true);
  expect(headers['request-id']).toMatch(/^req_01\w{22}$/);
});

test('replies carry the ids and headers of each provider\u2019s form', async () => {
  const chat = await ask('openai-chat', {});
  expect(JSON.parse(chat.text).id).toMatch(/^chatcmpl-\w{22}$/);
  expect(chat.headers['x-request-id']).toMatch(/^req_\w{22}$/);
  const responses = await ask('openai-responses', {});
  expect(JSON.parse(responses.text)).toMatchObject({
    id: expect.stringMatching(/^resp_/),
    object: 'response',
  });
  const gemini = await ask('gemini', { think: true });
  expect(JSON.parse(gemini.text).responseId).toMatch(/^\w{22}$/);
  expect(gemini.text).toContain('"thought":true');
  expect(Object.keys(gemini.headers)).toEqual(['content-type']);
});

test('a stream of Responses tells its events by name and ends in the completed response', async () => {
  const { text } = await ask('openai-responses', { stream: true });
  expect(text.startsWith('event: response.created\n')).toBe(true);
  expect(text).toContain('event: response.output_text.delta\n');
  expect(text).toContain('event: response.completed\n');
});
