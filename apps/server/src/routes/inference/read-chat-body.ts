import type { Json, JsonObject } from '@app/protocol';
import { type RoutingFields, takeRoutingFields } from './routing-fields.ts';

/** A body as the chat dialect reads it, and what it said to us. */
export type ReadBody = RoutingFields & { body: JsonObject };

/** Our first TypeScript SDK sends its options under these names, unconverted. */
const ALIASES = [
  ['maxTokens', 'max_tokens'],
  ['modelPreferences', 'model_preferences'],
  ['responseFormat', 'response_format'],
  ['toolChoice', 'tool_choice'],
  ['topP', 'top_p'],
] as const;

/** Reads a chat-completions body, in place. Throws `GatewayError` naming the field at fault. */
export function readChatBody(body: JsonObject): ReadBody {
  for (const [alias, name] of ALIASES) {
    const value = body[alias];
    if (value === undefined) continue;
    delete body[alias];
    body[name] ??= value;
  }
  if (Array.isArray(body.tools)) body.tools = body.tools.map(nestedTool);
  return { body, ...takeRoutingFields(body) };
}

/** A tool written flat, as the Responses API has it, in the form of chat completions. */
function nestedTool(tool: Json): Json {
  if (typeof tool !== 'object' || tool === null || Array.isArray(tool)) return tool;
  if (tool.type !== 'function' || tool.function !== undefined || tool.name === undefined) return tool;
  const { type, ...definition } = tool;
  return { type, function: definition };
}
