import type { SpanFields, SpanStart, SpanType } from '../../tracer.ts';
import { isRecord, objectOf, textIn } from '../read/wire-value.ts';
import { snapshot } from '../snapshot.ts';

type Start = SpanStart & { name: string };

/** What a kind of event of the channel `ai:telemetry` is to us. */
const TYPES: { readonly [event: string]: SpanType } = {
  generateText: 'chain',
  streamText: 'chain',
  step: 'chain',
  languageModelCall: 'generation',
  executeTool: 'tool',
  embed: 'embedding',
  embedMany: 'embedding',
  rerank: 'rerank',
  generateSpeech: 'audio',
  transcribe: 'audio',
  streamTranscribe: 'audio',
};

/**
 * How the span of an event begins. The whole of a generation with tools is an agent's; only single calls of a model carry
 * figures, so that nothing is counted twice. Headers are never looked at.
 */
export function spanOfEvent(type: string, value: unknown): Start {
  const event = objectOf(value);
  if (type === 'executeTool') return toolStart(objectOf(event.toolCall));
  if (type === 'step') return { name: `step ${Number(event.stepNumber ?? 0) + 1}`, type: 'chain' };
  const isModelCall = type === 'languageModelCall';
  const isRoot = type === 'generateText' || type === 'streamText';
  const hasTools = isRecord(event.tools) && Object.keys(event.tools).length > 0;
  return {
    ...(!isRoot && { modelAsked: textIn(event.modelId) }),
    ...(isRoot && ownerOf(event.runtimeContext)),
    name: (isModelCall ? undefined : textIn(event.functionId)) ?? type,
    type: isRoot && hasTools ? 'agent' : (TYPES[type] ?? 'chain'),
    dialect: 'ai-sdk',
    provider: providerOf(event.provider),
    input: inputOf(event),
  };
}

/** How a call that makes an object begins, which the channel does not tell. */
export function spanOfObject(value: unknown): Start {
  const event = objectOf(value);
  return {
    name: textIn(event.functionId) ?? textIn(event.operationId)?.replace(/^ai\./, '') ?? 'generateObject',
    type: 'chain',
    dialect: 'ai-sdk',
    provider: providerOf(event.provider),
    input: inputOf(event),
  };
}

function toolStart(call: { [field: string]: unknown }): Start {
  const toolName = textIn(call.toolName) ?? 'tool';
  return { name: toolName, type: 'tool', toolName, input: snapshot(call.input) };
}

const INPUTS = [
  ...[
    'instructions',
    'system',
    'prompt',
    'messages',
    'promptMessages',
    'value',
    'query',
    'documents',
    'text',
  ],
  ...['schema', 'schemaName', 'schemaDescription', 'toolChoice', 'voice', 'outputFormat', 'dimensions'],
  ...['maxOutputTokens', 'temperature', 'topP', 'topK', 'presencePenalty', 'frequencyPenalty'],
  ...['stopSequences', 'seed', 'reasoning'],
];

function inputOf(event: { [field: string]: unknown }): unknown {
  const input: { [field: string]: unknown } = {};
  for (const name of INPUTS) if (event[name] !== undefined) input[name] = event[name];
  // For the model tools are a list; for the whole call they are the app's own objects, of which the names are enough.
  if (Array.isArray(event.tools)) input.tools = event.tools;
  else if (isRecord(event.tools)) input.tools = Object.keys(event.tools);
  return snapshot(input);
}

/** The SDK names the API as well: `openai.responses`. */
function providerOf(value: unknown): string | undefined {
  return textIn(value)?.split('.')[0];
}

/** Whose call it is, where the app lets telemetry see it (`includeRuntimeContext`). */
function ownerOf(value: unknown): SpanFields {
  const context = objectOf(value);
  const [userId, sessionId] = [textIn(context.userId), textIn(context.sessionId)];
  return { ...(userId !== undefined && { userId }), ...(sessionId !== undefined && { sessionId }) };
}
