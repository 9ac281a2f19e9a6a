import type { Call, Tool, ToolChoice } from '../call.ts';
import { TOOLS_MAX } from '../call-bounds.ts';
import { isObject, type Json, type JsonObject } from '../json.ts';
import { readDeclared } from '../openai-chat/read-tools.ts';
import { listAt, objectAt, optionalBoolean, requiredString } from '../read-field.ts';
import type { Unread } from '../unread.ts';
import { ID } from './wire.ts';

const FUNCTION_FIELDS = new Set(['type', 'name', 'description', 'parameters', 'strict']);
const NESTED_FIELDS = new Set(['type', 'function']);

export function readTools(value: Json | undefined, unread: Unread): Tool[] {
  return listAt(value, 'tools', TOOLS_MAX).map(({ value: entry, path }): Tool => {
    const wire = objectAt(entry, path);
    const type = requiredString(wire, 'type', path);
    if (type.startsWith('web_search')) return readWebSearch(wire);
    return type === 'function'
      ? readFunction(wire, path, unread)
      : { kind: 'opaque', dialect: ID, value: wire };
  });
}

/** Flat, or nested under `function` as in chat: TokenRouter's older clients send that. */
function readFunction(outer: JsonObject, outerPath: string, unread: Unread): Tool {
  const isNested = isObject(outer.function);
  const wire = isObject(outer.function) ? outer.function : outer;
  const path = isNested ? `${outerPath}.function` : outerPath;
  if (isNested) unread.note(outer, NESTED_FIELDS, 'tools[]');
  unread.note(wire, FUNCTION_FIELDS, isNested ? 'tools[].function' : 'tools[]');
  return readDeclared(wire, path);
}

function readWebSearch(wire: JsonObject): Tool {
  const tool: Tool = { kind: 'web-search', wire: { dialect: ID, value: wire } };
  const filters = isObject(wire.filters) ? wire.filters : {};
  const allowed = domainsOf(filters.allowed_domains);
  const blocked = domainsOf(filters.blocked_domains ?? filters.excluded_domains);
  if (allowed.length > 0) tool.allowedDomains = allowed;
  if (blocked.length > 0) tool.blockedDomains = blocked;
  return tool;
}

function domainsOf(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.filter((domain) => typeof domain === 'string') : [];
}

/** A choice of a provider's own tool, or one of tomorrow, has no name here and stays as it is. */
export function readChoices(call: Call, body: JsonObject): void {
  const parallel = optionalBoolean(body, 'parallel_tool_calls', '');
  if (parallel !== undefined) call.parallelTools = parallel;
  const wire = body.tool_choice;
  if (wire === undefined || wire === null) return;
  const choice = readToolChoice(wire);
  if (choice === undefined) call.extra.fields.tool_choice = wire;
  else call.toolChoice = choice;
}

function readToolChoice(wire: Json): ToolChoice | undefined {
  if (wire === 'auto' || wire === 'none' || wire === 'required') return { kind: wire };
  if (typeof wire === 'string') return undefined;
  const choice = objectAt(wire, 'tool_choice');
  if (choice.type === 'allowed_tools') return readAllowed(choice);
  if (choice.type !== 'function') return undefined;
  if (!isObject(choice.function))
    return { kind: 'tool', name: requiredString(choice, 'name', 'tool_choice') };
  return { kind: 'tool', name: requiredString(choice.function, 'name', 'tool_choice.function') };
}

function readAllowed(choice: JsonObject): ToolChoice | undefined {
  const names = listAt(choice.tools, 'tool_choice.tools', TOOLS_MAX).map(({ value, path }) => {
    const tool = objectAt(value, path);
    return tool.type === 'function' ? requiredString(tool, 'name', path) : undefined;
  });
  const named = names.filter((name) => name !== undefined);
  return named.length === names.length
    ? { kind: 'allowed', names: named, isRequired: choice.mode === 'required' }
    : undefined;
}
