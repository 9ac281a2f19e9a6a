import type { JsonObject } from './json-value.ts';
import type { Labels } from './scopes.ts';
import { type SnapshotBudget, snapshot } from './snapshot.ts';
import type { SpanFields, Tags, TokenUsage } from './tracer.ts';
import type { WireError, WireSpan, WireUsage } from './wire-span.ts';

/** What is known of a span while it lasts. */
export type SpanDraft = Partial<WireSpan>;

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
  // One by one: a loop over names costs more than all the rest of recording.
  if (fields.name !== undefined) draft.name = fields.name;
  if (fields.type !== undefined) draft.type = fields.type;
  if (fields.provider !== undefined) draft.provider = fields.provider;
  if (fields.model !== undefined) draft.model = fields.model;
  if (fields.modelAsked !== undefined) draft.model_asked = fields.modelAsked;
  if (fields.stream !== undefined) draft.stream = fields.stream;
  if (fields.ttftMs !== undefined) draft.ttft_ms = fields.ttftMs;
  if (fields.usageEstimated !== undefined) draft.usage_estimated = fields.usageEstimated;
  if (fields.serviceTier !== undefined) draft.service_tier = fields.serviceTier;
  if (fields.finishReason !== undefined) draft.finish_reason = fields.finishReason;
  if (fields.toolName !== undefined) draft.tool_name = fields.toolName;
  if (fields.requestId !== undefined) draft.request_id = fields.requestId;
  if (fields.gatewayRequestId !== undefined) draft.gateway_request_id = fields.gatewayRequestId;
  if (fields.dialect !== undefined) draft.dialect = fields.dialect;
  if (fields.usage !== undefined) draft.usage = writeUsage(fields.usage);
  if (fields.input !== undefined) draft.input = snapshot(fields.input, budget);
  if (fields.output !== undefined) draft.output = snapshot(fields.output, budget);
  if (hasLabels(fields)) Object.assign(draft, addLabels(draft, fields, budget));
}

function hasLabels({ userId, sessionId, tags, prompt, metadata }: Tags): boolean {
  return (userId ?? sessionId ?? tags ?? prompt ?? metadata) !== undefined;
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

/** Puts the labels of what is around it under those of the span's own. */
export function joinLabels(span: Labels, outer: Labels): void {
  if (outer.user_id !== undefined) span.user_id ??= outer.user_id;
  if (outer.session_id !== undefined) span.session_id ??= outer.session_id;
  if (outer.prompt !== undefined) span.prompt ??= outer.prompt;
  if (outer.tags !== undefined)
    span.tags = span.tags === undefined ? outer.tags : [...new Set([...outer.tags, ...span.tags])];
  if (outer.metadata !== undefined) span.metadata = { ...outer.metadata, ...span.metadata };
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
  for (const name in usage) {
    const wireName = USAGE[name as keyof TokenUsage];
    const tokens = usage[name as keyof TokenUsage];
    if (wireName !== undefined && Number.isSafeInteger(tokens) && Number(tokens) >= 0)
      result[wireName] = Number(tokens);
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
