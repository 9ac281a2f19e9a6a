import { isObject, type Json, type JsonObject } from '@app/protocol';
import type { AttributedSpan } from '../received/received-span.ts';
import { chatContent, plainContent } from './content/chat-content.ts';
import type { Convention, SpanKind } from './convention.ts';
import type { Counts, TokenRule } from './disjoint-usage.ts';
import { HOLDS_ALL } from './disjoint-usage.ts';
import { findJson, findText, numberOf } from './find-attribute.ts';
import type { MappedContent, MappedSpan } from './mapped-span.ts';
import { GENAI_TOKENS, kindOfOperation } from './otel-genai.ts';
import { withShared } from './shared-names.ts';

const KINDS = new Map<string, SpanKind>(
  Object.entries({
    generation: { type: 'generation', isCall: true },
    embedding: { type: 'embedding', isCall: true },
    span: { type: 'span', isCall: false },
    event: { type: 'event', isCall: false },
    agent: { type: 'agent', isCall: false },
    tool: { type: 'tool', isCall: false },
    chain: { type: 'chain', isCall: false },
    retriever: { type: 'retriever', isCall: false },
    evaluator: { type: 'evaluator', isCall: false },
    guardrail: { type: 'guardrail', isCall: false },
  } satisfies { [type: string]: SpanKind }),
);

const USAGE = ['langfuse.observation.usage_details'];
const COST = ['langfuse.observation.cost_details'];
const ERROR = 'ERROR';

/** Langfuse's SDKs from version 3 (Python) and 4 (JavaScript). Source: langfuse.com/integrations/native/opentelemetry. */
export const langfuse: Convention = {
  id: 'langfuse',
  texts: withShared({
    modelAsked: ['langfuse.observation.model.name'],
    model: ['langfuse.observation.model.name'],
    environment: ['langfuse.environment'],
    release: ['langfuse.release', 'langfuse.version'],
  }),
  tokens: GENAI_TOKENS,
  ttftAt: ['langfuse.observation.completion_start_time'],
  kindOf: (span) => {
    const type = findText(span.attributes, ['langfuse.observation.type']);
    return KINDS.get((type ?? '').toLowerCase()) ?? kindOfOperation(span);
  },
  ruleOf: (_provider, { attributes }) => ruleOf(findJson(attributes, USAGE)),
  countsOf,
  more,
  contentOf,
};

/** Names under which usage has come: Langfuse's own, OpenAI's two, Anthropic's and Gemini's. The first that is there. */
const COUNTS: { readonly [count in keyof Counts]: readonly string[] } = {
  input: ['input', 'prompt_tokens', 'input_tokens', 'promptTokens', 'inputTokens', 'prompt_token_count'],
  output: [
    'output',
    'completion_tokens',
    'output_tokens',
    'completionTokens',
    'outputTokens',
    'candidates_token_count',
  ],
  total: ['total', 'total_tokens', 'totalTokens', 'total_token_count'],
  cacheRead: [
    'input_cached_tokens',
    'cache_read_input_tokens',
    'input_cache_read',
    'input_cached',
    'prompt_tokens_details.cached_tokens',
    'input_tokens_details.cached_tokens',
    'cachedInputTokens',
    'cached_content_token_count',
  ],
  cacheWrite: [
    'cache_creation_input_tokens',
    'input_cache_creation',
    'input_cache_write',
    'cache_write_input_tokens',
  ],
  cacheWrite1h: ['input_cache_creation_1h', 'cache_creation.ephemeral_1h_input_tokens'],
  thinking: [
    'output_reasoning_tokens',
    'output_reasoning',
    'completion_tokens_details.reasoning_tokens',
    'output_tokens_details.reasoning_tokens',
    'reasoning_tokens',
    'reasoningTokens',
    'thoughts_token_count',
  ],
  inputAudio: ['input_audio_tokens', 'input_audio', 'prompt_tokens_details.audio_tokens'],
  outputAudio: ['output_audio_tokens', 'output_audio', 'completion_tokens_details.audio_tokens'],
};

function countsOf({ attributes }: AttributedSpan): Counts {
  const told = findJson(attributes, USAGE);
  const usage = isObject(told) ? told : {};
  const counts: Counts = {};
  for (const [count, names] of Object.entries(COUNTS) as [keyof Counts, readonly string[]][]) {
    const value = firstOf(usage, names);
    if (value !== undefined) counts[count] = value;
  }
  return counts;
}

/** Names with a dot are looked for flat, and one object deeper. */
function firstOf(usage: JsonObject, names: readonly string[]): number | undefined {
  for (const name of names) {
    const dot = name.indexOf('.');
    const outer = dot === -1 ? undefined : usage[name.slice(0, dot)];
    const value =
      numberOf(usage[name]) ?? (isObject(outer) ? numberOf(outer[name.slice(dot + 1)]) : undefined);
    if (value !== undefined) return value;
  }
  return undefined;
}

/**
 * Langfuse's own keys are disjoint, `input` beside `input_cached_tokens`, but some who send them hand on OpenAI's counts. The keys of a provider mean what they mean
 * there: OpenAI's `prompt_tokens` hold what was cached, Anthropic's `input_tokens` do not, Gemini's thoughts stand beside.
 */
function ruleOf(usage: Json | undefined): TokenRule {
  if (!isObject(usage)) return HOLDS_ALL;
  if (usage.candidates_token_count !== undefined)
    return { inputHoldsCached: true, outputHoldsThinking: false };
  const isOwn = usage.input !== undefined || usage.output !== undefined;
  if (isOwn) return { inputHoldsCached: 'unless-total', outputHoldsThinking: 'unless-total' };
  const isAnthropic =
    usage.cache_read_input_tokens !== undefined || usage.cache_creation_input_tokens !== undefined;
  return isAnthropic ? { ...HOLDS_ALL, inputHoldsCached: false } : HOLDS_ALL;
}

function more({ attributes }: AttributedSpan, mapped: MappedSpan): void {
  const costs = findJson(attributes, COST);
  const usd = isObject(costs) ? costOf(costs) : undefined;
  if (mapped.isCall && usd !== undefined) mapped.givenUsd = usd;
  const message = findText(attributes, ['langfuse.observation.status_message']);
  if (findText(attributes, ['langfuse.observation.level']) === ERROR) mapped.errorCode ??= 'error';
  if (message !== undefined && mapped.errorCode !== undefined)
    mapped.errorMessage ??= message.slice(0, 4_000);
  if (mapped.ttftMs !== undefined) mapped.stream ??= true;
}

/** A total, else the sum of its parts; never both. */
function costOf(costs: JsonObject): number | undefined {
  const total = numberOf(costs.total);
  const parts = Object.values(costs).flatMap((part) => numberOf(part) ?? []);
  const usd = total ?? (parts.length === 0 ? undefined : parts.reduce((sum, part) => sum + part, 0));
  return usd !== undefined && usd >= 0 ? usd : undefined;
}

function contentOf({ attributes }: AttributedSpan, { type }: SpanKind): MappedContent {
  const input = findJson(attributes, ['langfuse.observation.input', 'langfuse.trace.input', 'input.value']);
  const output = findJson(attributes, [
    'langfuse.observation.output',
    'langfuse.trace.output',
    'output.value',
  ]);
  if (type !== 'generation') return plainContent(input, output);
  return chatContent({
    attributes,
    input,
    output,
    tools: isObject(input) ? input.tools : undefined,
    params: findJson(attributes, ['langfuse.observation.model.parameters']),
  });
}
