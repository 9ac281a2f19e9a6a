import fc from 'fast-check';
import { expect, test } from 'vitest';
import { arbitraryCompletionsReply } from '../../test/arbitrary-completions-reply.ts';
import { eventsOf, framesOf, grammarBreach, throughStream, throughWhole, written } from '../../test/laws.ts';
import { isSchemaPresent, openSchemaCheck } from '../../test/openai-schema.ts';
import {
  type Call,
  collect,
  dialects,
  type Event,
  explode,
  GatewayError,
  type Json,
  type JsonObject,
  type Reply,
} from '../index.ts';

const completions = dialects['openai-completions'];
const chat = dialects['openai-chat'];
const { readCall } = completions.inbound;
const write = (call: Call) => completions.outbound.writeCall(call, 'own-name');

test('a prompt is one turn of the user', () => {
  const { wire: _, ...call } = readCall({
    model: 'm',
    prompt: ['Say fog.'],
    max_tokens: 7,
    temperature: 0.5,
    logprobs: 2,
    stop: 'END',
    stream: true,
    stream_options: { include_usage: true },
    user: 'u',
    suffix: '!',
    n: 1,
  });
  expect(call).toEqual({
    model: 'm',
    system: [],
    messages: [{ role: 'user', parts: [{ kind: 'text', text: 'Say fog.' }] }],
    tools: [],
    sampling: { temperature: 0.5 },
    outputTokensMax: 7,
    logprobs: { top: 2 },
    stop: ['END'],
    stream: true,
    streamUsage: true,
    user: 'u',
    extra: { dialect: 'openai-completions', fields: { suffix: '!', n: 1 } },
  });
});

test.each<[Json]>([[['a', 'b']], [[1, 2]], [[[1], [2]]], [['a', [1]]]])(
  'the prompt %j goes on in its own dialect, and is refused with a remedy in every other',
  (prompt) => {
    const call = readCall({ model: 'alias', prompt });
    expect(write(call)).toEqual({ body: { model: 'own-name', prompt }, losses: [] });
    const { wire: _, ...rewritten } = call;
    expect(write(rewritten).body.prompt).toEqual(prompt);
    for (const other of Object.values(dialects)) {
      if (other.id === 'openai-completions') continue;
      const thrown = failureOf(() => other.outbound.writeCall(call, 'm'));
      expect(thrown).toMatchObject({
        code: 'unsupported_parameter',
        status: 400,
        detail: { param: 'prompt' },
      });
      expect(thrown?.message).toContain('Send one prompt as a text');
    }
  },
);

function failureOf(run: () => unknown): GatewayError | undefined {
  try {
    run();
  } catch (error) {
    if (error instanceof GatewayError) return error;
  }
  return undefined;
}

test.each<[JsonObject, string, string]>([
  [{}, 'missing_parameter', 'prompt'],
  [{ prompt: 7 }, 'invalid_parameter', 'prompt'],
  [{ prompt: [] }, 'invalid_parameter', 'prompt'],
  [{ prompt: ['a', {}] }, 'invalid_parameter', 'prompt[1]'],
  [{ prompt: 'x', max_tokens: 'x' }, 'invalid_parameter', 'max_tokens'],
])('%j is refused', (body, code, param) => {
  expect(failureOf(() => readCall(body))).toMatchObject({ code, detail: { param } });
});

test('a call of this dialect goes on as it came, but for the model and the wish for usage', () => {
  const body = { model: 'alias', prompt: 'x', echo: true, stream: true, tomorrow: { deep: [1] } };
  expect(write(readCall(body))).toEqual({
    body: { ...body, model: 'own-name', stream_options: { include_usage: true } },
    losses: [],
  });
});

test('a call written anew says the same', () => {
  const body = { model: 'own-name', prompt: 'x', suffix: '!', top_k: 3, seed: 7, stop: ['END'], logprobs: 0 };
  const { wire: _, ...call } = readCall(body);
  expect(write(call)).toEqual({ body, losses: [] });
});

