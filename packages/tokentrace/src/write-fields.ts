import type { JsonObject } from './json-value.ts';
import type { Labels } from './scopes.ts';
import { type SnapshotBudget, snapshot } from './snapshot.ts';
import type { SpanFields, Tags, TokenUsage } from './tracer.ts';
import type { WireError, WireSpan, WireUsage } from './wire-span.ts';

/** What is known of a span while it lasts. */
export type SpanDraft = Partial<WireSpan>;

const PLAIN = [
  ['name', 'name'],
  ['type', 'type'],
  ['provider', 'provider'],
  ['model', 'model'],
  ['modelAsked', 'model_asked'],
  ['stream', 'stream'],
  ['ttftMs', 'ttft_ms'],
  ['usageEstimated', 'usage_estimated'],
  ['serviceTier', 'service_tier'],
  ['finishReason', 'finish_reason'],
  ['toolName', 'tool_name'],
  ['requestId', 'request_id'],
  ['gatewayRequestId', 'gateway_request_id'],
  ['dialect', 'dialect'],
] as const satisfies readonly (readonly [keyof SpanFields, keyof WireSpan])[];

const USAGE = {
  inputFresh: 'input_fresh',
  inputCacheRead: 'input_cache_read',
  inputCacheReadAudio: 'input_cache_read_audio',
  inputCacheReadImage: 'input_cache_read_image',
  inputCacheWrite: 'input_cache_write',
  inputCacheWrite1h: 'input_cache_write_1h',
  inputAudio: 'input_audio',
  inputImage: 'input_image',
  outputText: 'output_text',
  outputThinking: 'output_thinking',
  outputAudio: 'output_audio',
  outputImage: 'output_image',
} as const satisfies Record<keyof TokenUsage, keyof WireUsage>;

/** Puts what was told of a span into its draft, under the wire's names. What is absent leaves the draft as it is. */
export function writeFields(draft: SpanDraft, fields: SpanFields, budget: SnapshotBudget): void {
  for (const [name, wireName] of PLAIN) {
    const value = fields[name];
    if (value !== undefined) Object.assign(draft, { [wireName]: value });
  }
  if (fields.usage !== undefined) draft.usage = writeUsage(fields.usage);
  if (fields.input !== undefined) draft.input = snapshot(fields.input, budget);
  if (fields.output !== undefined) draft.output = snapshot(fields.output, budget);
  Object.assign(draft, addLabels(draft, fields, budget));
}

/** The labels with more of them: user, session and prompt replace earlier ones, tags and metadata add up. */
export function addLabels(labels: Labels, more: Tags, budget: SnapshotBudget): Labels {
  const { userId, sessionId, prompt, tags, metadata } = more;
  return {
    ...labelsOf(labels),
    ...(userId !== undefined && { user_id: userId }),
    ...(sessionId !== undefined && { session_id: sessionId }),
    ...(prompt !== undefined && { prompt: { name: prompt.name, version: prompt.version } }),
    ...(tags !== undefined && { tags: [...new Set([...(labels.tags ?? []), ...tags])] }),
    ...(metadata !== undefined && { metadata: { ...labels.metadata, ...snapshotObject(metadata, budget) } }),
  };
}

/** Two sets of labels in one, the second over the first. */
export function joinLabels(outer: Labels, inner: Labels): Labels {
  const tags = outer.tags && inner.tags ? [...new Set([...outer.tags, ...inner.tags])] : undefined;
  const metadata = outer.metadata && inner.metadata ? { ...outer.metadata, ...inner.metadata } : undefined;
  return {
    ...outer,
    ...labelsOf(inner),
    ...(tags !== undefined && { tags }),
    ...(metadata !== undefined && { metadata }),
  };
}

/** What an app threw, as far as it can be told: code, message and HTTP status. The stack is not sent. */
export function writeError(error: unknown, budget: SnapshotBudget): WireError {
  if (typeof error !== 'object' || error === null) return { message: snapshotText(error, budget) };
  const code = stringOf(error, 'code') ?? stringOf(error, 'type') ?? stringOf(error, 'name');
  const message = stringOf(error, 'message');
  const status = 'status' in error ? error.status : undefined;
  return {
    ...(code !== undefined && { code }),
    ...(message !== undefined && { message: snapshotText(message, budget) }),
    ...(typeof status === 'number' && { status }),
  };
}

/** Apps, `fetch` and the providers' SDKs end an aborted call with errors of these names. */
export function isAbort(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const name = stringOf(error, 'name');
  return name === 'AbortError' || name === 'APIUserAbortError';
}

function writeUsage(usage: TokenUsage): WireUsage {
  const result: WireUsage = {};
  for (const [name, wireName] of Object.entries(USAGE)) {
    const tokens = usage[name as keyof TokenUsage];
    if (typeof tokens === 'number' && Number.isSafeInteger(tokens) && tokens >= 0) result[wireName] = tokens;
  }
  return result;
}

function labelsOf({ user_id, session_id, tags, prompt, metadata }: Labels): Labels {
  const labels: Labels = {};
  if (user_id !== undefined) labels.user_id = user_id;
  if (session_id !== undefined) labels.session_id = session_id;
  if (tags !== undefined) labels.tags = tags;
  if (prompt !== undefined) labels.prompt = prompt;
  if (metadata !== undefined) labels.metadata = metadata;
  return labels;
}

function snapshotObject(value: object, budget: SnapshotBudget): JsonObject {
  const copied = snapshot(value, budget);
  return typeof copied === 'object' && copied !== null && !Array.isArray(copied) ? copied : {};
}

function snapshotText(value: unknown, budget: SnapshotBudget): string {
  const copied = snapshot(typeof value === 'string' ? value : String(value), budget);
  return typeof copied === 'string' ? copied : '';
}

function stringOf(value: object, name: string): string | undefined {
  const field: unknown = Reflect.get(value, name);
  return typeof field === 'string' && field !== '' ? field : undefined;
}
