import type { SpanFields, TokenUsage } from '../../tracer.ts';
import { findProviderUsage } from '../read/any-usage.ts';
import { usageFields } from '../read/reply-reader.ts';
import { isRecord, numberIn, objectOf } from '../read/wire-value.ts';

/**
 * Tokens in disjoint classes from the AI SDK's figures: the provider's own where they are handed through, since they tell
 * more classes, or else the SDK's, whose totals include what is cached and what was thought. Source: `LanguageModelUsage`
 * of `ai` and `LanguageModelV4Usage` of `@ai-sdk/provider`, which nests the same figures.
 */
export function readAiUsage(value: unknown): SpanFields {
  if (!isRecord(value)) return {};
  const raw = findProviderUsage(value.raw);
  if (raw) return usageFields(raw);
  const tokens = numberIn(value.tokens);
  if (tokens !== undefined) return { usage: { inputFresh: tokens } };
  const input = isRecord(value.inputTokens) ? nested(value.inputTokens) : flatInput(value);
  const output = isRecord(value.outputTokens) ? nested(value.outputTokens) : flatOutput(value);
  const usage: TokenUsage = {};
  put(usage, 'inputCacheRead', input.cacheRead);
  put(usage, 'inputCacheWrite', input.cacheWrite);
  put(usage, 'inputFresh', input.noCache ?? rest(input.total, input.cacheRead, input.cacheWrite));
  put(usage, 'outputThinking', output.reasoning);
  put(usage, 'outputText', output.text ?? rest(output.total, output.reasoning, undefined));
  return Object.keys(usage).length === 0 ? {} : { usage };
}

type Figures = { [name: string]: number | undefined };

function nested(value: object): Figures {
  const figures: Figures = {};
  for (const [name, count] of Object.entries(value)) figures[name] = numberIn(count);
  return figures;
}

function flatInput(value: object): Figures {
  const { inputTokens, inputTokenDetails } = value as { inputTokens?: unknown; inputTokenDetails?: unknown };
  const details = objectOf(inputTokenDetails);
  return {
    total: numberIn(inputTokens),
    noCache: numberIn(details.noCacheTokens),
    cacheRead: numberIn(details.cacheReadTokens),
    cacheWrite: numberIn(details.cacheWriteTokens),
  };
}

function flatOutput(value: object): Figures {
  const { outputTokens, outputTokenDetails } = value as {
    outputTokens?: unknown;
    outputTokenDetails?: unknown;
  };
  const details = objectOf(outputTokenDetails);
  return {
    total: numberIn(outputTokens),
    text: numberIn(details.textTokens),
    reasoning: numberIn(details.reasoningTokens),
  };
}

function rest(total: number | undefined, one: number | undefined, two: number | undefined) {
  return total === undefined ? undefined : Math.max(0, total - (one ?? 0) - (two ?? 0));
}

function put(usage: TokenUsage, name: keyof TokenUsage, tokens: number | undefined): void {
  if (tokens !== undefined) usage[name] = tokens;
}