test('what only this dialect asks for is a loss elsewhere, less its defaults', () => {
  const body = { prompt: 'x', max_tokens: 5, suffix: '!', echo: true, best_of: 1, n: 1, logit_bias: null };
  expect(chat.outbound.writeCall(readCall(body), 'm').losses).toEqual([
    { path: 'suffix', why: 'unsupported' },
    { path: 'echo', why: 'unsupported' },
  ]);
});

test('one text of another dialect is the prompt, and a conversation a script to go on with', () => {
  const one = chat.inbound.readCall({ messages: [{ role: 'user', content: 'Hello' }], max_tokens: 9 });
  expect(write(one)).toEqual({ body: { model: 'own-name', prompt: 'Hello', max_tokens: 9 }, losses: [] });
  const many = chat.inbound.readCall({
    messages: [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Hello' },
      { role: 'assistant', content: 'Hi.' },
      { role: 'user', content: 'And?' },
    ],
  });
  expect(write(many)).toEqual({
    body: {
      model: 'own-name',
      prompt: 'Be brief.\n\nUser: Hello\n\nAssistant: Hi.\n\nUser: And?\n\nAssistant:',
      max_tokens: 1_024,
    },
    losses: [
      { path: 'messages[].role', why: 'changed' },
      { path: 'max_completion_tokens', why: 'lowered' },
    ],
  });
});

test('everything but text is a loss', () => {
  const call = chat.inbound.readCall({
    messages: [
      { role: 'user', content: [{ type: 'image_url', image_url: { url: 'https://example.com/a.png' } }] },
      {
        role: 'assistant',
        tool_calls: [{ id: 'a', type: 'function', function: { name: 'f', arguments: '{}' } }],
      },
      { role: 'tool', tool_call_id: 'a', content: 'Fog.' },
    ],
    tools: [{ type: 'function', function: { name: 'f', strict: true } }],
    tool_choice: 'required',
    response_format: { type: 'json_object' },
    reasoning_effort: 'low',
    max_tokens: 9,
  });
  expect(write(call).losses.map(({ path }) => path)).toEqual([
    'messages[].content[].image_url',
    'messages[].tool_call_id',
    'messages[].role',
    'tools',
    'tools[].function.strict',
    'tool_choice',
    'reasoning_effort',
    'response_format',
  ]);
});

const whole = {
  id: 'cmpl-1',
  object: 'text_completion',
  created: 1_760_000_000,
  model: 'gpt-3.5-turbo-instruct',
  choices: [
    {
      text: 'Fog.',
      index: 0,
      logprobs: {
        tokens: ['Fog', '.'],
        token_logprobs: [null, -0.5],
        top_logprobs: [null, { '.': -0.5, '!': -2 }],
        text_offset: [0, 3],
      },
      finish_reason: 'length',
    },
  ],
  usage: { prompt_tokens: 4, completion_tokens: 2, total_tokens: 6 },
};
const reply: Reply = {
  id: 'cmpl-1',
  model: 'gpt-3.5-turbo-instruct',
  parts: [
    {
      kind: 'text',
      text: 'Fog.',
      logprobs: [
        { token: 'Fog', logprob: 0, top: [] },
        {
          token: '.',
          logprob: -0.5,
          top: [
            { token: '.', logprob: -0.5 },
            { token: '!', logprob: -2 },
          ],
        },
      ],
    },
  ],
  stop: 'length',
  rawStop: 'length',
  usage: { inputFresh: 4, outputText: 2 },
};

test('a whole completion, with its log probabilities, is read and written', () => {
  expect(collect(completions.outbound.readReply(whole))).toEqual(reply);
  expect(completions.inbound.writeReply(reply, { createdS: 1_760_000_000 })).toMatchObject({
    ...whole,
    choices: [
      { text: 'Fog.', logprobs: { text_offset: [0, 3], top_logprobs: [{}, { '.': -0.5, '!': -2 }] } },
    ],
  });
  expect(() => completions.outbound.readReply({ choices: [{ message: {} }] })).toThrow(GatewayError);
});

