import { isObject, type Json, type JsonObject } from '@app/protocol';
import { unpack } from '../find-attribute.ts';
import { type ReadPart, readPart, stringOf, textIn, writeCall } from './read-part.ts';

/** From longer conversations only the last so many turns are read. */
const TURNS_MAX = 10_000;

/**
 * A conversation as OpenAI's chat has it, from whatever form its sender gave it; undefined for what is none. A lone text
 * is what a user said.
 */
export function readMessages(value: Json | undefined, role = 'user'): JsonObject[] | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return [{ role, content: value }];
  if (Array.isArray(value)) return readList(value, role);
  if (!isObject(value)) return undefined;
  if (isMessage(value)) return readMessage(value, role);
  return readRequest(value, role);
}

/** Fields of a request that hold its conversation. */
const HOLDERS = ['messages', 'contents', 'input', 'prompt', 'question', 'query'] as const;

function readRequest(request: JsonObject, role: string): JsonObject[] | undefined {
  for (const holder of HOLDERS) {
    const held = request[holder];
    const messages = held === undefined || held === null ? undefined : readMessages(unpack(held), role);
    if (messages === undefined || (typeof held === 'string' && Object.keys(request).length > 3)) continue;
    const system = textIn(request.system ?? request.instructions ?? request.systemInstruction ?? null);
    return system === '' ? messages : [{ role: 'system', content: system }, ...messages];
  }
  return undefined;
}

function readList(list: readonly Json[], role: string): JsonObject[] | undefined {
  // A batch of conversations, of which a call has one.
  const [first] = list;
  if (Array.isArray(first) && first.some(isObject)) return readList(list.flat(1), role);
  const isConversation = list.length > 0 && list.every((entry) => isObject(entry) && isMessage(entry));
  if (isConversation) {
    return list.slice(-TURNS_MAX).flatMap((entry) => (isObject(entry) ? readMessage(entry, role) : []));
  }
  const isParts = list.length > 0 && list.every((entry) => typeof entry === 'string' || isTyped(entry));
  return isParts ? joinParts(role, list) : undefined;
}

const isTyped = (entry: Json): boolean => isObject(entry) && typeof entry.type === 'string';

const ITEMS: ReadonlySet<string> = new Set(['message', 'function_call', 'function_call_output', 'reasoning']);

function isMessage(value: JsonObject): boolean {
  return (
    typeof value.role === 'string' ||
    isObject(value.message) ||
    isObject(value.kwargs) ||
    Array.isArray(value.parts) ||
    (typeof value.type === 'string' && (ROLES.has(value.type) || ITEMS.has(value.type)) && !('text' in value))
  );
}

/** One turn; what it says, and each result of a tool, is a message of its own. */
function readMessage(value: JsonObject, fallback: string): JsonObject[] {
  if (isObject(value.message) && value.role === undefined) return readMessage(value.message, fallback);
  // LangChain's serialised form names the class of the message.
  if (isObject(value.kwargs)) {
    const named = Array.isArray(value.id) ? textIn(value.id.at(-1)) : '';
    return readMessage({ role: roleOfClass(named), ...value.kwargs }, fallback);
  }
  const type = stringOf(value.type);
  if (type !== undefined && type !== 'message' && ITEMS.has(type) && value.role === undefined) {
    return joinParts(type === 'function_call_output' ? 'tool' : 'assistant', [value]);
  }
  const role = roleOf(stringOf(value.role) ?? stringOf(value.type) ?? fallback);
  if (role === 'tool' && !Array.isArray(value.parts)) return [toolMessage(value)];
  return joinParts(role, partsOf(value), value);
}

function partsOf(value: JsonObject): readonly Json[] {
  const held = value.parts ?? value.contents ?? value.content;
  const parts = typeof held === 'string' ? unpackParts(held) : held;
  if (parts === undefined || parts === null || parts === '') return [];
  return Array.isArray(parts) ? parts : [parts];
}

/** Some senders can only keep texts: a list of parts is then JSON inside one. A text that merely looks so stays one. */
function unpackParts(text: string): Json {
  if (!text.startsWith('[{')) return text;
  const list = unpack(text);
  return Array.isArray(list) && list.length > 0 && list.every(isTyped) ? list : text;
}

