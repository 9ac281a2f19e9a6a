import { arrayOf, isRecord, objectOf, textIn } from '../read/wire-value.ts';
import { type Json, snapshot } from '../snapshot.ts';

const ROLES: { readonly [type: string]: string } = {
  human: 'user',
  ai: 'assistant',
  system: 'system',
  developer: 'developer',
  tool: 'tool',
  function: 'function',
};

/** A message of LangChain in the form of OpenAI's chat completions, in which everything that reads spans knows messages. */
export function messageJson(message: unknown): { [field: string]: Json } {
  const fields = objectOf(message);
  const type = typeOf(message);
  const calls = arrayOf(fields.tool_calls);
  return {
    role: ROLES[type] ?? textIn(fields.role) ?? type,
    content: snapshot(fields.content),
    ...(textIn(fields.name) !== undefined && { name: snapshot(fields.name) }),
    ...(textIn(fields.tool_call_id) !== undefined && { tool_call_id: snapshot(fields.tool_call_id) }),
    ...(calls.length > 0 && { tool_calls: calls.map(callJson) }),
  };
}

function typeOf(message: unknown): string {
  if (typeof message !== 'object' || message === null) return 'user';
  const type: unknown = Reflect.get(message, 'type');
  if (typeof type === 'string') return type;
  const find: unknown = Reflect.get(message, 'getType') ?? Reflect.get(message, '_getType');
  return typeof find === 'function' ? String(Reflect.apply(find, message, [])) : 'user';
}

function callJson(value: unknown): Json {
  const call = objectOf(value);
  return {
    id: textIn(call.id) ?? '',
    type: 'function',
    function: { name: textIn(call.name) ?? '', arguments: JSON.stringify(snapshot(call.args ?? {})) },
  };
}

/** What a tool gave back: often a message around it. */
export function toolOutput(output: unknown): Json {
  return isRecord(output) && 'content' in output && 'tool_call_id' in output
    ? snapshot(output.content)
    : snapshot(output);
}
