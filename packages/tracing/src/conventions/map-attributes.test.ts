import type { JsonObject } from '@app/protocol';
import { describe, expect, test } from 'vitest';
import { makeAttributedSpan } from './make-attributed-span.ts';
import { mapAttributes } from './map-attributes.ts';

const map = (attributes: JsonObject, more: Parameters<typeof makeAttributedSpan>[1] = {}) =>
  mapAttributes(makeAttributedSpan(attributes, more));
const usageOf = (attributes: JsonObject) => {
  const { usage, billing, isCall } = map(attributes);
  return { usage, isCall, estimated: billing.estimated === true };
};

describe('each convention is told by its marks', () => {
  const marked: [convention: string, attributes: JsonObject, scope?: string][] = [
    ['otel-genai', { 'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': 'openai' }],
    ['otel-genai', { 'gen_ai.system': 'openai', 'gen_ai.request.model': 'gpt-4o' }],
    ['openinference', { 'openinference.span.kind': 'LLM' }],
    ['openinference', { 'input.value': 'x' }, '@arizeai/openinference-instrumentation-langchain'],
    ['openllmetry', { 'traceloop.span.kind': 'workflow' }],
    ['openllmetry', { 'gen_ai.system': 'OpenAI', 'gen_ai.prompt.0.role': 'user' }],
    ['openllmetry', { 'gen_ai.provider.name': 'openai' }, '@traceloop/instrumentation-openai'],
    ['ai-sdk', { 'ai.operationId': 'ai.generateText' }],
    ['ai-sdk', { 'gen_ai.operation.name': 'agent_step' }, 'gen_ai'],
    ['langfuse', { 'langfuse.observation.type': 'span' }],
    ['langfuse', { 'user.id': 'u' }, 'langfuse-sdk'],
    ['logfire', { 'logfire.msg': 'hello' }],
    ['logfire', { 'gen_ai.operation.name': 'chat' }, 'pydantic-ai'],
    ['mlflow', { 'mlflow.spanType': '"CHAT_MODEL"' }],
    ['laminar', { 'lmnr.span.type': 'LLM' }],
    ['genkit', { 'genkit:type': 'action' }],
    ['livekit', { 'lk.chat_ctx': '{}' }, 'livekit-agents'],
    ['none', { 'http.request.method': 'GET', 'url.full': 'https://example.org' }],
  ];
  test.each(marked)('%s: %j', (convention, attributes, scope = '') => {
    expect(map(attributes, { scope: { name: scope, version: '' } }).convention).toBe(convention);
  });
});