function toolMessage(value: JsonObject): JsonObject {
  const parts = partsOf(value).map(readPart);
  const result = parts.find((part) => part.kind === 'result');
  const callId =
    stringOf(value.tool_call_id) ??
    stringOf(value.id) ??
    (result?.kind === 'result' ? result.callId : undefined);
  const content =
    result?.kind === 'result'
      ? result.content
      : typeof value.content === 'string'
        ? value.content
        : (value.content ?? textOf(parts));
  const name = stringOf(value.name);
  return {
    role: 'tool',
    ...(callId === undefined ? {} : { tool_call_id: callId }),
    ...(name === undefined ? {} : { name }),
    content: typeof content === 'string' ? content : JSON.stringify(content ?? null),
  };
}

function textOf(parts: readonly ReadPart[], kind: 'text' | 'thinking' = 'text'): string {
  let text: string | undefined;
  for (const part of parts)
    if (part.kind === kind) text = text === undefined ? part.text : `${text}\n${part.text}`;
  return text ?? '';
}

/** The parts of a turn, and what stands beside them in the message, in OpenAI's fields. */
function joinParts(role: string, list: readonly Json[], beside: JsonObject = {}): JsonObject[] {
  const parts = list.map(readPart);
  const results = parts.flatMap((part) => (part.kind === 'result' ? [resultMessage(part)] : []));
  const message: JsonObject = { role };
  const name = stringOf(beside.name);
  if (name !== undefined) message.name = name;
  const text = textOf(parts);
  if (parts.some((part) => part.kind === 'shown')) message.content = parts.flatMap(contentPart);
  else if (text !== '') message.content = text;
  const thought = textOf(parts, 'thinking') || textIn(beside.reasoning_content ?? beside.reasoning ?? null);
  if (thought !== '') message.reasoning_content = thought;
  const refusal = parts.find((part) => part.kind === 'refusal');
  const refused = refusal?.kind === 'refusal' ? refusal.text : stringOf(beside.refusal);
  if (refused !== undefined && refused !== '') message.refusal = refused;
  const calls = [
    ...parts.flatMap((part) => (part.kind === 'call' ? [part.call] : [])),
    ...callsBeside(beside),
  ];
  if (calls.length > 0) message.tool_calls = calls;
  const isEmpty = Object.keys(message).length === (name === undefined ? 1 : 2);
  if (isEmpty && results.length > 0) return results;
  return [isEmpty ? { ...message, content: '' } : message, ...results];
}

function contentPart(part: ReadPart): JsonObject[] {
  if (part.kind === 'text') return [{ type: 'text', text: part.text }];
  return part.kind === 'shown' ? [part.part] : [];
}

function resultMessage({ callId, content }: ReadPart & { kind: 'result' }): JsonObject {
  return {
    role: 'tool',
    tool_call_id: callId,
    content: typeof content === 'string' ? content : JSON.stringify(content),
  };
}

/** Calls that stand in fields of their own, the same call in two of them once. */
function callsBeside(message: JsonObject): JsonObject[] {
  const more = isObject(message.additional_kwargs) ? message.additional_kwargs.tool_calls : undefined;
  const found = message.tool_calls ?? message.toolCalls ?? more ?? null;
  const list = found === null ? [] : unpack(found);
  const calls = Array.isArray(list) ? list : isObject(list) ? [list] : [];
  const older = message.function_call;
  if (calls.length === 0 && isObject(older)) return [writeCall(older)];
  return calls.flatMap((call) => (isObject(call) ? [writeCall(call)] : []));
}

const ROLES = new Map<string, string>(
  Object.entries({
    system: 'system',
    developer: 'system',
    user: 'user',
    human: 'user',
    assistant: 'assistant',
    ai: 'assistant',
    AIMessageChunk: 'assistant',
    model: 'assistant',
    tool: 'tool',
    function: 'tool',
  }),
);

const roleOf = (role: string): string => ROLES.get(role) ?? role;

function roleOfClass(name: string): string {
  if (name.startsWith('System')) return 'system';
  if (name.startsWith('AI')) return 'assistant';
  return name.startsWith('Tool') || name.startsWith('Function') ? 'tool' : 'user';
}
