import type { Call, Thinking } from '../call.ts';
import { STOPS_MAX } from '../call-bounds.ts';
import { isObject, type JsonObject } from '../json.ts';
import {
  missing,
  optionalBoolean,
  optionalCount,
  optionalObject,
  optionalString,
  requiredString,
  textsAt,
  wrongValue,
} from '../read-field.ts';
import { readSampling } from '../read-sampling.ts';
import { createUnread, extraFields, type Unread } from '../unread.ts';
import { readMessages, readSystem } from './read-message.ts';
import { readToolChoice, readTools } from './read-tools.ts';
import { CALL_FIELDS, ID, TIER_ASKED } from './wire.ts';

const CONFIG_FIELDS = new Set(['format', 'effort']);
const FORMAT_FIELDS = new Set(['type', 'schema']);
const SAMPLING = { temperature: 'temperature', topP: 'top_p', topK: 'top_k' };
const THINKING_FIELDS = new Set(['type', 'budget_tokens']);
const METADATA_FIELDS = new Set(['user_id']);

const NO_THREAD = 'Send the whole conversation without it.';

/** The wire has no name for a schema; other dialects ask for one. */
const SCHEMA_NAME = 'response';

type Reading = { call: Call; body: JsonObject; unread: Unread };

/** Reads a Messages request. Throws `GatewayError` naming the field at fault. */
export function readCall(body: JsonObject): Call {
  const unread = createUnread();
  if (body.messages === undefined) throw missing('messages');
  const max = optionalCount(body, 'max_tokens', '');
  if (max === undefined) throw missing('max_tokens');
  const call: Call = {
    model: optionalString(body, 'model', ''),
    system: readSystem(body.system, unread),
    messages: readMessages(body.messages, unread),
    tools: readTools(body.tools, unread),
    sampling: readSampling(body, SAMPLING, ''),
    outputTokensMax: max,
    stop: textsAt(body.stop_sequences, 'stop_sequences', STOPS_MAX),
    stream: optionalBoolean(body, 'stream', '') ?? false,
    streamUsage: false,
    extra: { dialect: ID, fields: extraFields(body, CALL_FIELDS) },
    wire: { dialect: ID, body },
  };
  const reading = { call, body, unread };
  readToolChoice(call, body, unread);
  readOutput(reading);
  readUser(reading);
  const tier = optionalString(body, 'service_tier', '');
  if (tier !== undefined) call.serviceTier = tier === TIER_ASKED ? 'default' : tier;
  const paths = unread.paths();
  if (paths.length > 0) call.unread = paths;
  // Later calls would send only what is new, which nobody else could make sense of.
  if (isObject(body.thread)) call.ownOnly = { param: 'thread', remedy: NO_THREAD };
  return call;
}

/** `output_format` is what `output_config.format` was called in its beta. */
function readOutput({ call, body, unread }: Reading): void {
  const config = optionalObject(body, 'output_config', '') ?? {};
  unread.note(config, CONFIG_FIELDS, 'output_config');
  const hasNew = isObject(config.format);
  const at = hasNew ? 'output_config.format' : 'output_format';
  const format = hasNew
    ? optionalObject(config, 'format', 'output_config')
    : optionalObject(body, 'output_format', '');
  if (format !== undefined) {
    if (requiredString(format, 'type', at) !== 'json_schema') throw wrongValue(`${at}.type`, 'json_schema');
    unread.note(format, FORMAT_FIELDS, at);
    const schema = optionalObject(format, 'schema', at);
    if (schema === undefined) throw missing(`${at}.schema`);
    call.format = { kind: 'schema', name: SCHEMA_NAME, schema };
  }
  const effort = optionalString(config, 'effort', 'output_config');
  const thinking = readThinking(body, { call, body, unread });
  if (thinking !== undefined) call.thinking = effort === undefined ? thinking : { ...thinking, effort };
  else if (effort !== undefined) call.thinking = { kind: 'effort', effort };
}

function readThinking(body: JsonObject, { call, unread }: Reading): Thinking | undefined {
  const wire = optionalObject(body, 'thinking', '');
  if (wire === undefined) return undefined;
  const type = requiredString(wire, 'type', 'thinking');
  if (type !== 'disabled' && type !== 'adaptive' && type !== 'enabled') {
    call.extra.fields.thinking = wire;
    return undefined;
  }
  unread.note(wire, THINKING_FIELDS, 'thinking');
  if (type === 'disabled') return { kind: 'off' };
  if (type === 'adaptive') return { kind: 'adaptive' };
  const tokens = optionalCount(wire, 'budget_tokens', 'thinking');
  if (tokens === undefined) throw missing('thinking.budget_tokens');
  return { kind: 'budget', tokens };
}

function readUser({ call, body, unread }: Reading): void {
  const metadata = optionalObject(body, 'metadata', '');
  if (metadata === undefined) return;
  unread.note(metadata, METADATA_FIELDS, 'metadata');
  const user = optionalString(metadata, 'user_id', 'metadata');
  if (user !== undefined) call.user = user;
}