describe('cached tokens are counted once', () => {
  test('OpenTelemetry: the input holds them', () => {
    const counts = {
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'anthropic',
      'gen_ai.usage.input_tokens': 130_213,
      'gen_ai.usage.cache_read_tokens': 128_955,
      'gen_ai.usage.cache_write_tokens': 1_253,
      'gen_ai.usage.output_tokens': 12,
      'gen_ai.usage.total_tokens': 130_225,
    };
    expect(usageOf(counts)).toEqual({
      usage: { inputFresh: 5, inputCacheRead: 128_955, inputCacheWrite: 1_253, outputText: 12 },
      isCall: true,
      estimated: false,
    });
  });

  test("OpenTelemetry: Anthropic's own counts, handed on as they are, are smaller than what was cached", () => {
    const counts = {
      'gen_ai.operation.name': 'chat',
      'gen_ai.system': 'anthropic',
      'gen_ai.usage.input_tokens': 5,
      'gen_ai.usage.cache_read_input_tokens': 128_955,
      'gen_ai.usage.output_tokens': 12,
    };
    expect(usageOf(counts)).toEqual({
      usage: { inputFresh: 5, inputCacheRead: 128_955, outputText: 12 },
      isCall: true,
      estimated: false,
    });
  });

  test('OpenInference: the prompt holds them', () => {
    const counts = {
      'openinference.span.kind': 'LLM',
      'llm.token_count.prompt': 21,
      'llm.token_count.prompt_details.cache_read': 5,
      'llm.token_count.completion': 7,
      'llm.token_count.completion_details.reasoning': 3,
      'llm.token_count.total': 28,
    };
    expect(usageOf(counts).usage).toEqual({
      inputFresh: 16,
      inputCacheRead: 5,
      outputText: 4,
      outputThinking: 3,
    });
  });

  test('OpenLLMetry: what was cached is in what was asked', () => {
    const counts = {
      'llm.request.type': 'chat',
      'gen_ai.system': 'Anthropic',
      'gen_ai.usage.prompt_tokens': 1_163,
      'gen_ai.usage.cache_read_input_tokens': 1_159,
      'gen_ai.usage.completion_tokens': 187,
      'llm.usage.total_tokens': 1_350,
    };
    expect(usageOf(counts)).toEqual({
      usage: { inputFresh: 4, inputCacheRead: 1_159, outputText: 187 },
      isCall: true,
      estimated: false,
    });
  });

  test('the AI SDK before version 6: with OpenAI the input holds them, with Claude it does not', () => {
    const counts = {
      'ai.operationId': 'ai.streamText.doStream',
      'ai.usage.inputTokens': 2_224,
      'ai.usage.outputTokens': 1_469,
      'ai.usage.totalTokens': 3_693,
      'ai.usage.reasoningTokens': 1_152,
      'ai.usage.cachedInputTokens': 2_048,
    };
    expect(usageOf({ ...counts, 'ai.model.provider': 'openai.chat' }).usage).toEqual({
      inputFresh: 176,
      inputCacheRead: 2_048,
      outputText: 317,
      outputThinking: 1_152,
    });
    expect(usageOf({ ...counts, 'ai.model.provider': 'anthropic.messages' }).usage.inputFresh).toBe(2_224);
    const onBedrock = {
      'ai.model.provider': 'amazon-bedrock',
      'ai.model.id': 'us.anthropic.claude-sonnet-4',
    };
    expect(usageOf({ ...counts, ...onBedrock }).usage.inputFresh).toBe(2_224);
  });

  test('the AI SDK from version 6: the parts are told, and the input holds them for everyone', () => {
    const counts = {
      'ai.operationId': 'ai.generateText.doGenerate',
      'ai.model.provider': 'anthropic.messages',
      'ai.usage.inputTokens': 6_221,
      'ai.usage.outputTokens': 9,
      'ai.usage.totalTokens': 6_230,
      'ai.usage.cachedInputTokens': 6_209,
      'ai.usage.inputTokenDetails.cacheReadTokens': 6_209,
    };
    expect(usageOf(counts).usage).toEqual({ inputFresh: 12, inputCacheRead: 6_209, outputText: 9 });
  });

  test('Langfuse: its own keys are disjoint, unless the total says that they are not', () => {
    const told = (usage: JsonObject) =>
      usageOf({
        'langfuse.observation.type': 'generation',
        'langfuse.observation.usage_details': JSON.stringify(usage),
      }).usage;
    const disjoint = { inputFresh: 86, inputCacheRead: 17_817, outputText: 40 };
    expect(told({ input: 86, input_cached_tokens: 17_817, output: 40, total: 17_943 })).toEqual(disjoint);
    expect(told({ input: 86, cache_read_input_tokens: 17_817, output: 40 })).toEqual(disjoint);
    expect(told({ input: 17_903, input_cached_tokens: 17_817, output: 40, total: 17_943 })).toEqual(disjoint);
    const openai = { prompt_tokens: 17_903, completion_tokens: 40, total_tokens: 17_943 };
    expect(told({ ...openai, prompt_tokens_details: { cached_tokens: 17_817 } })).toEqual(disjoint);
    expect(told({ input_tokens: 86, cache_read_input_tokens: 17_817, output_tokens: 40 })).toEqual(disjoint);
  });

  test('a write that is left in the input by one who takes the read out is taken out too', () => {
    const usage = {
      input: 130,
      cache_read_input_tokens: 900,
      cache_creation_input_tokens: 100,
      output: 20,
      total: 1_050,
    };
    const counts = {
      'langfuse.observation.type': 'generation',
      'langfuse.observation.usage_details': JSON.stringify(usage),
    };
    expect(usageOf(counts).usage).toEqual({
      inputFresh: 30,
      inputCacheRead: 900,
      inputCacheWrite: 100,
      outputText: 20,
    });
  });
});

