import { readCache } from '../cache-mark.ts';
import type { Call, Tool, ToolChoice } from '../call.ts';
import { TOOLS_MAX } from '../call-bounds.ts';
import { isObject, type Json, type JsonObject } from '../json.ts';
import {
  listAt,
  objectAt,
  optionalBoolean,
  optionalObject,
  optionalString,
  requiredObject,
  requiredString,
} from '../read-field.ts';
import type { Unread } from '../unread.ts';
import { ID } from './wire.ts';

const FUNCTION_FIELDS = new Set(['name', 'description', 'parameters', 'strict']);
const TOOL_FIELDS = new Set(['type', 'function', 'cache_control']);

/** `functions` is what `tools` was called first; a search of the web is asked for beside them. */
export function readTools(body: JsonObject, unread: Unread): Tool[] {
  const tools = listAt(body.tools, 'tools', TOOLS_MAX).map(({ value, path }): Tool => {
    const tool = objectAt(value, path);
    const type = requiredString(tool, 'type', path);
    if (type !== 'function') return { kind: 'opaque', dialect: ID, value };
    unread.note(tool, TOOL_FIELDS, 'tools[]');
    const read = readFunction(requiredObject(tool, 'function', path), `${path}.function`, unread);
    const cache = readCache(tool, path, unread);
    return cache === undefined ? read : { ...read, cache };
  });
  const functions = listAt(body.functions, 'functions', TOOLS_MAX).map(({ value, path }) =>
    readFunction(objectAt(value, path), path, unread),
  );
  const search = optionalObject(body, 'web_search_options', '');
  if (search !== undefined) tools.push({ kind: 'web-search', wire: { dialect: ID, value: search } });
  return [...tools, ...functions];
}

function readFunction(wire: JsonObject, path: string, unread: Unread): Tool & { kind: 'function' } {
  unread.note(wire, FUNCTION_FIELDS, 'tools[].function');
  return readDeclared(wire, path);
}

/** A function as chat and responses declare it. */
export function readDeclared(wire: JsonObject, path: string): Tool & { kind: 'function' } {
  const tool: Tool = { kind: 'function', name: requiredString(wire, 'name', path) };
  const description = optionalString(wire, 'description', path);
  const schema = optionalObject(wire, 'parameters', path);
  const strict = optionalBoolean(wire, 'strict', path);
  if (description !== undefined) tool.description = description;
  if (schema !== undefined) tool.schema = schema;
  if (strict !== undefined) tool.strict = strict;
  return tool;
}

/** A choice of tomorrow has no name here and goes to `fields`. */
export function readChoices(call: Call, body: JsonObject, fields: JsonObject): void {
  const parallel = optionalBoolean(body, 'parallel_tool_calls', '');
  if (parallel !== undefined) call.parallelTools = parallel;
  const key = body.tool_choice === undefined ? 'function_call' : 'tool_choice';
  const wire = body[key];
  if (wire === undefined || wire === null) return;
  const choice = readToolChoice(wire, key);
  if (choice === undefined) fields[key] = wire;
  else call.toolChoice = choice;
}

function readToolChoice(wire: Json, path: string): ToolChoice | undefined {
  if (wire === 'auto' || wire === 'none' || wire === 'required') return { kind: wire };
  if (typeof wire === 'string') return undefined;
  const choice = objectAt(wire, path);
  if (path === 'function_call') return { kind: 'tool', name: requiredString(choice, 'name', path) };
  if (choice.type === 'allowed_tools') return readAllowed(choice, path);
  if (choice.type !== 'function') return undefined;
  const named = requiredObject(choice, 'function', path);
  return { kind: 'tool', name: requiredString(named, 'name', `${path}.function`) };
}

/** Undefined when one of them is no function, which only this dialect knows. */
function readAllowed(choice: JsonObject, path: string): ToolChoice | undefined {
  const at = `${path}.allowed_tools`;
  const allowed = requiredObject(choice, 'allowed_tools', path);
  const mode = requiredString(allowed, 'mode', at);
  const names = listAt(allowed.tools, `${at}.tools`, TOOLS_MAX).map(({ value }) =>
    isObject(value) && value.type === 'function' && isObject(value.function)
      ? value.function.name
      : undefined,
  );
  const known = names.filter((name) => typeof name === 'string');
  if (known.length < names.length || (mode !== 'auto' && mode !== 'required')) return undefined;
  return { kind: 'allowed', names: known, isRequired: mode === 'required' };
}
