import { createOpenAI } from '@ai-sdk/openai';
import { answersJson, type FakeUpstream, openFakeUpstream, playsOpenAi } from '@app/testkit';
import {
  embed,
  embedMany,
  generateObject,
  generateText,
  isStepCount,
  jsonSchema,
  streamText,
  ToolLoopAgent,
  tool,
} from 'ai';
import OpenAI from 'openai';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { allOf } from '../../test/all-of.ts';
import { createTestTracer, type TestTracer } from '../../test/wrap-tracer.ts';
import { traceAiSdk } from './trace-ai-sdk.ts';
import { wrapOpenAI } from './wrap-openai.ts';

let upstream: FakeUpstream;
let traced: TestTracer;
let stop: () => void;
let provider: ReturnType<typeof createOpenAI>;
const faults: unknown[] = [];

beforeEach(async () => {
  upstream = await openFakeUpstream();
  traced = createTestTracer();
  stop = traceAiSdk({ tracer: traced.tracer, onError: (fault) => faults.push(fault) });
  provider = createOpenAI({ apiKey: 'sk-test', baseURL: `${upstream.url}/v1` });
});
afterEach(async () => {
  stop();
  await upstream.close();
  expect(faults).toEqual([]);
});

const CALL = { id: 'call_1', name: 'weather', input: { city: 'Oslo' } };
const CITY = jsonSchema<{ city: string }>({
  type: 'object',
  properties: { city: { type: 'string' } },
  required: ['city'],
});
const WEATHER = tool({
  description: 'Tells the weather.',
  inputSchema: CITY,
  execute: async ({ city }) => `Ice in ${city}`,
});
const USAGE = { input_fresh: 16, input_cache_read: 5, output_text: 7 };
const named = (name: string) => traced.spans.filter((span) => span.name === name);

test('generateText with a tool is a tree: an agent, its steps, its calls of the model and of the tool', async () => {
  upstream.play(playsOpenAi({ tool: CALL }), playsOpenAi({ text: 'It is cold.' }));
  const { text } = await generateText({
    model: provider.chat('gpt-4o'),
    instructions: 'Be short.',
    prompt: 'How is the weather?',
    tools: { weather: WEATHER },
    stopWhen: isStepCount(3),
    telemetry: { functionId: 'ask-weather' },
  });
  expect(text).toBe('It is cold.');
  const [root] = named('ask-weather');
  const steps = [...named('step 1'), ...named('step 2')];
  const calls = named('languageModelCall');
  const [weather] = named('weather');
  expect(traced.spans).toHaveLength(6);
  expect(new Set(traced.spans.map((span) => span.trace_id)).size).toBe(1);
  expect(root).toMatchObject({
    type: 'agent',
    outcome: 'ok',
    dialect: 'ai-sdk',
    output: { text: 'It is cold.' },
  });
  expect(root?.parent_span_id).toBeUndefined();
  expect(steps.map((span) => [span.type, span.parent_span_id])).toEqual([
    ['chain', root?.span_id],
    ['chain', root?.span_id],
  ]);
  for (const [index, span] of calls.entries()) {
    expect(span).toMatchObject({
      type: 'generation',
      provider: 'openai',
      model: 'gpt-4o-2024-08-06',
      model_asked: 'gpt-4o',
      usage: USAGE,
      parent_span_id: steps[index]?.span_id,
    });
  }
  expect(calls.map((span) => span.finish_reason)).toEqual(['tool-calls', 'stop']);
  expect(calls[1]?.input).toMatchObject({ instructions: 'Be short.', tools: [{ name: 'weather' }] });
  expect(weather).toMatchObject({
    type: 'tool',
    tool_name: 'weather',
    input: { city: 'Oslo' },
    output: 'Ice in Oslo',
    parent_span_id: steps[0]?.span_id,
  });
  expect(traced.spans.filter((span) => span.usage !== undefined)).toHaveLength(2);
  expect(JSON.stringify(traced.spans)).not.toContain('sk-test');
});

test('streamText tells the time to its first token, its tokens and its text', async () => {
  upstream.play(playsOpenAi({ tool: CALL }), playsOpenAi({ text: 'It is cold.' }));
  const result = streamText({
    model: provider.chat('gpt-4o'),
    prompt: 'How is the weather?',
    tools: { weather: WEATHER },
    stopWhen: isStepCount(3),
  });
  expect((await allOf(result.textStream)).join('')).toBe('It is cold.');
  await traced.ended(6);
  const [root] = named('streamText');
  const calls = named('languageModelCall');
  expect(calls).toMatchObject([
    { stream: true, usage: USAGE, finish_reason: 'tool-calls' },
    { stream: true, usage: USAGE, output: { content: [{ type: 'text', text: 'It is cold.' }] } },
  ]);
  expect(calls.every((span) => (span.ttft_ms ?? -1) >= 0)).toBe(true);
  expect(root).toMatchObject({ type: 'agent', outcome: 'ok' });
  expect(root?.usage).toBeUndefined();
  expect(new Set(traced.spans.map((span) => span.trace_id)).size).toBe(1);
});