describe('thoughts are counted once', () => {
  const gemini = { 'gen_ai.operation.name': 'generate_content', 'gen_ai.provider.name': 'gcp.gemini' };
  const counts = { ...gemini, 'gen_ai.usage.input_tokens': 10, 'gen_ai.usage.output_tokens': 20 };

  test('Gemini tells them beside what was said, as its total proves', () => {
    const told = { ...counts, 'gen_ai.usage.reasoning_tokens': 15, 'gen_ai.usage.total_tokens': 45 };
    expect(usageOf(told)).toEqual({
      usage: { inputFresh: 10, outputText: 20, outputThinking: 15 },
      isCall: true,
      estimated: false,
    });
  });

  test('where nothing proves it, the counts are an estimate', () => {
    expect(usageOf({ ...counts, 'gen_ai.usage.reasoning_tokens': 15 }).estimated).toBe(true);
    expect(usageOf({ ...counts, 'gen_ai.usage.reasoning_tokens': 25 })).toMatchObject({
      usage: { outputText: 20, outputThinking: 25 },
      estimated: false,
    });
  });
});

describe('what sums the calls below it is no call, and has no usage of its own', () => {
  const tokens = { 'gen_ai.usage.input_tokens': 42, 'gen_ai.usage.output_tokens': 14 };
  const sums: [what: string, attributes: JsonObject, scope?: string][] = [
    [
      "OpenTelemetry's agent",
      { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.request.model': 'gpt-4o', ...tokens },
    ],
    ["OpenTelemetry's workflow", { 'gen_ai.operation.name': 'invoke_workflow', ...tokens }],
    ["the AI SDK's generateText", { 'ai.operationId': 'ai.generateText', 'ai.usage.inputTokens': 42 }],
    ["the AI SDK's embedMany", { 'ai.operationId': 'ai.embedMany', 'ai.usage.tokens': 42 }],
    ["the AI SDK's shell of an embedding", { 'gen_ai.operation.name': 'embeddings' }, 'gen_ai'],
    ["OpenInference's chain", { 'openinference.span.kind': 'CHAIN', 'llm.token_count.prompt': 42 }],
    ["Pydantic AI's run", { 'pydantic_ai.all_messages': '[]', 'gen_ai.agent.name': 'desk', ...tokens }],
    [
      "Langfuse's agent",
      { 'langfuse.observation.type': 'agent', 'langfuse.observation.usage_details': '{"input":42}' },
    ],
    ["Traceloop's workflow", { 'traceloop.span.kind': 'workflow', ...tokens }],
    ["MLflow's agent", { 'mlflow.spanType': '"AGENT"', 'mlflow.chat.tokenUsage': '{"input_tokens":42}' }],
    ["LiveKit's node", { 'lk.chat_ctx': '{}', ...tokens }],
  ];
  test.each(sums)('%s', (_, attributes, scope = '') => {
    expect(usageOf(attributes)).toMatchObject({ ...(scope === '' ? { isCall: false } : {}), usage: {} });
    expect(map(attributes, { scope: { name: scope, version: '' } })).toMatchObject({
      isCall: false,
      usage: {},
    });
  });
});

test('an error is told by its code, its words and its status, from the attributes or the event of an exception', () => {
  const exception = { 'exception.type': 'APIError', 'exception.message': 'overloaded' };
  const events = [{ name: 'exception', atMs: 1_790_000_000_500, attributes: exception }];
  const failed = map(
    { 'gen_ai.operation.name': 'chat', 'http.response.status_code': 529 },
    { statusCode: 2, events },
  );
  expect(failed).toMatchObject({ errorCode: 'APIError', errorMessage: 'overloaded', status: 529 });
  expect(map({ 'gen_ai.operation.name': 'chat', 'error.type': '404' })).toMatchObject({
    errorCode: '404',
    status: 404,
  });
  const handled = map({ 'gen_ai.operation.name': 'chat' }, { statusCode: 1, events });
  expect(handled.errorCode).toBeUndefined();
});

test('the time to the first token is milliseconds, whatever its unit was', () => {
  const chat = { 'gen_ai.operation.name': 'chat' };
  expect(map({ ...chat, 'gen_ai.response.time_to_first_chunk': 0.25 })).toMatchObject({
    ttftMs: 250,
    stream: true,
  });
  const ai = { 'ai.operationId': 'ai.streamText.doStream', 'ai.response.msToFirstChunk': 120.5 };
  expect(map(ai)).toMatchObject({ ttftMs: 120.5, stream: true });
  const started = new Date(1_790_000_000_040).toISOString();
  const langfuse = {
    'langfuse.observation.type': 'generation',
    'langfuse.observation.completion_start_time': `"${started}"`,
  };
  expect(map(langfuse).ttftMs).toBe(40);
  const events = [{ name: 'First Token Stream Event', atMs: 1_790_000_000_033, attributes: {} }];
  expect(map({ 'openinference.span.kind': 'LLM' }, { events }).ttftMs).toBe(33);
});

test('who, where and what for is read from the span, else from who runs it', () => {
  const resource = {
    'service.name': 'desk',
    'service.version': '1.2',
    'deployment.environment.name': 'prod',
  };
  const own = {
    'gen_ai.operation.name': 'chat',
    'session.id': 's',
    'user.id': 'u',
    'langfuse.environment': 'staging',
  };
  expect(map(own, { resource })).toMatchObject({
    service: 'desk',
    release: '1.2',
    environment: 'staging',
    sessionId: 's',
    userId: 'u',
  });
  expect(map({}, { resource: { 'service.name': 'unknown_service:node' } }).service).toBeUndefined();
});

test('a provider that nobody names is guessed from the model, and said to be', () => {
  const langfuse = {
    'langfuse.observation.type': 'generation',
    'langfuse.observation.model.name': 'claude-sonnet-4-5',
  };
  expect(map(langfuse)).toMatchObject({ provider: 'anthropic', isProviderGuessed: true });
  const named = map({
    'gen_ai.operation.name': 'chat',
    'gen_ai.system': 'openai',
    'gen_ai.request.model': 'claude-x',
  });
  expect(named.provider).toBe('openai');
  expect(named.isProviderGuessed).toBeUndefined();
});

test('the host that was called comes before the name that its client has for everyone', () => {
  const chat = { 'gen_ai.operation.name': 'chat', 'gen_ai.system': 'openai' };
  expect(map({ ...chat, 'server.address': 'api.deepseek.com' }).provider).toBe('deepseek');
  expect(map({ ...chat, 'server.address': 'acme.openai.azure.com' }).provider).toBe('azure');
  expect(map({ ...chat, 'server.address': '127.0.0.1' }).provider).toBe('openai');
});

test('attributes of the wrong type and of any length are as good as none, and nothing throws', () => {
  const odd = {
    'gen_ai.operation.name': 'chat',
    'gen_ai.usage.input_tokens': 'many',
    'gen_ai.usage.output_tokens': { low: 1 },
    'gen_ai.response.finish_reasons': [null],
    'langfuse.trace.tags': '{"not":"a list"}',
    'user.id': 'u'.repeat(10_000),
    'gen_ai.input.messages': '[{"role":',
  };
  const mapped = map(odd);
  expect(mapped).toMatchObject({ usage: {}, tags: [] });
  expect(mapped.userId).toHaveLength(256);
});

test('a typical span is mapped in microseconds', () => {
  const span = makeAttributedSpan({
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': 'openai',
    'gen_ai.request.model': 'gpt-4o',
    'gen_ai.response.model': 'gpt-4o-2024-08-06',
    'gen_ai.response.finish_reasons': ['stop'],
    'gen_ai.usage.input_tokens': 21,
    'gen_ai.usage.output_tokens': 7,
    'gen_ai.input.messages': 'x'.repeat(2_000),
  });
  for (let round = 0; round < 1_000; round += 1) mapAttributes(span);
  const rounds = 1_000;
  const startedAt = performance.now();
  for (let round = 0; round < rounds; round += 1) mapAttributes(span);
  const eachUs = ((performance.now() - startedAt) * 1_000) / rounds;
  // Measured at a few microseconds; the bound leaves room for a machine that does other things.
  expect(eachUs).toBeLessThan(250);
});
