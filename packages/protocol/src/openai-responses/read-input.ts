import type { AssistantPart, Message, TextPart, ToolResultPart, UserPart } from '../call.ts';
import { MESSAGES_MAX, PARTS_MAX } from '../call-bounds.ts';
import { isObject, type JsonObject, textOf } from '../json.ts';
import { type Entry, readContent } from '../read-content.ts';
import { listAt, missing, objectAt, optionalString, requiredString, wrongValue } from '../read-field.ts';
import type { Unread } from '../unread.ts';
import {
  isContentType,
  readAssistantPart,
  readOlderCall,
  readShownPart,
  readTextOnly,
  readUserPart,
} from './read-content.ts';
import { readImage, readReasoning, readToolCall } from './read-item.ts';
import { sealPart } from './read-reply.ts';
import { ID, MAKER, realId } from './wire.ts';

const MESSAGE_FIELDS = new Set(['type', 'role', 'content', 'id', 'status']);
const CALL_FIELDS = new Set(['type', 'id', 'call_id', 'name', 'arguments', 'status']);
const RESULT_FIELDS = new Set(['type', 'id', 'call_id', 'output', 'status', 'name']);
const OLDER_RESULT_FIELDS = new Set([
  ...RESULT_FIELDS,
  'tool_call_id',
  'tool_use_id',
  'content',
  'result',
  'is_error',
]);
const REASONING_FIELDS = new Set(['type', 'id', 'summary', 'content', 'encrypted_content', 'status']);

type Reading = { system: TextPart[]; messages: Message[]; unread: Unread };

/**
 * Reads the conversation: a text, or items. `instructions` and what else instructs before the first turn become
 * `system`. Items of the model in a row are one turn of it, and results in a row answer one turn.
 */
export function readInput(body: JsonObject, unread: Unread): { system: TextPart[]; messages: Message[] } {
  const instructions = optionalString(body, 'instructions', '');
  const system: TextPart[] = instructions ? [{ kind: 'text', text: instructions }] : [];
  const { input } = body;
  // A prompt that the provider stores may be all the input there is.
  if (input === undefined || input === null) {
    if (isObject(body.prompt)) return { system, messages: [] };
    throw missing('input');
  }
  if (typeof input === 'string') {
    const parts: UserPart[] = input === '' ? [] : [{ kind: 'text', text: input }];
    return { system, messages: [{ role: 'user', parts }] };
  }
  if (!Array.isArray(input)) throw wrongValue('input', 'a string or an array');
  const reading: Reading = { system, messages: [], unread };
  for (const { value, path } of listAt(input, 'input', MESSAGES_MAX)) {
    readItem(reading, { wire: objectAt(value, path), path });
  }
  return { system: reading.system, messages: reading.messages };
}

function typeOf({ wire, path }: Entry): string {
  const type = optionalString(wire, 'type', path);
  if (type !== undefined) return type;
  return typeof wire.id === 'string' && wire.role === undefined ? 'item_reference' : 'message';
}

function readItem(reading: Reading, entry: Entry): void {
  const { wire, path } = entry;
  const type = typeOf(entry);
  switch (type) {
    case 'message':
      readMessage(reading, entry);
      break;
    case 'function_call': {
      reading.unread.note(wire, CALL_FIELDS, 'input[]');
      requiredString(wire, 'name', path);
      if (textOf(wire.call_id) === '') requiredString(wire, 'id', path);
      say(reading, readToolCall(wire, path));
      break;
    }
    case 'tool_call':
      readOlderCalls(reading, entry);
      break;
    case 'function_call_output':
    case 'function_result':
    case 'tool_result':
      answer(reading, readResult(entry, type, reading.unread));
      break;
    case 'reasoning':
      readThinking(reading, entry);
      break;
    case 'image_generation_call': {
      const image = readImage(wire);
      say(reading, image ?? { kind: 'opaque', dialect: ID, value: wire });
      break;
    }
    default:
      if (isContentType(type)) ask(reading, readUserPart(entry, reading.unread));
      else keep(reading, entry, type);
  }
}

