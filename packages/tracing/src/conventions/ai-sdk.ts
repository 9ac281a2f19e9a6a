import { isObject, type Json, type JsonObject } from '@app/protocol';
import type { AttributedSpan } from '../received/received-span.ts';
import { chatContent, plainContent } from './content/chat-content.ts';
import type { Convention, SpanKind } from './convention.ts';
import { HOLDS_ALL, type TokenRule } from './disjoint-usage.ts';
import { findJson, findText, unpack } from './find-attribute.ts';
import type { MappedContent, MappedSpan } from './mapped-span.ts';
import { kindOfOperation, otelGenai, ruleOfMaker } from './otel-genai.ts';
import { withShared } from './shared-names.ts';

/**
 * The AI SDK's own attributes (`ai.*`), which its version 7 still writes where it is asked to. Source:
 * ai-sdk.dev/docs/ai-sdk-core/telemetry. Only the spans named `do...` call a model; the ones around them sum them up.
 */
export const aiSdk: Convention = {
  id: 'ai-sdk',
  texts: withShared({
    modelAsked: ['ai.model.id', 'gen_ai.request.model'],
    model: ['ai.response.model', 'gen_ai.response.model'],
    provider: ['ai.model.provider', 'gen_ai.system', 'gen_ai.provider.name'],
    responseId: ['ai.response.id', 'gen_ai.response.id'],
    finishReason: ['ai.response.finishReason', 'gen_ai.response.finish_reasons'],
    toolName: ['ai.toolCall.name'],
    promptName: ['ai.telemetry.metadata.promptName'],
    promptVersion: ['ai.telemetry.metadata.promptVersion'],
  }),
  tokens: {
    input: ['ai.usage.inputTokens', 'ai.usage.promptTokens', 'gen_ai.usage.input_tokens', 'ai.usage.tokens'],
    inputFresh: ['ai.usage.inputTokenDetails.noCacheTokens'],
    output: ['ai.usage.outputTokens', 'ai.usage.completionTokens', 'gen_ai.usage.output_tokens'],
    outputText: ['ai.usage.outputTokenDetails.textTokens'],
    total: ['ai.usage.totalTokens'],
    cacheRead: [
      'ai.usage.inputTokenDetails.cacheReadTokens',
      'ai.usage.cachedInputTokens',
      'gen_ai.usage.cache_read.input_tokens',
    ],
    cacheWrite: ['ai.usage.inputTokenDetails.cacheWriteTokens', 'gen_ai.usage.cache_creation.input_tokens'],
    thinking: ['ai.usage.outputTokenDetails.reasoningTokens', 'ai.usage.reasoningTokens'],
  },
  ttftMs: ['ai.response.msToFirstChunk', 'ai.stream.msToFirstChunk'],
  kindOf: ({ attributes, name }) => kindOfId(findText(attributes, ['ai.operationId']) ?? name),
  ruleOf,
  more,
  contentOf,
};

/**
 * Version 7 of the AI SDK by OpenTelemetry's conventions. Around the embedding that calls a model stands one of the same
 * name, which has no counts. Input holds what was cached, whoever the provider is.
 */
export const aiSdkGenai: Convention = {
  ...otelGenai,
  id: 'ai-sdk',
  kindOf: (span) => {
    const kind = kindOfOperation(span);
    const isShell = kind.type === 'embedding' && span.attributes['gen_ai.usage.input_tokens'] === undefined;
    return isShell ? { type: 'chain', isCall: false } : kind;
  },
  ruleOf: () => HOLDS_ALL,
};

function kindOfId(id: string): SpanKind {
  if (id === 'ai.toolCall') return { type: 'tool', isCall: false };
  const isCall = /\.do[A-Z]/.test(id);
  const what = id.slice('ai.'.length);
  if (what.startsWith('embed')) return { type: isCall ? 'embedding' : 'chain', isCall };
  if (what.startsWith('rerank')) return { type: isCall ? 'rerank' : 'chain', isCall };
  if (what.startsWith('generateImage')) return { type: isCall ? 'image' : 'chain', isCall };
  if (/^(generateSpeech|transcribe|streamTranscribe)/.test(what))
    return { type: isCall ? 'audio' : 'chain', isCall };
  if (/^(workflowAgent|agent)/i.test(what)) return { type: 'agent', isCall: false };
  if (isCall) return { type: 'generation', isCall };
  return { type: /^(generate|stream)(Text|Object)/.test(what) ? 'chain' : 'span', isCall: false };
}

