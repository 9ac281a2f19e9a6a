import type { Call, OutputFormat, Sampling, Tool, ToolChoice } from '../call.ts';
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
  requiredObject,
  requiredString,
  wrongValue,
} from '../read-field.ts';
import { createUnread, extraFields, type Unread } from '../unread.ts';
import { readMessages } from './read-message.ts';
import { CALL_FIELDS, ID } from './wire.ts';

const STREAM_OPTIONS = new Set(['include_usage']);
const FUNCTION_FIELDS = new Set(['name', 'description', 'parameters', 'strict']);
const TOOL_FIELDS = new Set(['type', 'function']);
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
    sampling: readSampling(body),
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
  const user = optionalString(body, 'user', '');
  if (user !== undefined) call.user = user;
  const paths = unread.paths();
  if (paths.length > 0) call.unread = paths;
  return call;
}

function readSampling(body: JsonObject): Sampling {
  const sampling: Sampling = {};
  const put = (name: keyof Sampling, value: number | undefined): void => {
    if (value !== undefined) sampling[name] = value;
  };
  put('temperature', optionalNumber(body, 'temperature', ''));
  put('topP', optionalNumber(body, 'top_p', ''));
  put('topK', optionalNumber(body, 'top_k', ''));
  put('seed', optionalNumber(body, 'seed', ''));
  put('frequencyPenalty', optionalNumber(body, 'frequency_penalty', ''));
  put('presencePenalty', optionalNumber(body, 'presence_penalty', ''));
  return sampling;
}

function readStops(value: Json | undefined): string[] {
  if (typeof value === 'string') return [value];
  return listAt(value, 'stop', STOPS_MAX).map((entry) => {
    if (typeof entry.value !== 'string') throw wrongValue(entry.path, 'a string');
    return entry.value;
  });
}

function readStreamUsage(body: JsonObject, unread: Unread): boolean {
  const options = optionalObject(body, 'stream_options', '');
  if (options === undefined) return false;
  unread.note(options, STREAM_OPTIONS, 'stream_options');
  return optionalBoolean(options, 'include_usage', 'stream_options') ?? false;
}

/** `functions` is what `tools` was called first. */
function readTools(body: JsonObject, unread: Unread): Tool[] {
  const tools = listAt(body.tools, 'tools', TOOLS_MAX).map(({ value, path }): Tool => {
    const tool = objectAt(value, path);
    const type = requiredString(tool, 'type', path);
    if (type !== 'function') return { kind: 'opaque', dialect: ID, value };
    unread.note(tool, TOOL_FIELDS, 'tools[]');
    return readFunction(requiredObject(tool, 'function', path), `${path}.function`, unread);
  });
  const functions = listAt(body.functions, 'functions', TOOLS_MAX).map(({ value, path }) =>
    readFunction(objectAt(value, path), path, unread),
  );
  return [...tools, ...functions];
}

function readFunction(wire: JsonObject, path: string, unread: Unread): Tool {
  unread.note(wire, FUNCTION_FIELDS, 'tools[].function');
  const tool: Tool = { kind: 'function', name: requiredString(wire, 'name', path) };
  const description = optionalString(wire, 'description', path);
  const schema = optionalObject(wire, 'parameters', path);
  const strict = optionalBoolean(wire, 'strict', path);
  if (description !== undefined) tool.description = description;
  if (schema !== undefined) tool.schema = schema;
  if (strict !== undefined) tool.strict = strict;
  return tool;
}

function readChoices(call: Call, body: JsonObject, fields: JsonObject): void {
  const parallel = optionalBoolean(body, 'parallel_tool_calls', '');
  if (parallel !== undefined) call.parallelTools = parallel;
  const key = body.tool_choice === undefined ? 'function_call' : 'tool_choice';
  const wire = body[key];
  if (wire === undefined || wire === null) return;
  const choice = readToolChoice(wire, key);
  // A choice of tomorrow, or one among allowed tools, has no name here.
  if (choice === undefined) fields[key] = wire;
  else call.toolChoice = choice;
}

function readToolChoice(wire: Json, path: string): ToolChoice | undefined {
  if (wire === 'auto' || wire === 'none' || wire === 'required') return { kind: wire };
  if (typeof wire === 'string') return undefined;
  const choice = objectAt(wire, path);
  if (path === 'function_call') return { kind: 'tool', name: requiredString(choice, 'name', path) };
  if (choice.type !== 'function') return undefined;
  const named = requiredObject(choice, 'function', path);
  return { kind: 'tool', name: requiredString(named, 'name', `${path}.function`) };
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
