import { asksMore } from '../asks-more.ts';
import { writeCache } from '../cache-mark.ts';
import type { Call, Tool } from '../call.ts';
import { isObject, type JsonObject } from '../json.ts';
import { type Losses, wordsOf } from '../losses.ts';
import { opaqueToolPath } from '../opaque-path.ts';
import { ID } from './wire.ts';

type Writing = { body: JsonObject; call: Call; losses: Losses; isOwn: boolean };

export function writeTools(writing: Writing): void {
  const { body, call, losses, isOwn } = writing;
  const tools = allowedTools(writing).flatMap((tool) => writeTool(tool, writing));
  if (tools.length > 0) body.tools = tools;
  // A choice without tools is refused; only a caller of this dialect may find that out by itself.
  if (tools.length === 0 && !isOwn) {
    if (call.toolChoice !== undefined && call.tools.length > 0)
      losses.add(wordsOf(call).toolChoice, 'unsupported');
    return;
  }
  const choice = writeToolChoice(call);
  if (choice !== undefined) body.tool_choice = choice;
}

/** A choice among some tools cannot be said, so the functions beside them are left out. */
function allowedTools({ call: { tools, toolChoice, ...call }, losses }: Writing): Tool[] {
  if (toolChoice?.kind !== 'allowed') return tools;
  losses.add(wordsOf({ ...call, tools }).toolChoice, 'changed');
  return tools.filter((tool) => tool.kind !== 'function' || toolChoice.names.includes(tool.name));
}

function writeTool(tool: Tool, { call, losses }: Writing): JsonObject[] {
  if (tool.kind === 'web-search') return [writeSearch(tool, call, losses)];
  if (tool.kind === 'opaque') {
    const value = isObject(tool.value) ? tool.value : {};
    if (tool.dialect === ID) return [value];
    losses.add(opaqueToolPath(tool), 'unsupported');
    return [];
  }
  const wire: JsonObject = {
    name: tool.name,
    input_schema: isObject(tool.schema) ? tool.schema : { type: 'object' },
  };
  if (tool.description !== undefined) wire.description = tool.description;
  if (tool.strict !== undefined) wire.strict = tool.strict;
  if (tool.cache !== undefined) wire.cache_control = writeCache(tool.cache);
  return [wire];
}

/** The first version of the tool, which every model since knows. It takes only one of the two lists. */
function writeSearch(tool: Tool & { kind: 'web-search' }, call: Call, losses: Losses): JsonObject {
  const { wire, usesMax, allowedDomains, blockedDomains } = tool;
  if (wire.dialect === ID && isObject(wire.value)) return wire.value;
  const search: JsonObject = { type: 'web_search_20250305', name: 'web_search' };
  if (usesMax !== undefined) search.max_uses = usesMax;
  if (allowedDomains !== undefined) search.allowed_domains = allowedDomains;
  else if (blockedDomains !== undefined) search.blocked_domains = blockedDomains;
  const isCut = allowedDomains !== undefined && blockedDomains !== undefined;
  if (isCut || asksMore(tool)) losses.add(wordsOf(call).webSearch, 'changed');
  return search;
}

/** The switch for parallel calls is part of the choice here, and `none` has no room for it. */
function writeToolChoice({ toolChoice, parallelTools }: Call): JsonObject | undefined {
  if (toolChoice?.kind === 'none') return { type: 'none' };
  if (toolChoice === undefined && parallelTools !== false) return undefined;
  const wire: JsonObject = { type: typeOf(toolChoice) };
  if (toolChoice?.kind === 'tool') wire.name = toolChoice.name;
  if (parallelTools !== undefined) wire.disable_parallel_tool_use = !parallelTools;
  return wire;
}

function typeOf(choice: Call['toolChoice']): string {
  if (isAnyForced(choice)) return 'any';
  return choice?.kind === 'allowed' ? 'auto' : (choice?.kind ?? 'auto');
}

/** True when some tool must be called, whichever. */
export function isAnyForced(choice: Call['toolChoice']): boolean {
  return choice?.kind === 'required' || (choice?.kind === 'allowed' && choice.isRequired);
}
