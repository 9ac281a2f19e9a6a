import type { Call, Tool, ToolChoice } from '../call.ts';
import { TOOLS_MAX } from '../call-bounds.ts';
import { isObject, type Json, type JsonObject, textOf } from '../json.ts';
import {
  listAt,
  objectAt,
  optionalObject,
  optionalString,
  requiredString,
  wrongValue,
} from '../read-field.ts';
import type { Unread } from '../unread.ts';
import { readSchema } from './json-schema.ts';
import { camelled, ID, listOf } from './wire.ts';

const FUNCTION_FIELDS = new Set(['name', 'description', 'parameters', 'parametersJsonSchema']);
const CONFIG_FIELDS = new Set(['functionCallingConfig']);
const CALLING_FIELDS = new Set(['mode', 'allowedFunctionNames']);
const SEARCHES = new Set(['googleSearch', 'googleSearchRetrieval']);
const CALLING = 'toolConfig.functionCallingConfig';

/** One entry may hold functions and several of Google's own tools; each becomes a tool. */
export function readTools(value: Json | undefined, unread: Unread): Tool[] {
  const tools = listAt(listOf(value), 'tools', TOOLS_MAX).flatMap(({ value: entry, path }): Tool[] => {
    const wire = camelled(objectAt(entry, path));
    return Object.keys(wire).flatMap((key): Tool[] => {
      const tool = wire[key];
      if (tool === undefined || tool === null) return [];
      if (key === 'functionDeclarations') {
        return listAt(listOf(tool), `${path}.functionDeclarations`, TOOLS_MAX).map((declared) =>
          readFunction(objectAt(declared.value, declared.path), declared.path, unread),
        );
      }
      if (SEARCHES.has(key)) return [readSearch(key, tool)];
      return [{ kind: 'opaque', dialect: ID, value: { [key]: tool } }];
    });
  });
  if (tools.length > TOOLS_MAX) throw wrongValue('tools', `at most ${TOOLS_MAX} tools`);
  return tools;
}

function readFunction(declared: JsonObject, path: string, unread: Unread): Tool {
  const wire = camelled(declared);
  unread.note(wire, FUNCTION_FIELDS, 'tools[].functionDeclarations[]');
  const tool: Tool = { kind: 'function', name: requiredString(wire, 'name', path) };
  const description = optionalString(wire, 'description', path);
  const schema = optionalObject(wire, 'parametersJsonSchema', path);
  const parameters = optionalObject(wire, 'parameters', path);
  if (description !== undefined) tool.description = description;
  if (schema !== undefined) tool.schema = schema;
  else if (parameters !== undefined) tool.schema = readSchema(parameters);
  return tool;
}

function readSearch(key: string, value: Json): Tool {
  const tool: Tool = { kind: 'web-search', wire: { dialect: ID, value: { [key]: value } } };
  const excluded = isObject(value) ? camelled(value).excludeDomains : undefined;
  if (!Array.isArray(excluded)) return tool;
  return { ...tool, blockedDomains: excluded.filter((domain) => typeof domain === 'string') };
}

/** What has no name in a call is kept under its path: `VALIDATED`, and what Google's own tools are told. */
export function readToolConfig(call: Call, value: Json | undefined, unread: Unread): void {
  if (value === undefined || value === null) return;
  const config = camelled(objectAt(value, 'toolConfig'));
  for (const key in config) {
    if (!CONFIG_FIELDS.has(key) && key !== '__proto__') call.extra.fields[`toolConfig.${key}`] = config[key];
  }
  const calling = optionalObject(config, 'functionCallingConfig', 'toolConfig');
  if (calling === undefined) return;
  const wire = camelled(calling);
  unread.note(wire, CALLING_FIELDS, CALLING);
  const mode = optionalString(wire, 'mode', CALLING) ?? '';
  const names = listAt(wire.allowedFunctionNames, `${CALLING}.allowedFunctionNames`, TOOLS_MAX).map((entry) =>
    textOf(entry.value),
  );
  const choice = choiceOf(mode.toUpperCase(), names);
  if (choice !== undefined) call.toolChoice = choice;
  else if (mode !== '' && mode !== 'MODE_UNSPECIFIED') call.extra.fields[`${CALLING}.mode`] = mode;
}

/** `VALIDATED` alone makes calls keep to their schema, which is no choice. */
function choiceOf(mode: string, names: string[]): ToolChoice | undefined {
  const [name] = names;
  if (mode === 'AUTO') return { kind: 'auto' };
  if (mode === 'NONE') return { kind: 'none' };
  if (mode === 'VALIDATED' && name !== undefined) return { kind: 'allowed', names, isRequired: false };
  if (mode !== 'ANY') return undefined;
  if (name === undefined) return { kind: 'required' };
  return names.length === 1 ? { kind: 'tool', name } : { kind: 'allowed', names, isRequired: true };
}
