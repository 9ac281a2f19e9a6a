import type { Call, Tool, ToolChoice } from '../call.ts';
import { isObject, type Json, type JsonObject } from '../json.ts';
import { type Losses, wordsOf } from '../losses.ts';
import { opaqueToolPath } from '../opaque-path.ts';
import { ID } from './wire.ts';

/** No tool, or one. A function of another dialect is not strict unless it says so; here that would be the default. */
export function writeTool(tool: Tool, call: Call, losses: Losses): JsonObject[] {
  if (tool.kind === 'web-search') return [writeWebSearch(tool, call, losses)];
  if (tool.kind === 'opaque') {
    const value = isObject(tool.value) ? tool.value : {};
    if (tool.dialect === ID) return [value];
    losses.add(opaqueToolPath(tool), 'unsupported');
    return [];
  }
  const isOwn = call.extra.dialect === ID;
  if (tool.cache !== undefined) losses.add(wordsOf(call).cache, 'unsupported');
  const wire: JsonObject = { type: 'function', name: tool.name };
  if (tool.description !== undefined) wire.description = tool.description;
  if (tool.schema !== undefined) wire.parameters = tool.schema;
  else if (!isOwn) wire.parameters = { type: 'object', properties: {} };
  if (tool.strict !== undefined) wire.strict = tool.strict;
  else if (!isOwn) wire.strict = false;
  return [wire];
}

type WebSearch = Tool & { kind: 'web-search' };

function writeWebSearch(tool: WebSearch, call: Call, losses: Losses): JsonObject {
  const asked = isObject(tool.wire.value) ? tool.wire.value : {};
  if (tool.wire.dialect === ID) return asked;
  const wire: JsonObject = { type: 'web_search' };
  if (tool.allowedDomains !== undefined) wire.filters = { allowed_domains: tool.allowedDomains };
  if (tool.usesMax !== undefined || tool.blockedDomains !== undefined)
    losses.add(wordsOf(call).webSearch, 'changed');
  const place = placeOf(asked.user_location);
  if (place !== undefined) wire.user_location = place;
  if (typeof asked.search_context_size === 'string') wire.search_context_size = asked.search_context_size;
  return wire;
}

/** Messages has the same fields, and chat has them under `approximate`. */
function placeOf(location: Json | undefined): JsonObject | undefined {
  if (!isObject(location)) return undefined;
  const { city, region, country, timezone } = isObject(location.approximate)
    ? location.approximate
    : location;
  return {
    type: 'approximate',
    ...Object.fromEntries(
      Object.entries({ city, region, country, timezone }).filter(([, value]) => typeof value === 'string'),
    ),
  };
}

export function writeToolChoice(choice: ToolChoice): string | JsonObject {
  switch (choice.kind) {
    case 'tool':
      return { type: 'function', name: choice.name };
    case 'allowed':
      return {
        type: 'allowed_tools',
        mode: choice.isRequired ? 'required' : 'auto',
        tools: choice.names.map((name) => ({ type: 'function', name })),
      };
    default:
      return choice.kind;
  }
}
