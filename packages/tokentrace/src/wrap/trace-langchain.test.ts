import { answersJson, type FakeUpstream, openFakeUpstream, playsOpenAi } from '@app/testkit';
import type { Callbacks } from '@langchain/core/callbacks/manager';
import { Document } from '@langchain/core/documents';
import { ChatPromptTemplate } from '@langchain/core/prompts';
import { BaseRetriever } from '@langchain/core/retrievers';
import { RunnableLambda } from '@langchain/core/runnables';
import { DynamicTool } from '@langchain/core/tools';
import { ChatOpenAI } from '@langchain/openai';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { allOf } from '../../test/all-of.ts';
import { createTestTracer, type TestTracer } from '../../test/wrap-tracer.ts';
import { createTokentraceCallbackHandler } from './trace-langchain.ts';

let upstream: FakeUpstream;
let traced: TestTracer;
let callbacks: Callbacks;
let model: ChatOpenAI;
const faults: unknown[] = [];

beforeEach(async () => {
  upstream = await openFakeUpstream();
  traced = createTestTracer();
  callbacks = [
    createTokentraceCallbackHandler({ tracer: traced.tracer, onError: (fault) => faults.push(fault) }),
  ];
  model = new ChatOpenAI({
    model: 'gpt-4o',
    apiKey: 'sk-test',
    maxRetries: 0,
    configuration: { baseURL: `${upstream.url}/v1` },
  });
});
afterEach(async () => {
  await upstream.close();
  expect(faults).toEqual([]);
});

const CALL = { id: 'call_1', name: 'weather', input: { city: 'Oslo' } };
const USAGE = { input_fresh: 16, input_cache_read: 5, output_text: 7 };

test('a chain is a tree with its prompt and its call of the model, and knows its session, user and tags', async () => {
  upstream.play(playsOpenAi({ text: 'Cold.', tool: CALL }));
  const chain = ChatPromptTemplate.fromMessages([
    ['system', 'Be short.'],
    ['user', 'How is {city}?'],
  ]).pipe(model);
  await chain.invoke(
    { city: 'Oslo' },
    { callbacks, runName: 'ask', tags: ['beta'], metadata: { thread_id: 't1', user_id: 'u1', tier: 'gold' } },
  );
  const [prompt, call, root] = await traced.ended(3);
  expect(root).toMatchObject({
    type: 'chain',
    name: 'ask',
    outcome: 'ok',
    session_id: 't1',
    user_id: 'u1',
    tags: ['beta'],
    metadata: { tier: 'gold' },
    input: { city: 'Oslo' },
    output: { role: 'assistant', content: 'Cold.' },
  });
  expect(root?.parent_span_id).toBeUndefined();
  expect(prompt).toMatchObject({ name: 'ChatPromptTemplate', parent_span_id: root?.span_id });
  expect(call).toMatchObject({
    type: 'generation',
    name: 'ChatOpenAI',
    dialect: 'openai-chat',
    provider: 'openai',
    model: 'gpt-4o-2024-08-06',
    model_asked: 'gpt-4o',
    finish_reason: 'tool_calls',
    usage: USAGE,
    parent_span_id: root?.span_id,
    trace_id: root?.trace_id,
    input: {
      messages: [
        { role: 'system', content: 'Be short.' },
        { role: 'user', content: 'How is Oslo?' },
      ],
    },
    output: {
      choices: [{ message: { content: 'Cold.', tool_calls: [{ function: { name: 'weather' } }] } }],
    },
  });
  expect(JSON.stringify(traced.spans)).not.toContain('sk-test');
});

test('a streamed reply tells the time to its first token', async () => {
  upstream.play(playsOpenAi({ text: 'Hello there' }));
  const chunks = await allOf(await model.stream('Hi', { callbacks }));
  expect(chunks.map((chunk) => chunk.content).join('')).toBe('Hello there');
  const [span] = await traced.ended(1);
  expect(span).toMatchObject({
    outcome: 'ok',
    stream: true,
    usage: USAGE,
    output: { choices: [{ message: { content: 'Hello there' } }] },
  });
  expect(span?.ttft_ms).toBeGreaterThanOrEqual(0);
});

test('tools and retrievers are spans of their type, below the span of the app', async () => {
  const weather = new DynamicTool({
    name: 'weather',
    description: 'Tells the weather.',
    func: async (question: string) => `Ice for ${question}`,
  });
  class Shelf extends BaseRetriever {
    lc_namespace = ['test'];
    async _getRelevantDocuments(query: string) {
      return [new Document({ pageContent: `About ${query}`, metadata: { page: 3 } })];
    }
  }
  await traced.tracer.trace('request', async () => {
    await weather.invoke('{"city":"Oslo"}', { callbacks });
    await new Shelf().invoke('ice', { callbacks });
  });
  const [ice, shelf, root] = await traced.ended(3);
  expect(ice).toMatchObject({
    type: 'tool',
    tool_name: 'weather',
    input: { input: '{"city":"Oslo"}' },
    output: 'Ice for {"city":"Oslo"}',
    parent_span_id: root?.span_id,
  });
  expect(shelf).toMatchObject({
    type: 'retriever',
    input: 'ice',
    output: [{ content: 'About ice', metadata: { page: 3 } }],
    parent_span_id: root?.span_id,
  });
});

test('faults and aborts reach the app and end every span above them', async () => {
  upstream.play(answersJson({ error: { message: 'Slow down', code: 'rate_limit' } }, 429), () => {});
  const chain = RunnableLambda.from((text: string) => text).pipe(model);
  await expect(chain.invoke('Hi', { callbacks })).rejects.toThrow('Slow down');
  expect((await traced.ended(3)).slice(1)).toMatchObject([
    { type: 'generation', outcome: 'failed', error: { status: 429 } },
    { type: 'chain', outcome: 'failed' },
  ]);
  const abort = new AbortController();
  const refused = expect(model.invoke('Hi', { callbacks, signal: abort.signal })).rejects.toThrow();
  await upstream.received(1);
  abort.abort();
  await refused;
  expect((await traced.ended(4))[3]).toMatchObject({ outcome: 'cancelled' });
});