test('offsets of a stream go on from chunk to chunk', () => {
  const writer = completions.inbound.openWriter(readCall({ prompt: 'x' }));
  const token = (text: string) => [{ token: text, logprob: -1, top: [] }];
  const events: Event[] = [
    { type: 'reply-start', id: 'r', model: 'm' },
    { type: 'part-start', index: 0, kind: 'text' },
    { type: 'part-delta', index: 0, delta: 'Fog', logprobs: token('Fog') },
    { type: 'part-delta', index: 0, delta: '.', logprobs: token('.') },
  ];
  const chunks = events.flatMap((event) => writer.write(event)).map(({ data }) => JSON.parse(data));
  expect(chunks.map(({ choices }) => choices[0].logprobs.text_offset)).toEqual([[0], [3]]);
});

test('a refusal is text here, and thinking and calls of tools have no place', () => {
  const other: Reply = {
    ...reply,
    parts: [
      { kind: 'thinking', text: 'Hm.' },
      { kind: 'refusal', text: 'No.' },
      { kind: 'tool-call', id: 'a', name: 'f', input: '{}' },
    ],
    stop: 'tool-calls',
    rawStop: 'tool_calls',
  };
  const [choice] = completions.inbound.writeReply(other).choices as JsonObject[];
  expect(choice).toMatchObject({ text: 'No.', finish_reason: 'stop' });
  expect(throughStream(completions, other).parts).toEqual([{ kind: 'text', text: 'No.' }]);
});

test('a reply written and read is the reply, whole and streamed, wherever the stream is cut', () => {
  const check = isSchemaPresent ? openSchemaCheck() : () => undefined;
  fc.assert(
    fc.property(arbitraryCompletionsReply, (one) => {
      expect(throughWhole(completions, one)).toEqual(one);
      expect(throughStream(completions, one)).toEqual(one);
      expect(check('CreateCompletionResponse', completions.inbound.writeReply(one))).toBeUndefined();
      const bytes = Buffer.from(written(completions, explode(one)));
      const events = eventsOf(completions, framesOf(bytes, [bytes.length]));
      expect(grammarBreach(events)).toBeUndefined();
      expect(eventsOf(completions, framesOf(bytes, [7]))).toEqual(events);
    }),
    { seed: 20_260_101, numRuns: 100 },
  );
});

test('a stream that was cut, or failed, ends in an error', () => {
  const read = (...datas: string[]) => {
    const reader = completions.outbound.openReader();
    return [...datas.flatMap((data) => reader.read({ data })), ...reader.end()].at(-1);
  };
  const chunk = '{"id":"c","model":"m","choices":[{"index":0,"text":"Fog","finish_reason":null}]}';
  const last = '{"id":"c","model":"m","choices":[{"index":0,"text":"","finish_reason":"stop"}]}';
  expect(read(chunk)?.type).toBe('error');
  expect(read(chunk, 'no json')?.type).toBe('error');
  expect(read(chunk, '{"error":{"message":"Oh."}}')?.type).toBe('error');
  // Some servers say no more after the stop reason.
  expect(read(chunk, last)).toEqual({ type: 'reply-end', stop: 'end', rawStop: 'stop' });
});

test('usage is told at the end of a stream to a caller who asked, and a frame of it alone is known', () => {
  const told = (body: JsonObject) => {
    const writer = completions.inbound.openWriter(readCall({ prompt: 'x', ...body }));
    for (const event of explode(reply)) writer.write(event);
    return writer.end();
  };
  expect(told({})).toEqual([{ data: '[DONE]' }]);
  const [frame] = told({ stream_options: { include_usage: true } });
  expect(JSON.parse(frame?.data ?? '').usage.total_tokens).toBe(6);
  const reader = completions.outbound.openReader();
  reader.read({ data: '{"id":"c","choices":[{"index":0,"text":"x"}]}' });
  const isUsageOnly = frame !== undefined && completions.outbound.isUsageOnlyFrame(frame, reader.read(frame));
  expect(isUsageOnly).toBe(true);
});
