import { isObject, type Json, type JsonObject } from '@app/protocol';
import type { AttributedSpan } from '../received/received-span.ts';
import { chatContent, plainContent } from './content/chat-content.ts';
import type { Convention, SpanKind, TokenNames } from './convention.ts';
import { HOLDS_ALL, type TokenRule } from './disjoint-usage.ts';
import { findJson, findText, unpack } from './find-attribute.ts';
import type { MappedContent } from './mapped-span.ts';
import { withShared } from './shared-names.ts';

/** What is told of a span whose convention has no word of its own for it. */
const KINDS = new Map<string, SpanKind>(
  Object.entries({
    chat: { type: 'generation', isCall: true },
    completion: { type: 'generation', isCall: true },
    text_completion: { type: 'generation', isCall: true },
    generate_content: { type: 'generation', isCall: true },
    response: { type: 'generation', isCall: true },
    responses: { type: 'generation', isCall: true },
    embeddings: { type: 'embedding', isCall: true },
    embedding: { type: 'embedding', isCall: true },
    rerank: { type: 'rerank', isCall: true },
    image_generation: { type: 'image', isCall: true },
    image: { type: 'image', isCall: true },
    audio: { type: 'audio', isCall: true },
    speech: { type: 'audio', isCall: true },
    transcription: { type: 'audio', isCall: true },
    moderation: { type: 'moderation', isCall: true },
    retrieval: { type: 'retriever', isCall: false },
    vectordb: { type: 'retriever', isCall: false },
    execute_tool: { type: 'tool', isCall: false },
    execute_tools: { type: 'chain', isCall: false },
    create_agent: { type: 'agent', isCall: false },
    invoke_agent: { type: 'agent', isCall: false },
    agent: { type: 'agent', isCall: false },
    invoke_workflow: { type: 'chain', isCall: false },
    workflow: { type: 'chain', isCall: false },
    agent_step: { type: 'chain', isCall: false },
    plan: { type: 'chain', isCall: false },
  } satisfies { [operation: string]: SpanKind }),
);

/** OpenTelemetry's names of counts, today's first, with those that its users wrote before and beside them. */
export const GENAI_TOKENS: TokenNames = {
  input: ['gen_ai.usage.input_tokens', 'gen_ai.usage.prompt_tokens', 'llm.usage.prompt_tokens'],
  output: ['gen_ai.usage.output_tokens', 'gen_ai.usage.completion_tokens', 'llm.usage.completion_tokens'],
  total: ['gen_ai.usage.total_tokens', 'llm.usage.total_tokens'],
  cacheRead: [
    'gen_ai.usage.cache_read.input_tokens',
    'gen_ai.usage.cache_read_input_tokens',
    'gen_ai.usage.input_tokens.cached',
    'gen_ai.usage.cached_input_tokens',
    'gen_ai.usage.details.cache_read_tokens',
    'gen_ai.usage.details.cache_read_input_tokens',
    'gen_ai.usage.prompt_tokens_details.cached_tokens',
    'gen_ai.usage.cache_read_tokens',
  ],
  cacheWrite: [
    'gen_ai.usage.cache_write.input_tokens',
    'gen_ai.usage.cache_creation.input_tokens',
    'gen_ai.usage.cache_creation_input_tokens',
    'gen_ai.usage.cache_write_input_tokens',
    'gen_ai.usage.input_tokens.cache_write',
    'gen_ai.usage.details.cache_write_tokens',
    'gen_ai.usage.details.cache_creation_input_tokens',
    'gen_ai.usage.cache_creation_tokens',
    'gen_ai.usage.cache_write_tokens',
  ],
  cacheWrite1h: [
    'gen_ai.usage.cache_write.1h.input_tokens',
    'gen_ai.usage.cache_creation.ephemeral_1h_input_tokens',
    'gen_ai.usage.cache_creation_input_tokens_1h',
  ],
  thinking: [
    'gen_ai.usage.reasoning.output_tokens',
    'gen_ai.usage.reasoning_tokens',
    'gen_ai.usage.output_tokens.reasoning',
    'llm.usage.reasoning_tokens',
    'gen_ai.usage.details.reasoning_tokens',
    'gen_ai.usage.completion_tokens_details.reasoning_tokens',
  ],
  inputAudio: ['gen_ai.usage.details.input_audio_tokens', 'gen_ai.usage.audio.input_tokens'],
  outputAudio: ['gen_ai.usage.details.output_audio_tokens', 'gen_ai.usage.audio.output_tokens'],
};

/**
 * The GenAI conventions of OpenTelemetry: from version 1.37 (`gen_ai.provider.name`, messages as attributes or in one
 * event), and before it (`gen_ai.system`, an event for each message).
 * Source: opentelemetry.io/docs/specs/semconv/gen-ai.
 */
export const otelGenai: Convention = {
  id: 'otel-genai',
  texts: withShared({}),
  tokens: GENAI_TOKENS,
  streams: ['gen_ai.request.stream', 'gen_ai.is_streaming', 'gen_ai.request.is_stream', 'llm.is_streaming'],
  ttftSeconds: [
    'gen_ai.response.time_to_first_chunk',
    'gen_ai.client.operation.time_to_first_chunk',
    'gen_ai.server.time_to_first_token',
    'gen_ai.response.time_to_first_token',
  ],
  kindOf: kindOfOperation,
  ruleOf: ruleOfMaker,
  contentOf: genaiContent,
};

