import { GatewayError, type Json, type JsonObject } from '@app/protocol';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAsk, requestBody, see, streamOptions, withoutIds } from '../../test/ask-sandbox.ts';
import { createSandbox } from './create-sandbox.ts';
import { createTokenCounter } from './create-token-counter.ts';
import type { Schedule } from './play.ts';
import { sandboxProvider } from './sandbox-provider.ts';

const counter = createTokenCounter();
const ask = createAsk(counter.count);
beforeAll(() => counter.count(['warm']));
afterAll(() => counter.close());

const SCHEMA: JsonObject = {
  type: 'object',
  properties: { city: { type: 'string' }, unit: { enum: ['celsius', 'fahrenheit'] } },
  required: ['city', 'unit'],
  additionalProperties: false,
};

/** What differs between the dialects in how a client asks. */
const WAYS = {
  'openai-chat': {
    tool: (name: string): Json => ({ type: 'function', function: { name, parameters: SCHEMA } }),
    required: 'required' as Json,
    named: (name: string): Json => ({ type: 'function', function: { name } }),
    single: { parallel_tool_calls: false } as JsonObject,
    schema: {
      response_format: { type: 'json_schema', json_schema: { name: 'weather', schema: SCHEMA } },
    } as JsonObject,
    think: { reasoning_effort: 'high' } as JsonObject,
    image: { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } } as JsonObject,
  },
  'anthropic-messages': {
    tool: (name: string): Json => ({ name, input_schema: SCHEMA }),
    required: { type: 'any' } as Json,
    named: (name: string): Json => ({ type: 'tool', name }),
    single: { tool_choice: { type: 'auto', disable_parallel_tool_use: true } } as JsonObject,
    schema: { output_config: { format: { type: 'json_schema', schema: SCHEMA } } } as JsonObject,
    think: { thinking: { type: 'enabled', budget_tokens: 1_024 }, max_tokens: 4_096 } as JsonObject,
    image: {
      type: 'image',
      source: { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' },
    } as JsonObject,
  },
};

const BOTH: ('openai-chat' | 'anthropic-messages')[] = ['openai-chat', 'anthropic-messages'];

describe.each(BOTH)('spoken to in %s', (dialect) => {
  const way = WAYS[dialect];
  const tools = [way.tool('get_weather'), way.tool('send_mail')];
  const seeReply = async (fields: JsonObject, prompt?: JsonObject[] | string) => {
    const whole = see(dialect, await ask(dialect, requestBody(fields, prompt)));
    const streamed = see(
      dialect,
      await ask(dialect, requestBody({ ...fields, ...streamOptions(dialect) }, prompt)),
    );
    expect(withoutIds(streamed)).toEqual(withoutIds(whole));
    return whole;
  };

  test('a tool is called when the prompt names it, in words or as it is written, with arguments that fit', async () => {
    for (const prompt of ['Use get_weather please', 'Could you GET WEATHER for me?']) {
      const seen = await seeReply({ tools }, prompt);
      expect(seen.reply.stop).toBe('tool-calls');
      expect(seen.tools).toEqual([{ name: 'get_weather', input: '{"city":"sample city","unit":"celsius"}' }]);
    }
    expect((await seeReply({ tools }, 'Hello')).tools).toEqual([]);
  });

  test('a tool is called when the caller requires one, or this one', async () => {
    const required = await seeReply({ tools, tool_choice: way.required }, 'Hello');
    expect(required.tools.map((tool) => tool.name)).toEqual(['get_weather']);
    const named = await seeReply({ tools, tool_choice: way.named('send_mail') }, 'Hello');
    expect(named.tools.map((tool) => tool.name)).toEqual(['send_mail']);
  });

  test('several tools are called at once, unless the caller forbids it', async () => {
    const prompt = 'First get_weather, then send_mail';
    const both = await seeReply({ tools }, prompt);
    expect(both.tools.map((tool) => tool.name)).toEqual(['get_weather', 'send_mail']);
    const ids = both.reply.parts.map((part) => (part.kind === 'tool-call' ? part.id : ''));
    expect(new Set(ids).size).toBe(2);
    expect((await seeReply({ tools, ...way.single }, prompt)).tools).toHaveLength(1);
  });

  test('JSON fits the schema that was given', async () => {
    const seen = await seeReply(way.schema);
    expect(JSON.parse(seen.text)).toEqual({ city: 'sample city', unit: 'celsius' });
  });

  test('an image is noticed and counted', async () => {
    const text = { type: 'text', text: 'What is this?' };
    const [plain, shown] = [await seeReply({}, [text]), await seeReply({}, [text, way.image])];
    expect(shown.text).toContain('1 image');
    expect(shown.reply.usage.inputFresh).toBeGreaterThan((plain.reply.usage.inputFresh ?? 0) + 500);
  });

  test('it thinks when asked to, and only then', async () => {
    expect((await seeReply(way.think)).thinking).toContain('Hello there');
    expect((await seeReply({})).thinking).toBe('');
  });
});

