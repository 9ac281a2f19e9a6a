import type { CacheMark, Call, Sampling, Thinking, Tool } from '../call.ts';
import { STOPS_MAX, TOOLS_MAX } from '../call-bounds.ts';
import { isObject, type Json, type JsonObject } from '../json.ts';
import {
  listAt,
  missing,
  objectAt,
  optionalBoolean,
  optionalCount,
  optionalNumber,
  optionalObject,
  optionalString,
  requiredString,
  wrongValue,
} from '../read-field.ts';
import { createUnread, extraFields, type Unread } from '../unread.ts';
import { readCache, readMessages, readSystem } from './read-message.ts';
import { CALL_FIELDS, ID } from './wire.ts';

const TOOL_FIELDS = new Set(['type', 'name', 'description', 'input_schema', 'strict', 'cache_control']);
const CHOICE_FIELDS = new Set(['type', 'name', 'disable_parallel_tool_use']);
const CONFIG_FIELDS = new Set(['format', 'effort']);
const FORMAT_FIELDS = new Set(['type', 'schema']);
const THINKING_FIELDS = new Set(['type', 'budget_tokens']);
const METADATA_FIELDS = new Set(['user_id']);

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
    tools: listAt(body.tools, 'tools', TOOLS_MAX).map(({ value, path }) =>
      readTool(objectAt(value, path), path, unread),
    ),
    sampling: readSampling(body),
    outputTokensMax: max,
    stop: readStops(body.stop_sequences),
    stream: optionalBoolean(body, 'stream', '') ?? false,
    streamUsage: false,
    extra: { dialect: ID, fields: extraFields(body, CALL_FIELDS) },
    wire: { dialect: ID, body },
  };
  const reading = { call, body, unread };
  readToolChoice(reading);
  readOutput(reading);
  readUser(reading);
  const paths = unread.paths();
  if (paths.length > 0) call.unread = paths;
  return call;
}

function readSampling(body: JsonObject): Sampling {
  const sampling: Sampling = {};
  const temperature = optionalNumber(body, 'temperature', '');
  const topP = optionalNumber(body, 'top_p', '');
  const topK = optionalNumber(body, 'top_k', '');
  if (temperature !== undefined) sampling.temperature = temperature;
  if (topP !== undefined) sampling.topP = topP;
  if (topK !== undefined) sampling.topK = topK;
  return sampling;
}

function readStops(value: Json | undefined): string[] {
  return listAt(value, 'stop_sequences', STOPS_MAX).map((entry) => {
    if (typeof entry.value !== 'string') throw wrongValue(entry.path, 'a string');
    return entry.value;
  });
}

/** A tool with a type of its own is Anthropic's (a web search, say) and stays as it is. */
function readTool(wire: JsonObject, path: string, unread: Unread): Tool {
  const type = optionalString(wire, 'type', path) ?? 'custom';
  if (type !== 'custom') return { kind: 'opaque', dialect: ID, value: wire };
  unread.note(wire, TOOL_FIELDS, 'tools[]');
  const tool: Tool = { kind: 'function', name: requiredString(wire, 'name', path) };
  const description = optionalString(wire, 'description', path);
  const schema = optionalObject(wire, 'input_schema', path);
  if (schema === undefined) throw missing(`${path}.input_schema`);
  const strict = optionalBoolean(wire, 'strict', path);
  const cache: CacheMark | undefined = readCache(wire, path, unread);
  if (description !== undefined) tool.description = description;
  tool.schema = schema;
  if (strict !== undefined) tool.strict = strict;
  if (cache !== undefined) tool.cache = cache;
  return tool;
}

function readToolChoice({ call, body, unread }: Reading): void {
  const wire = optionalObject(body, 'tool_choice', '');
  if (wire === undefined) return;
  const type = requiredString(wire, 'type', 'tool_choice');
  if (type === 'auto' || type === 'none') call.toolChoice = { kind: type };
  else if (type === 'any') call.toolChoice = { kind: 'required' };
  else if (type === 'tool')
    call.toolChoice = { kind: 'tool', name: requiredString(wire, 'name', 'tool_choice') };
  else {
    call.extra.fields.tool_choice = wire;
    return;
  }
  unread.note(wire, CHOICE_FIELDS, 'tool_choice');
  const isSingle = optionalBoolean(wire, 'disable_parallel_tool_use', 'tool_choice');
  if (isSingle !== undefined) call.parallelTools = !isSingle;
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