/**
 * Versions 4 and 5 hand on what Claude's providers say, where input is without what was cached; version 6 counts it in for
 * all of them, and tells the parts.
 */
function ruleOf(provider: string | undefined, { attributes }: AttributedSpan): TokenRule {
  const rule = ruleOfMaker(provider);
  if (DETAILS.some((name) => attributes[name] !== undefined)) return { ...rule, inputHoldsCached: true };
  const isClaude = provider === 'anthropic' || /claude/.test(findText(attributes, ['ai.model.id']) ?? '');
  return { ...rule, inputHoldsCached: !isClaude };
}

const DETAILS = ['noCacheTokens', 'cacheReadTokens', 'cacheWriteTokens'].map(
  (name) => `ai.usage.inputTokenDetails.${name}`,
);

function more({ attributes, name }: AttributedSpan, mapped: MappedSpan): void {
  const id = findText(attributes, ['ai.operationId']) ?? name;
  if (mapped.type === 'generation') mapped.stream = id.startsWith('ai.stream');
  const prompt = findJson(attributes, ['ai.telemetry.metadata.langfusePrompt']);
  if (isObject(prompt) && typeof prompt.name === 'string') {
    mapped.promptName ??= prompt.name.slice(0, 200);
    if (typeof prompt.version === 'number') mapped.promptVersion ??= String(prompt.version);
  }
  const metadata = findJson(attributes, ['ai.response.providerMetadata']);
  const usd = isObject(metadata) ? costOf(metadata) : undefined;
  if (mapped.isCall && usd !== undefined) mapped.givenUsd ??= usd;
}

/** OpenRouter tells in its metadata what a call cost. */
function costOf({ openrouter }: JsonObject): number | undefined {
  const usage = isObject(openrouter) ? openrouter.usage : undefined;
  const cost = isObject(usage) ? usage.cost : undefined;
  return typeof cost === 'number' && cost >= 0 ? cost : undefined;
}

function contentOf({ attributes }: AttributedSpan, { type, isCall }: SpanKind): MappedContent {
  if (type === 'tool') {
    return plainContent(
      findJson(attributes, ['ai.toolCall.args']),
      findJson(attributes, ['ai.toolCall.result']),
    );
  }
  if (type === 'embedding' || findJson(attributes, EMBEDDED) !== undefined) {
    return plainContent(
      unpackAll(findJson(attributes, EMBEDDED)),
      dimensionsOf(findJson(attributes, EMBEDDINGS)),
    );
  }
  const input = findJson(attributes, ['ai.prompt.messages', 'ai.prompt', 'ai.documents', 'ai.request.text']);
  const output = answerOf(attributes);
  const isChat = isCall ? type === 'generation' : isObject(input) || Array.isArray(input);
  if (!isChat) return plainContent(input, output);
  return chatContent({
    attributes,
    input,
    output,
    tools: findJson(attributes, ['ai.prompt.tools']),
    finishReason: findText(attributes, ['ai.response.finishReason']),
  });
}

const EMBEDDED = ['ai.values', 'ai.value'];
const EMBEDDINGS = ['ai.embeddings', 'ai.embedding'];

/** What was said, thought and called stands in attributes of its own; an object is said as its JSON. */
function answerOf(attributes: JsonObject): Json | undefined {
  const text = attributes['ai.response.text'] ?? attributes['ai.response.object'] ?? attributes['ai.ranking'];
  const thought = findText(attributes, ['ai.response.reasoning']);
  const calls = findJson(attributes, ['ai.response.toolCalls']);
  if (text === undefined && thought === undefined && calls === undefined) return undefined;
  return {
    role: 'assistant',
    content: text ?? null,
    ...(thought === undefined ? {} : { reasoning_content: thought }),
    ...(calls === undefined ? {} : { tool_calls: calls }),
  };
}

/** Each value is a text of JSON. */
function unpackAll(value: Json | undefined): Json | undefined {
  return Array.isArray(value) ? value.map(unpack) : value;
}

/** Vectors say nothing to a person: only how many there are, and of how many numbers. */
function dimensionsOf(value: Json | undefined): Json | undefined {
  const vectors = unpackAll(value);
  if (!Array.isArray(vectors)) return undefined;
  if (vectors.every((entry) => typeof entry === 'number')) return [{ dimensions: vectors.length }];
  return vectors.map((vector) => ({ dimensions: Array.isArray(vector) ? vector.length : 0 }));
}
