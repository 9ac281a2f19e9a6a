import type { Tool } from '../call.ts';
import { isObject, type JsonObject } from '../json.ts';
import { opaqueToolPath } from '../opaque-path.ts';
import { writeName } from './names.ts';
import { mayCache, writeCachePoint } from './wire.ts';
import type { Writing } from './write-call.ts';

/**
 * The wire cannot forbid the use of tools, and refuses a conversation with calls in it when it has no tools. So without
 * calls in the past the tools are left out, and with them they stay.
 */
export function writeTools(writing: Writing): void {
  const { body, call, losses, words } = writing;
  const used = usedNames(writing);
  const isForbidden = call.toolChoice?.kind === 'none' && call.tools.length > 0;
  if (isForbidden) losses.add(words.toolChoice, used.size === 0 ? 'changed' : 'unsupported');
  if (call.parallelTools === false && call.tools.length > 0) losses.add(words.parallelTools, 'unsupported');
  const tools = offered(writing).flatMap((tool) => writeTool(tool, writing));
  if (isForbidden && used.size === 0) return;
  if (tools.length === 0) {
    if (used.size === 0) return;
    // The names are all that is known of them.
    losses.add('tools', 'changed');
    body.toolConfig = { tools: [...used].map((name) => specOf({ kind: 'function', name })) };
    return;
  }
  const choice = writeChoice(writing);
  body.toolConfig = choice === undefined ? { tools } : { tools, toolChoice: choice };
}

function usedNames({ call }: Writing): Set<string> {
  const parts = call.messages.flatMap((message) => (message.role === 'assistant' ? message.parts : []));
  return new Set(parts.flatMap((part) => (part.kind === 'tool-call' ? [part.name] : [])));
}

/** A choice among some of the tools becomes a call with only these. */
function offered({ call: { tools, toolChoice }, losses, words }: Writing): Tool[] {
  if (toolChoice?.kind !== 'allowed') return tools;
  losses.add(words.toolChoice, 'changed');
  return tools.filter((tool) => tool.kind !== 'function' || toolChoice.names.includes(tool.name));
}

function writeTool(tool: Tool, { losses, words, family }: Writing): JsonObject[] {
  if (tool.kind === 'web-search') {
    losses.add(words.webSearch, 'unsupported');
    return [];
  }
  if (tool.kind === 'opaque') {
    losses.add(opaqueToolPath(tool), 'unsupported');
    return [];
  }
  if (!writeName(tool.name).isWhole) losses.add('tools[].name', 'changed');
  if (tool.cache === undefined) return [specOf(tool)];
  if (mayCache(family)) return [specOf(tool), writeCachePoint(tool.cache)];
  losses.add(`tools[].${words.cache}`, 'unsupported');
  return [specOf(tool)];
}

function specOf(tool: Tool & { kind: 'function' }): JsonObject {
  const toolSpec: JsonObject = {
    name: writeName(tool.name).name,
    inputSchema: { json: isObject(tool.schema) ? tool.schema : { type: 'object' } },
  };
  if (tool.description) toolSpec.description = tool.description;
  if (tool.strict !== undefined) toolSpec.strict = tool.strict;
  return { toolSpec };
}

function writeChoice({ call: { toolChoice } }: Writing): JsonObject | undefined {
  switch (toolChoice?.kind) {
    case 'auto':
      return { auto: {} };
    case 'required':
      return { any: {} };
    case 'tool':
      return { tool: { name: writeName(toolChoice.name).name } };
    case 'allowed':
      return toolChoice.isRequired ? { any: {} } : { auto: {} };
    default:
      return undefined;
  }
}
