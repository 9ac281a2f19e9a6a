import { readCache } from '../cache-mark.ts';
import type { Call, Tool } from '../call.ts';
import { TOOLS_MAX } from '../call-bounds.ts';
import type { Json, JsonObject } from '../json.ts';
import {
  listAt,
  missing,
  objectAt,
  optionalBoolean,
  optionalCount,
  optionalObject,
  optionalString,
  requiredString,
  textsAt,
} from '../read-field.ts';
import type { Unread } from '../unread.ts';
import { ID } from './wire.ts';

const TOOL_FIELDS = new Set(['type', 'name', 'description', 'input_schema', 'strict', 'cache_control']);
const CHOICE_FIELDS = new Set(['type', 'name', 'disable_parallel_tool_use']);
const WEB_SEARCH = /^web_search_\d+$/;
const DOMAINS_MAX = 1_000;

/** A tool with a type of its own is Anthropic's and stays as it is; one of them is a search of the web. */
export function readTools(value: Json | undefined, unread: Unread): Tool[] {
  return listAt(value, 'tools', TOOLS_MAX).map((entry) => {
    const wire = objectAt(entry.value, entry.path);
    const type = optionalString(wire, 'type', entry.path) ?? 'custom';
    if (WEB_SEARCH.test(type)) return readSearch(wire, entry.path);
    if (type !== 'custom') return { kind: 'opaque', dialect: ID, value: wire };
    return readFunction(wire, entry.path, unread);
  });
}

function readFunction(wire: JsonObject, path: string, unread: Unread): Tool {
  unread.note(wire, TOOL_FIELDS, 'tools[]');
  const tool: Tool = { kind: 'function', name: requiredString(wire, 'name', path) };
  const description = optionalString(wire, 'description', path);
  const schema = optionalObject(wire, 'input_schema', path);
  if (schema === undefined) throw missing(`${path}.input_schema`);
  const strict = optionalBoolean(wire, 'strict', path);
  const cache = readCache(wire, path, unread);
  if (description !== undefined) tool.description = description;
  tool.schema = schema;
  if (strict !== undefined) tool.strict = strict;
  if (cache !== undefined) tool.cache = cache;
  return tool;
}

function readSearch(wire: JsonObject, path: string): Tool {
  const tool: Tool = { kind: 'web-search', wire: { dialect: ID, value: wire } };
  const usesMax = optionalCount(wire, 'max_uses', path);
  const allowed = readDomains(wire.allowed_domains, `${path}.allowed_domains`);
  const blocked = readDomains(wire.blocked_domains, `${path}.blocked_domains`);
  if (usesMax !== undefined) tool.usesMax = usesMax;
  if (allowed !== undefined) tool.allowedDomains = allowed;
  if (blocked !== undefined) tool.blockedDomains = blocked;
  return tool;
}

function readDomains(value: Json | undefined, path: string): string[] | undefined {
  if (value === undefined || value === null) return undefined;
  return textsAt(value, path, DOMAINS_MAX);
}

/** A choice of tomorrow has no name here. */
export function readToolChoice(call: Call, body: JsonObject, unread: Unread): void {
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
