import { asksMore } from '../asks-more.ts';
import { writeCache } from '../cache-mark.ts';
import type { Call, Tool, ToolChoice } from '../call.ts';
import { isObject, type Json, type JsonObject } from '../json.ts';
import { type Losses, wordsOf } from '../losses.ts';
import { opaqueToolPath } from '../opaque-path.ts';
import { ID } from './wire.ts';

type Writing = { call: Call; losses: Losses };

export function writeTools(body: JsonObject, call: Call, losses: Losses): void {
  const tools = call.tools.flatMap((tool) => writeTool(tool, { call, losses }));
  const search = call.tools.find((tool) => tool.kind === 'web-search');
  if (tools.length > 0) body.tools = tools;
  if (search !== undefined) body.web_search_options = writeSearch(search, { call, losses });
  // A choice without tools is refused; only a caller of this dialect may find that out by itself.
  const hasTools = tools.length > 0 || call.extra.dialect === ID;
  if (call.toolChoice !== undefined && hasTools) body.tool_choice = writeToolChoice(call.toolChoice);
  // A search that stands beside the tools cannot be chosen.
  if (call.toolChoice !== undefined && !hasTools && call.tools.length > 0)
    losses.add(wordsOf(call).toolChoice, 'unsupported');
  if (call.parallelTools !== undefined && hasTools) body.parallel_tool_calls = call.parallelTools;
}

function writeTool(tool: Tool, { call, losses }: Writing): JsonObject[] {
  if (tool.kind === 'web-search') return [];
  if (tool.kind === 'opaque') {
    const value = isObject(tool.value) ? tool.value : {};
    if (tool.dialect === ID) return [value];
    losses.add(opaqueToolPath(tool), 'unsupported');
    return [];
  }
  const named: JsonObject = { name: tool.name };
  if (tool.description !== undefined) named.description = tool.description;
  if (tool.schema !== undefined) named.parameters = tool.schema;
  if (tool.strict !== undefined) named.strict = tool.strict;
  const wire: JsonObject = { type: 'function', function: named };
  if (tool.cache === undefined) return [wire];
  if (call.extra.dialect === ID) wire.cache_control = writeCache(tool.cache);
  else losses.add(`tools[].${wordsOf(call).cache}`, 'unsupported');
  return [wire];
}

/** The wire can say neither how often nor where to search. */
function writeSearch(tool: Tool & { kind: 'web-search' }, { call, losses }: Writing): Json {
  const { wire, usesMax, allowedDomains, blockedDomains } = tool;
  const path = wordsOf(call).webSearch;
  if (usesMax !== undefined || allowedDomains !== undefined || blockedDomains !== undefined)
    losses.add(path, 'unsupported');
  if (wire.dialect === ID) return wire.value;
  if (asksMore(tool)) losses.add(path, 'changed');
  return {};
}

function writeToolChoice(choice: ToolChoice): string | JsonObject {
  if (choice.kind === 'tool') return { type: 'function', function: { name: choice.name } };
  if (choice.kind !== 'allowed') return choice.kind;
  const tools = choice.names.map((name) => ({ type: 'function', function: { name } }));
  return { type: 'allowed_tools', allowed_tools: { mode: choice.isRequired ? 'required' : 'auto', tools } };
}