/** By the name of the operation; without one, a span that has a model and a provider is a call. */
export function kindOfOperation({ attributes, name }: AttributedSpan): SpanKind {
  const operation = findText(attributes, OPERATION);
  const kind = operation === undefined ? undefined : KINDS.get(operation.toLowerCase());
  if (kind !== undefined) return kind;
  if (operation !== undefined) return { type: 'span', isCall: false };
  if (attributes['gen_ai.tool.name'] !== undefined) return { type: 'tool', isCall: false };
  if (attributes['gen_ai.request.model'] === undefined) {
    return { type: attributes['gen_ai.agent.name'] === undefined ? 'span' : 'agent', isCall: false };
  }
  return { type: /embed/i.test(name) ? 'embedding' : 'generation', isCall: true };
}

const OPERATION = ['gen_ai.operation.name'];

/**
 * Anthropic's own input count is without what was cached, and Gemini's and xAI's output count without its thoughts: not
 * every sender adds them as the conventions ask.
 */
export function ruleOfMaker(provider: string | undefined): TokenRule {
  if (provider === 'google' || provider === 'vertex' || provider === 'xai')
    return { ...HOLDS_ALL, outputHoldsThinking: 'unsure' };
  return provider === 'anthropic' || provider === 'bedrock'
    ? { ...HOLDS_ALL, inputHoldsCached: 'unsure' }
    : HOLDS_ALL;
}

const INPUT = ['gen_ai.input.messages', 'gen_ai.prompt_json', 'gen_ai.prompt', 'gen_ai.content.prompt'];
const OUTPUT = [
  'gen_ai.output.messages',
  'gen_ai.completion_json',
  'gen_ai.completion',
  'gen_ai.content.completion',
];
const SYSTEM = ['gen_ai.system_instructions', 'gen_ai.system.instructions'];
const TOOLS = ['gen_ai.tool.definitions', 'gen_ai.request.tools', 'gen_ai.request.available_tools'];
const FINISHED = ['gen_ai.response.finish_reasons', 'gen_ai.response.finish_reason'];

export function genaiContent(span: AttributedSpan, { type }: SpanKind): MappedContent {
  const { attributes } = span;
  if (type === 'tool') return toolContent(attributes);
  const told = eventsOf(span);
  if (type === 'retriever') {
    return plainContent(
      findJson(attributes, ['gen_ai.retrieval.query.text', 'gen_ai.retrieval.query', 'db.query.text']),
      findJson(attributes, ['gen_ai.retrieval.documents']),
    );
  }
  return chatContent({
    attributes,
    system: findJson(attributes, SYSTEM) ?? told.system,
    input: findJson(attributes, INPUT) ?? told.input,
    output: findJson(attributes, OUTPUT) ?? told.output,
    tools: findJson(attributes, TOOLS) ?? told.tools,
    finishReason: findText(attributes, FINISHED),
  });
}

export function toolContent(attributes: JsonObject): MappedContent {
  return plainContent(
    findJson(attributes, [
      'gen_ai.tool.call.arguments',
      'gen_ai.tool.arguments',
      'tool_arguments',
      'input.value',
    ]),
    findJson(attributes, ['gen_ai.tool.call.result', 'gen_ai.tool.result', 'tool_response', 'output.value']),
  );
}

type Told = { system?: Json; input?: Json; output?: Json; tools?: Json };

/** What events say: one for each message (before 1.37), one for all of it (since), or one for each side (OpenLIT). */
function eventsOf({ events }: AttributedSpan): Told {
  const told: Told = {};
  const asked: Json[] = [];
  const answered: Json[] = [];
  for (const { name, attributes } of events) {
    const role = ROLE_EVENTS.get(name);
    if (role !== undefined) asked.push(eventMessage(attributes, role));
    else if (name === 'gen_ai.choice') answered.push(eventChoice(attributes));
    else {
      told.system ??= findJson(attributes, SYSTEM) ?? told.system ?? null;
      told.input ??= findJson(attributes, INPUT) ?? null;
      told.output ??= findJson(attributes, OUTPUT) ?? null;
      told.tools ??= findJson(attributes, TOOLS) ?? null;
    }
  }
  if (asked.length > 0) told.input = asked;
  if (answered.length > 0) told.output = answered;
  return told;
}

const ROLE_EVENTS = new Map([
  ['gen_ai.system.message', 'system'],
  ['gen_ai.user.message', 'user'],
  ['gen_ai.assistant.message', 'assistant'],
  ['gen_ai.tool.message', 'tool'],
]);

/** An event has its message in its attributes, in one attribute as JSON, or under the names of the convention. */
function eventMessage(attributes: JsonObject, fallback: string): JsonObject {
  const body = unpack(attributes.body ?? attributes['gen_ai.event.content'] ?? attributes.message ?? null);
  const fields = isObject(body) ? { ...attributes, ...body } : attributes;
  const { role, content, tool_calls: calls, id, tool_call_id: callId, name } = fields;
  return {
    role: typeof role === 'string' && role !== '' ? role : fallback,
    content: content ?? null,
    ...(calls === undefined ? {} : { tool_calls: unpack(calls) }),
    ...(callId === undefined && id === undefined ? {} : { tool_call_id: callId ?? id }),
    ...(typeof name === 'string' ? { name } : {}),
    ...(fields.reasoning === undefined ? {} : { reasoning: fields.reasoning }),
  };
}

function eventChoice(attributes: JsonObject): JsonObject {
  const message = unpack(attributes.message ?? null);
  if (typeof message === 'string')
    return eventMessage({ ...attributes, message: null, content: message }, 'assistant');
  return eventMessage(
    isObject(message) ? { ...attributes, ...message, message: null } : attributes,
    'assistant',
  );
}