test('an agent, and what its tool calls through a wrapped client, stand in one trace', async () => {
  const inner = wrapOpenAI(new OpenAI({ apiKey: 'k', baseURL: upstream.url }), { tracer: traced.tracer });
  upstream.play(playsOpenAi({ tool: CALL }), playsOpenAi({ text: 'Inner' }), playsOpenAi({ text: 'Outer' }));
  const agent = new ToolLoopAgent({
    model: provider.chat('gpt-4o'),
    tools: {
      weather: tool({
        inputSchema: CITY,
        execute: async ({ city }) => {
          const reply = await inner.chat.completions.create({
            model: 'gpt-4o',
            messages: [{ role: 'user', content: city }],
          });
          return reply.choices[0]?.message.content ?? '';
        },
      }),
    },
  });
  expect((await agent.generate({ prompt: 'Weather?' })).text).toBe('Outer');
  const [weather] = named('weather');
  expect(named('chat.completions')).toMatchObject([
    { parent_span_id: weather?.span_id, trace_id: weather?.trace_id },
  ]);
});

test('generateObject, embed and embedMany are recorded', async () => {
  upstream.play(playsOpenAi({ text: '{"city":"Oslo"}' }));
  const { object } = await generateObject({
    model: provider.chat('gpt-4o'),
    schema: CITY,
    prompt: 'Where?',
  });
  expect(object).toEqual({ city: 'Oslo' });
  upstream.play(
    answersJson({ data: [{ embedding: [0.5, 0.5] }], usage: { prompt_tokens: 3, total_tokens: 3 } }),
  );
  const model = provider.embedding('text-embedding-3-small');
  await embed({ model, value: 'a' });
  await embedMany({ model, values: ['a'] });
  const [root] = named('generateObject');
  expect(root).toMatchObject({ type: 'chain', output: { city: 'Oslo' }, outcome: 'ok' });
  expect(named('languageModelCall')).toMatchObject([
    { type: 'generation', usage: USAGE, output: { text: '{"city":"Oslo"}' }, parent_span_id: root?.span_id },
  ]);
  expect([...named('embed'), ...named('embedMany')]).toMatchObject([
    { type: 'embedding', model_asked: 'text-embedding-3-small', usage: { input_fresh: 3 } },
    { type: 'embedding', usage: { input_fresh: 3 }, output: { embeddings: 1 } },
  ]);
});

test('faults of a model and of a tool, and aborted streams, end as what they are', async () => {
  upstream.play(answersJson({ error: { message: 'Slow down', code: 'rate_limit' } }, 429));
  const model = provider.chat('gpt-4o');
  await expect(generateText({ model, prompt: 'a', maxRetries: 0 })).rejects.toThrow('Slow down');
  expect(named('languageModelCall')).toMatchObject([{ outcome: 'failed', error: { status: 429 } }]);
  expect(named('generateText')).toMatchObject([{ outcome: 'failed' }]);
  upstream.play(playsOpenAi({ tool: CALL }), playsOpenAi({ text: 'Well.' }));
  const broken = tool({
    inputSchema: CITY,
    execute: async ({ city }): Promise<string> => {
      throw new TypeError(`no sky over ${city}`);
    },
  });
  await generateText({ model, prompt: 'a', tools: { weather: broken }, stopWhen: isStepCount(2) });
  expect(named('weather')).toMatchObject([{ outcome: 'failed', error: { message: 'no sky over Oslo' } }]);
  upstream.play(playsOpenAi({ text: 'Hello there' }, { ending: 'stall' }));
  const abort = new AbortController();
  const stream = streamText({ model, prompt: 'a', abortSignal: abort.signal });
  for await (const _ of stream.textStream) abort.abort();
  await traced.ended(10);
  expect(named('languageModelCall').at(-1)).toMatchObject({ outcome: 'cancelled' });
  expect(JSON.stringify(traced.spans.at(-1))).not.toContain('sk-test');
});

test('an app that hides inputs and outputs hides them from us, and its own integrations lose nothing', async () => {
  upstream.play(playsOpenAi({ text: 'Secret answer' }));
  const seen: string[] = [];
  await generateText({
    model: provider.chat('gpt-4o'),
    prompt: 'Secret question',
    telemetry: { recordInputs: false, recordOutputs: false },
  });
  expect(named('languageModelCall')).toMatchObject([{ usage: USAGE, outcome: 'ok' }]);
  expect(JSON.stringify(traced.spans)).not.toContain('Secret');
  const result = streamText({
    model: provider.chat('gpt-4o'),
    prompt: 'Hi',
    telemetry: { integrations: [{ onEnd: () => void seen.push('end') }] },
  });
  await result.text;
  await traced.ended(6);
  expect(seen).toEqual(['end']);
  stop();
  await generateText({ model: provider.chat('gpt-4o'), prompt: 'Hi' });
  expect(traced.spans).toHaveLength(6);
});
