import type {
  AssistantPart,
  ImagePart,
  Message,
  OpaquePart,
  TextPart,
  ToolCallPart,
  ToolResultPart,
  UserPart,
} from '../call.ts';
import { MESSAGES_MAX, PARTS_MAX } from '../call-bounds.ts';
import { isObject, type Json, type JsonObject } from '../json.ts';
import {
  listAt,
  missing,
  objectAt,
  optionalString,
  requiredObject,
  requiredString,
  wrongValue,
} from '../read-field.ts';
import type { Unread } from '../unread.ts';
import { ID, parseDataUrl, thinkingOf } from './wire.ts';

const PLAIN_FIELDS = new Set(['role', 'content']);
const TOOL_FIELDS = new Set(['role', 'content', 'tool_call_id']);
const FUNCTION_FIELDS = new Set(['role', 'content', 'name']);
const ASSISTANT_FIELDS = new Set([
  'role',
  'content',
  'refusal',
  'tool_calls',
  'function_call',
  'reasoning_content',
  'reasoning',
]);
const TEXT_FIELDS = new Set(['type', 'text']);
const IMAGE_FIELDS = new Set(['type', 'image_url']);
const URL_FIELDS = new Set(['url', 'detail']);
const CALL_FIELDS = new Set(['id', 'type', 'function', 'index']);
const PART = 'messages[].content[]';

type Reading = { system: TextPart[]; messages: Message[]; unread: Unread };
type Entry = { wire: JsonObject; path: string };

/**
 * Reads the conversation. Instructions before the first turn become `system`; later ones stay where they are. Tool
 * messages in a row are one message, as they answer one turn.
 */
export function readMessages(value: Json, unread: Unread): { system: TextPart[]; messages: Message[] } {
  const entries = listAt(value, 'messages', MESSAGES_MAX);
  if (!Array.isArray(value)) throw wrongValue('messages', 'an array');
  if (entries.length === 0) throw wrongValue('messages', 'at least one message');
  const reading: Reading = { system: [], messages: [], unread };
  for (const entry of entries) {
    readMessage(reading, { wire: objectAt(entry.value, entry.path), path: entry.path });
  }
  return { system: reading.system, messages: reading.messages };
}

function readMessage(reading: Reading, entry: Entry): void {
  const { messages, unread } = reading;
  const role = requiredString(entry.wire, 'role', entry.path);
  switch (role) {
    case 'system':
    case 'developer': {
      unread.note(entry.wire, PLAIN_FIELDS, 'messages[]');
      const parts = readTexts(entry, unread);
      if (messages.length === 0) reading.system.push(...parts);
      else messages.push({ role: 'system', parts });
      return;
    }
    case 'user':
      unread.note(entry.wire, PLAIN_FIELDS, 'messages[]');
      messages.push({
        role: 'user',
        parts: readContent(entry, (part, path) => readUserPart(part, path, unread)),
      });
      return;
    case 'assistant':
      messages.push({ role: 'assistant', parts: readAssistant(entry, reading) });
      return;
    case 'tool':
    case 'function':
      pushResult(messages, readResult(entry, role, reading));
      return;
    default:
      throw wrongValue(`${entry.path}.role`, 'system, developer, user, assistant, tool or function');
  }
}

/** Content is a string or a list of parts; null is none. An empty string holds no part. */
function readContent<Part>(
  { wire, path }: Entry,
  readPart: (part: JsonObject, path: string) => Part,
): (Part | TextPart)[] {
  const { content } = wire;
  const at = `${path}.content`;
  if (content === undefined) throw missing(at);
  if (content === null || content === '') return [];
  if (typeof content === 'string') return [{ kind: 'text', text: content }];
  if (!Array.isArray(content)) throw wrongValue(at, 'a string or an array');
  return listAt(content, at, PARTS_MAX).map((entry) =>
    readPart(objectAt(entry.value, entry.path), entry.path),
  );
}

function readTexts(entry: Entry, unread: Unread): TextPart[] {
  return readContent(entry, (part, path): TextPart => {
    if (requiredString(part, 'type', path) !== 'text') throw wrongValue(`${path}.type`, 'text');
    return readText(part, path, unread);
  });
}

function readText(part: JsonObject, path: string, unread: Unread): TextPart {
  unread.note(part, TEXT_FIELDS, PART);
  return { kind: 'text', text: requiredString(part, 'text', path) };
}

