import type { Call } from '../call.ts';
import { STOPS_MAX } from '../call-bounds.ts';
import type { JsonObject } from '../json.ts';
import {
  optionalBoolean,
  optionalCount,
  optionalObject,
  optionalString,
  textsAt,
  wrongValue,
} from '../read-field.ts';
import { OPENAI_SAMPLING, readSampling } from '../read-sampling.ts';
import { readStops } from '../read-stops.ts';
import { createUnread, extraFields } from '../unread.ts';
import { readTextField } from './read-format.ts';
import { readInput } from './read-input.ts';
import { readChoices, readTools } from './read-tools.ts';
import { CALL_FIELDS, ID, INCLUDE_LOGPROBS } from './wire.ts';

/**
 * Reads a request for a response. Throws `GatewayError` naming the field at fault. Nested fields that only this dialect
 * knows are kept in `extra` under their path (`reasoning.summary`).
 */
export function readCall(body: JsonObject): Call {
  const unread = createUnread();
  const { system, messages } = readInput(body, unread);
  const call: Call = {
    model: optionalString(body, 'model', ''),
    system,
    messages,
    tools: readTools(body.tools, unread),
    sampling: readSampling(body, OPENAI_SAMPLING, ''),
    stop: readStops(body.stop),
    stream: optionalBoolean(body, 'stream', '') ?? false,
    // Every response tells its usage.
    streamUsage: false,
    extra: { dialect: ID, fields: extraFields(body, CALL_FIELDS) },
    wire: { dialect: ID, body },
  };
  readChoices(call, body);
  readTextField(call, body, unread);
  readReasoning(call, body);
  readLogprobs(call, body);
  readLabels(call, body);
  keepRest(call, optionalObject(body, 'stream_options', ''), 'stream_options');
  const max = optionalCount(body, 'max_output_tokens', '');
  if (max !== undefined) call.outputTokensMax = max;
  const paths = unread.paths();
  if (paths.length > 0) call.unread = paths;
  return call;
}

function readReasoning(call: Call, body: JsonObject): void {
  const reasoning = optionalObject(body, 'reasoning', '');
  if (reasoning === undefined) return;
  const effort = optionalString(reasoning, 'effort', 'reasoning');
  if (effort !== undefined) call.thinking = effort === 'none' ? { kind: 'off' } : { kind: 'effort', effort };
  const { effort: _, ...rest } = reasoning;
  keepRest(call, rest, 'reasoning');
}

function keepRest(call: Call, rest: JsonObject | undefined, path: string): void {
  for (const [key, value] of Object.entries(rest ?? {})) {
    if (value !== null && value !== undefined) call.extra.fields[`${path}.${key}`] = value;
  }
}

/** Other clients write a number of 0 out, which asks for nothing. */
function readLogprobs(call: Call, body: JsonObject): void {
  const top = optionalCount(body, 'top_logprobs', '') ?? 0;
  const include = textsAt(body.include, 'include', STOPS_MAX);
  const rest = include.filter((entry) => entry !== INCLUDE_LOGPROBS);
  if (rest.length < include.length || top > 0) call.logprobs = { top };
  if (rest.length > 0) call.extra.fields.include = rest;
}

function readLabels(call: Call, body: JsonObject): void {
  const user = optionalString(body, 'user', '');
  const serviceTier = optionalString(body, 'service_tier', '');
  const promptCacheKey = optionalString(body, 'prompt_cache_key', '');
  const safetyIdentifier = optionalString(body, 'safety_identifier', '');
  const metadata = optionalObject(body, 'metadata', '');
  if (user !== undefined) call.user = user;
  if (serviceTier !== undefined) call.serviceTier = serviceTier;
  if (promptCacheKey !== undefined) call.promptCacheKey = promptCacheKey;
  if (safetyIdentifier !== undefined) call.safetyIdentifier = safetyIdentifier;
  if (metadata !== undefined) call.metadata = readMetadata(metadata);
}

function readMetadata(wire: JsonObject): { [key: string]: string } {
  return Object.fromEntries(
    Object.entries(wire).map(([key, value]) => {
      if (typeof value !== 'string') throw wrongValue(`metadata.${key}`, 'a string');
      return [key, value];
    }),
  );
}