function readMessage(reading: Reading, { wire, path }: Entry): void {
  const { messages, unread } = reading;
  const role = requiredString(wire, 'role', path);
  unread.note(wire, MESSAGE_FIELDS, 'input[]');
  const at = `${path}.content`;
  switch (role) {
    case 'system':
    case 'developer': {
      const parts = readContent(wire.content, at, (entry) => readTextOnly(entry, unread));
      if (messages.length === 0) reading.system.push(...parts);
      else messages.push({ role: 'system', parts });
      return;
    }
    case 'user':
      messages.push({
        role,
        parts: readContent(wire.content, at, (entry): UserPart => readUserPart(entry, unread)),
      });
      return;
    case 'assistant':
      say(reading, ...readContent(wire.content, at, (entry) => readAssistantPart(entry, unread)));
      break;
    default:
      throw wrongValue(`${path}.role`, 'user, assistant, system or developer');
  }
}

/** The model's turn, which may be many items. */
function say({ messages }: Reading, ...parts: AssistantPart[]): void {
  const last = messages.at(-1);
  if (last?.role === 'assistant') last.parts.push(...parts);
  else messages.push({ role: 'assistant', parts });
}

/** Content that stands in `input` by itself. */
function ask({ messages }: Reading, part: UserPart): void {
  const last = messages.at(-1);
  if (last?.role === 'user' && last.parts.every(({ kind }) => kind !== 'tool-result')) last.parts.push(part);
  else messages.push({ role: 'user', parts: [part] });
}

function answer({ messages }: Reading, part: UserPart): void {
  const last = messages.at(-1);
  if (last?.role === 'user' && isAnswer(last.parts.at(-1))) last.parts.push(part);
  else messages.push({ role: 'user', parts: [part] });
}

function isAnswer(part: UserPart | undefined): boolean {
  return (
    part?.kind === 'tool-result' ||
    (part?.kind === 'opaque' && isObject(part.value) && isOutput(textOf(part.value.type)))
  );
}

/** What the caller gives back for a call of the model's. */
function isOutput(type: string): boolean {
  return type.endsWith('_output') || type.endsWith('_response');
}

function keep(reading: Reading, { wire }: Entry, type: string): void {
  const part = { kind: 'opaque', dialect: ID, value: wire } as const;
  if (isOutput(type)) answer(reading, part);
  else say(reading, part);
}

function readOlderCalls(reading: Reading, { wire, path }: Entry): void {
  const calls = Array.isArray(wire.tool_calls)
    ? listAt(wire.tool_calls, `${path}.tool_calls`, PARTS_MAX)
    : [{ value: wire, path }];
  say(
    reading,
    ...calls.map((call) => readOlderCall({ wire: objectAt(call.value, call.path), path: call.path })),
  );
}

function readResult({ wire, path }: Entry, type: string, unread: Unread): ToolResultPart {
  const isOlder = type !== 'function_call_output';
  unread.note(wire, isOlder ? OLDER_RESULT_FIELDS : RESULT_FIELDS, 'input[]');
  const olderId = isOlder ? textOf(wire.tool_call_id) || textOf(wire.tool_use_id) || textOf(wire.id) : '';
  const key = ['output', ...(isOlder ? ['content', 'result'] : [])].find((name) => wire[name] !== undefined);
  const output = wire[key ?? 'output'];
  const part: ToolResultPart = {
    kind: 'tool-result',
    callId: textOf(wire.call_id) || olderId || requiredString(wire, 'call_id', path),
    parts: readContent(
      isObject(output) ? JSON.stringify(output) : output,
      `${path}.${key ?? 'output'}`,
      (entry) => readShownPart(entry, unread),
    ),
  };
  if (isOlder && typeof wire.is_error === 'boolean') part.isError = wire.is_error;
  return part;
}

/** A caller that lets the provider store its replies sends thinking back with its id alone. */
function readThinking(reading: Reading, { wire }: Entry): void {
  reading.unread.note(wire, REASONING_FIELDS, 'input[]');
  const { parts, seal } = readReasoning(wire);
  if (seal !== undefined) sealPart(partBefore(reading), seal);
  const id = realId(wire.id);
  for (const part of parts) {
    if (part.kind === 'thinking' && part.signature === undefined && id !== undefined)
      part.signature = { maker: MAKER, value: '', id };
  }
  if (parts.length > 0) say(reading, ...parts);
}

/** What the model said last. Some callers put the result of a call between the call and its seal. */
function partBefore({ messages }: Reading): AssistantPart | undefined {
  const last = messages.at(-1);
  const turn = last?.role === 'user' && last.parts.every(isAnswer) ? messages.at(-2) : last;
  return turn?.role === 'assistant' ? turn.parts.at(-1) : undefined;
}