function readUserPart(part: JsonObject, path: string, unread: Unread): UserPart {
  const type = requiredString(part, 'type', path);
  if (type === 'text') return readText(part, path, unread);
  if (type === 'image_url') return readImage(part, path, unread);
  return opaque(part);
}

function readImage(part: JsonObject, path: string, unread: Unread): ImagePart {
  unread.note(part, IMAGE_FIELDS, PART);
  const image = requiredObject(part, 'image_url', path);
  unread.note(image, URL_FIELDS, `${PART}.image_url`);
  const url = requiredString(image, 'url', `${path}.image_url`);
  const inline = parseDataUrl(url);
  const read: ImagePart = {
    kind: 'image',
    source: inline === undefined ? { kind: 'url', url } : { kind: 'base64', ...inline },
  };
  const detail = optionalString(image, 'detail', `${path}.image_url`);
  if (detail === 'auto' || detail === 'low' || detail === 'high') read.detail = detail;
  return read;
}

function readAssistant({ wire, path }: Entry, { messages, unread }: Reading): AssistantPart[] {
  unread.note(wire, ASSISTANT_FIELDS, 'messages[]');
  const parts: AssistantPart[] = [];
  const thinking = thinkingOf(wire);
  if (thinking !== '') parts.push({ kind: 'thinking', text: thinking });
  if (wire.content !== undefined)
    parts.push(...readContent({ wire, path }, (part, at) => readAssistantPart(part, at, unread)));
  const refusal = optionalString(wire, 'refusal', path);
  if (refusal !== undefined && refusal !== '') parts.push({ kind: 'text', text: refusal });
  for (const entry of listAt(wire.tool_calls, `${path}.tool_calls`, PARTS_MAX)) {
    parts.push(readToolCall(objectAt(entry.value, entry.path), entry.path, unread));
  }
  if (isObject(wire.function_call)) {
    const call = wire.function_call;
    parts.push({ ...readFunctionCall(call, `${path}.function_call`), id: `call_${messages.length}` });
  }
  return parts;
}

function readAssistantPart(part: JsonObject, path: string, unread: Unread): TextPart | OpaquePart {
  const type = requiredString(part, 'type', path);
  if (type === 'text') return readText(part, path, unread);
  if (type === 'refusal') return { kind: 'text', text: requiredString(part, 'refusal', path) };
  return opaque(part);
}

function readToolCall(wire: JsonObject, path: string, unread: Unread): ToolCallPart | OpaquePart {
  const type = optionalString(wire, 'type', path) ?? 'function';
  if (type !== 'function') return opaque(wire);
  unread.note(wire, CALL_FIELDS, 'messages[].tool_calls[]');
  const id = requiredString(wire, 'id', path);
  return { ...readFunctionCall(requiredObject(wire, 'function', path), `${path}.function`), id };
}

function readFunctionCall(wire: JsonObject, path: string): Omit<ToolCallPart, 'id'> {
  return {
    kind: 'tool-call',
    name: requiredString(wire, 'name', path),
    input: optionalString(wire, 'arguments', path) ?? '',
  };
}

function readResult(entry: Entry, role: 'tool' | 'function', { messages, unread }: Reading): ToolResultPart {
  unread.note(entry.wire, role === 'tool' ? TOOL_FIELDS : FUNCTION_FIELDS, 'messages[]');
  const parts = readContent(entry, (part, path) => {
    const read = readUserPart(part, path, unread);
    if (read.kind === 'tool-result' || read.kind === 'audio') throw wrongValue(path, 'text');
    return read;
  });
  const callId =
    role === 'tool'
      ? requiredString(entry.wire, 'tool_call_id', entry.path)
      : idOfCall(messages, requiredString(entry.wire, 'name', entry.path));
  return { kind: 'tool-result', callId, parts };
}

/** The old `function` role names the function, not the call; the latest call of that name is meant. */
function idOfCall(messages: readonly Message[], name: string): string {
  for (const message of messages.toReversed()) {
    if (message.role !== 'assistant') continue;
    for (const part of message.parts) if (part.kind === 'tool-call' && part.name === name) return part.id;
  }
  return name;
}

function pushResult(messages: Message[], result: ToolResultPart): void {
  const last = messages.at(-1);
  if (last?.role === 'user' && last.parts.at(-1)?.kind === 'tool-result') last.parts.push(result);
  else messages.push({ role: 'user', parts: [result] });
}

function opaque(value: JsonObject): OpaquePart {
  return { kind: 'opaque', dialect: ID, value };
}