test('after a tool result the answer is text, in both dialects, even where a tool is required', async () => {
  const call = { id: 'call_1', type: 'function', function: { name: 'get_weather', arguments: '{}' } };
  const openai = await ask('openai-chat', {
    model: 'gpt-4o-mini',
    tools: [WAYS['openai-chat'].tool('get_weather')],
    tool_choice: 'required',
    messages: [
      { role: 'user', content: 'get_weather' },
      { role: 'assistant', content: null, tool_calls: [call] },
      { role: 'tool', tool_call_id: 'call_1', content: '21 degrees' },
    ],
  });
  expect(see('openai-chat', openai)).toMatchObject({
    tools: [],
    text: expect.stringContaining('21 degrees'),
  });
  const anthropic = await ask('anthropic-messages', {
    model: 'claude-sonnet-4-5',
    max_tokens: 500,
    tools: [WAYS['anthropic-messages'].tool('get_weather')],
    messages: [
      { role: 'user', content: 'get_weather' },
      { role: 'assistant', content: [{ type: 'tool_use', id: 'toolu_1', name: 'get_weather', input: {} }] },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_1', content: '21 degrees' }] },
    ],
  });
  expect(see('anthropic-messages', anthropic)).toMatchObject({
    tools: [],
    text: expect.stringContaining('21 degrees'),
  });
});

test('a JSON object without a schema is one', async () => {
  const seen = see(
    'openai-chat',
    await ask('openai-chat', requestBody({ response_format: { type: 'json_object' } })),
  );
  expect(JSON.parse(seen.text)).toEqual({ answer: expect.stringContaining('Hello there') });
});

test('an Anthropic stream has a ping, a signature on its thinking, and ids of the provider\u2019s form', async () => {
  const fields = { ...WAYS['anthropic-messages'].think, stream: true };
  const { text, headers } = await ask('anthropic-messages', requestBody(fields));
  expect(text).toContain('event: ping\ndata: {"type": "ping"}\n\n');
  expect(text).toContain('signature_delta');
  expect(text).toMatch(/"id":"msg_01\w{22}"/);
  expect(text.endsWith('event: message_stop\ndata: {"type":"message_stop"}\n\n')).toBe(true);
  expect(headers['request-id']).toMatch(/^req_01\w{22}$/);
});

/** A sandbox whose timers run when the test says so, and what it called. */
function createStepped(countTokens = async (texts: string[]) => texts.map(() => 1)) {
  const timers: (() => void)[] = [];
  const schedule: Schedule = (_delayMs, run) => {
    timers.push(run);
    return () => void timers.splice(timers.indexOf(run), 1);
  };
  const send = createSandbox({ schedule, now: () => 0, countTokens });
  const log: string[] = [];
  const sending = send(
    {
      provider: sandboxProvider('openai-chat'),
      mode: 'test',
      path: '/chat/completions',
      headers: {},
      body: JSON.stringify(requestBody({ stream: true })),
    },
    {
      onHead: (status) => log.push(`head ${status}`),
      onChunk: () => log.push('chunk'),
      onEnd: () => log.push('end'),
      onError: (error) => log.push(`error ${error.code}`),
    },
  );
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
  const runAll = () => {
    for (let run = timers.shift(); run !== undefined; run = timers.shift()) run();
  };
  return { sending, log, timers, settle, runAll };
}

test('nothing is called before send returned, nothing while paused, and everything once after it went on', async () => {
  const { sending, log, timers, settle, runAll } = createStepped();
  sending.pause();
  expect(log).toEqual([]);
  await settle();
  runAll();
  expect(log).toEqual([]);
  sending.resume();
  timers.shift()?.();
  const before = log.length;
  expect(before).toBeGreaterThan(1);
  sending.pause();
  runAll();
  expect(log.length).toBe(before);
  sending.resume();
  runAll();
  expect(log[0]).toBe('head 200');
  expect(log.at(-1)).toBe('end');
  expect(log.filter((entry) => entry !== 'chunk')).toEqual(['head 200', 'end']);
});

test('after cancel nothing is called and no timer is left, whether it had begun or not', async () => {
  const early = createStepped();
  early.sending.cancel();
  await early.settle();
  expect(early.timers).toEqual([]);
  const late = createStepped();
  await late.settle();
  late.timers.shift()?.();
  const before = late.log.length;
  late.sending.cancel();
  expect(late.timers).toEqual([]);
  late.sending.resume();
  expect(late.log.length).toBe(before);
});

test('a token counter that is full makes the call fail with a typed error, and one that breaks hides why', async () => {
  const full = createStepped(() =>
    Promise.reject(new GatewayError('overloaded', 'Too many token counts wait.')),
  );
  await full.settle();
  full.runAll();
  expect(full.log).toEqual(['error overloaded']);
  const broken = createStepped(() => Promise.reject(new Error('a detail of ours')));
  await broken.settle();
  broken.runAll();
  expect(broken.log).toEqual(['error internal_error']);
});
