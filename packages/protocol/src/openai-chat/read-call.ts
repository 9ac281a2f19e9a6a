import type { Call, OutputFormat } from '../call.ts';
import { isObject, type JsonObject } from '../json.ts';
import {
  missing,
  optionalBoolean,
  optionalCount,
  optionalObject,
  optionalString,
  requiredObject,
  requiredString,
} from '../read-field.ts';
import { OPENAI_SAMPLING, readSampling } from '../read-sampling.ts';
import { readStops } from '../read-stops.ts';
import { createUnread, extraFields, type Unread } from '../unread.ts';
import { readMessages } from './read-message.ts';
import { readChoices, readTools } from './read-tools.ts';
import { CALL_FIELDS, ID } from './wire.ts';

const STREAM_OPTIONS = new Set(['include_usage']);
const SCHEMA_FIELDS = new Set(['name', 'description', 'schema', 'strict']);

/** Reads a chat completion request. Throws `GatewayError` naming the field at fault. */
export function readCall(body: JsonObject): Call {
  const unread = createUnread();
  if (body.messages === undefined) throw missing('messages');
  const { system, messages } = readMessages(body.messages, unread);
  const fields = extraFields(body, CALL_FIELDS);
  const call: Call = {
    model: optionalString(body, 'model', ''),
    system,
    messages,
    tools: readTools(body, unread),
    sampling: readSampling(body, OPENAI_SAMPLING, ''),
    stop: readStops(body.stop),
    stream: optionalBoolean(body, 'stream', '') ?? false,
    streamUsage: readStreamUsage(body, unread),
    extra: { dialect: ID, fields },
    wire: { dialect: ID, body },
  };
  readChoices(call, body, fields);
  readFormat(call, body, { fields, unread });
  const effort = optionalString(body, 'reasoning_effort', '');
  if (effort !== undefined) call.thinking = effort === 'none' ? { kind: 'off' } : { kind: 'effort', effort };
  const max = optionalCount(body, 'max_completion_tokens', '') ?? optionalCount(body, 'max_tokens', '');
  if (max !== undefined) call.outputTokensMax = max;
  readNames(call, body, fields);
  readLogprobs(call, body, fields);
  readModalities(call, body, fields);
  const paths = unread.paths();
  if (paths.length > 0) call.unread = paths;
  return call;
}

const NAMES = {
  user: 'user',
  serviceTier: 'service_tier',
  promptCacheKey: 'prompt_cache_key',
  safetyIdentifier: 'safety_identifier',
  verbosity: 'verbosity',
} as const;

function readNames(call: Call, body: JsonObject, fields: JsonObject): void {
  for (const [name, key] of Object.entries(NAMES) as [keyof typeof NAMES, string][]) {
    const value = optionalString(body, key, '');
    if (value !== undefined) call[name] = value;
  }
  const labels = optionalObject(body, 'metadata', '');
  if (labels === undefined) return;
  const metadata: { [key: string]: string } = {};
  for (const [key, value] of Object.entries(labels)) if (typeof value === 'string') metadata[key] = value;
  // Labels that are no texts are some provider's own.
  if (Object.keys(metadata).length === Object.keys(labels).length) call.metadata = metadata;
  else fields.metadata = labels;
}

/** Together asks for them with a number; a wish for others without the tokens themselves asks for nothing we can name. */
function readLogprobs(call: Call, body: JsonObject, fields: JsonObject): void {
  const { logprobs, top_logprobs: top } = body;
  const isAsked = logprobs === true;
  if (isAsked) call.logprobs = { top: optionalCount(body, 'top_logprobs', '') ?? 0 };
  else if (top !== undefined && top !== null) fields.top_logprobs = top;
  if (!isAsked && logprobs !== undefined && logprobs !== null) fields.logprobs = logprobs;
}

function readModalities(call: Call, body: JsonObject, fields: JsonObject): void {
  const { modalities } = body;
  if (modalities === undefined || modalities === null) return;
  const known = Array.isArray(modalities) ? modalities.filter((one) => typeof one === 'string') : [];
  if (Array.isArray(modalities) && known.length === modalities.length) call.modalities = known;
  else fields.modalities = modalities;
}

function readStreamUsage(body: JsonObject, unread: Unread): boolean {
  const options = optionalObject(body, 'stream_options', '');
  if (options === undefined) return false;
  unread.note(options, STREAM_OPTIONS, 'stream_options');
  return optionalBoolean(options, 'include_usage', 'stream_options') ?? false;
}

function readFormat(call: Call, body: JsonObject, to: { fields: JsonObject; unread: Unread }): void {
  const wire = optionalObject(body, 'response_format', '');
  if (wire === undefined) return;
  const type = requiredString(wire, 'type', 'response_format');
  if (type === 'text') call.format = { kind: 'text' };
  else if (type === 'json_object') call.format = { kind: 'json' };
  else if (type === 'json_schema') call.format = readSchema(wire, to.unread);
  else to.fields.response_format = wire;
}

function readSchema(wire: JsonObject, unread: Unread): OutputFormat {
  const path = 'response_format.json_schema';
  const named = requiredObject(wire, 'json_schema', 'response_format');
  unread.note(named, SCHEMA_FIELDS, path);
  const format: OutputFormat = {
    kind: 'schema',
    name: requiredString(named, 'name', path),
    schema: isObject(named.schema) ? named.schema : {},
  };
  const description = optionalString(named, 'description', path);
  const strict = optionalBoolean(named, 'strict', path);
  optionalObject(named, 'schema', path);
  if (description !== undefined) format.description = description;
  if (strict !== undefined) format.strict = strict;
  return format;
}
