import type { Call, Thinking } from '../call.ts';
import type { JsonObject } from '../json.ts';
import type { Writing } from './write-call.ts';

/**
 * What only some makers' models know travels in `additionalModelRequestFields`, in the words of the maker.
 * Source: the Bedrock user guide, the pages on each maker's models and on thinking.
 */
export function writeModelFields(writing: Writing): void {
  const fields = { ...writeThinking(writing), ...writeTopK(writing) };
  if (Object.keys(fields).length > 0) writing.body.additionalModelRequestFields = fields;
}

function writeTopK({ call, losses, words, family }: Writing): JsonObject {
  const { topK } = call.sampling;
  if (topK === undefined) return {};
  if (family === 'claude') return { top_k: topK };
  if (family === 'nova') return { inferenceConfig: { topK } };
  losses.add(words.topK, 'unsupported');
  return {};
}

function writeThinking(writing: Writing): JsonObject {
  const { call, losses, words, family } = writing;
  const { thinking } = call;
  if (thinking === undefined) return {};
  if (family === 'claude') return writeClaudeThinking(thinking, writing);
  const effort = family === 'other' ? undefined : effortOf(thinking);
  if (effort === undefined) {
    losses.add(words.thinking, 'unsupported');
    return {};
  }
  if (effort !== thinking.effort) losses.add(words.thinking, 'changed');
  if (family === 'gpt') return { reasoning_effort: effort };
  return { reasoningConfig: { type: 'enabled', maxReasoningEffort: effort } };
}

function writeClaudeThinking(thinking: Thinking, { call, losses, words }: Writing): JsonObject {
  const fields: JsonObject = {};
  if (thinking.kind === 'off') fields.thinking = { type: 'disabled' };
  if (thinking.kind === 'adaptive') fields.thinking = { type: 'adaptive' };
  if (thinking.kind === 'budget') fields.thinking = { type: 'enabled', budget_tokens: thinking.tokens };
  if (thinking.effort === undefined) return fields;
  // `minimal` is a word that only OpenAI has.
  const isUnknown = thinking.effort === 'minimal';
  if (isUnknown) losses.add(words.thinking, 'changed');
  fields.output_config = { effort: isUnknown ? 'low' : thinking.effort };
  if (thinking.kind === 'effort' && mayThink(call)) fields.thinking = { type: 'adaptive' };
  return fields;
}

/** An effort elsewhere means thinking, which Claude refuses beside a forced tool or a chosen sampling. */
function mayThink({ toolChoice, sampling }: Call): boolean {
  const isForced =
    toolChoice?.kind === 'required' ||
    toolChoice?.kind === 'tool' ||
    (toolChoice?.kind === 'allowed' && toolChoice.isRequired);
  const isSampled =
    (sampling.temperature ?? 1) !== 1 || (sampling.topP ?? 1) !== 1 || sampling.topK !== undefined;
  return !isForced && !isSampled;
}

/** The three words that other makers know; nothing where thinking shall be off, which they cannot be told. */
function effortOf(thinking: Thinking): 'low' | 'medium' | 'high' | undefined {
  if (thinking.kind === 'off') return undefined;
  if (thinking.kind === 'budget' && thinking.effort === undefined) {
    if (thinking.tokens <= 4_096) return 'low';
    return thinking.tokens <= 16_384 ? 'medium' : 'high';
  }
  switch (thinking.effort) {
    case 'minimal':
    case 'low':
      return 'low';
    case 'high':
    case 'xhigh':
    case 'max':
      return 'high';
    default:
      return 'medium';
  }
}
