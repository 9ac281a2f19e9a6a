import type { DialectId } from './dialect.ts';
import { isObject, type Json, type JsonObject } from './json.ts';

type Opaque = { dialect: DialectId; value: Json };

/** Where a part that only its own dialect understands stands in a call, in that dialect's words. */
export function opaquePath({ dialect, value }: Opaque): string {
  const wire = isObject(value) ? value : {};
  switch (dialect) {
    case 'openai-chat':
      return isObject(wire.custom)
        ? 'messages[].tool_calls[].custom'
        : `messages[].content[].${typeOf(wire)}`;
    case 'openai-responses':
      return typeOf(wire).startsWith('input_')
        ? `input[].content[].${typeOf(wire)}`
        : `input[].${typeOf(wire)}`;
    case 'openai-completions':
      return 'prompt';
    case 'gemini':
      return `contents[].parts[].${keyOf(wire)}`;
    default:
      return `messages[].content[].${typeOf(wire)}`;
  }
}

/** The same for a tool. */
export function opaqueToolPath({ dialect, value }: Opaque): string {
  const wire = isObject(value) ? value : {};
  return `tools[].${dialect === 'gemini' ? keyOf(wire) : typeOf(wire)}`;
}

function typeOf({ type }: JsonObject): string {
  return typeof type === 'string' ? type : 'unknown';
}

/** Google's parts and tools are told apart by the name of their one field. */
const BESIDE = new Set(['thought', 'thoughtSignature']);

function keyOf(wire: JsonObject): string {
  return Object.keys(wire).find((key) => !BESIDE.has(key)) ?? 'unknown';
}
