import { withCache } from '../cache-mark.ts';
import type {
  AssistantPart,
  Message,
  TextPart,
  ThinkingPart,
  ToolCallPart,
  ToolResultPart,
  UserPart,
} from '../call.ts';
import { MESSAGES_MAX } from '../call-bounds.ts';
import type { Json } from '../json.ts';
import { type Entry, readParts } from '../read-content.ts';
import {
  listAt,
  missing,
  objectAt,
  optionalBoolean,
  optionalString,
  requiredString,
  wrongValue,
} from '../read-field.ts';
import type { Unread } from '../unread.ts';
import { opaque, PART, readShownPart, readText } from './read-part.ts';
import { readSeal, settleSeals } from './seals.ts';
import { MAKER, readInput } from './wire.ts';

const MESSAGE_FIELDS = new Set(['role', 'content']);
const RESULT_FIELDS = new Set(['type', 'tool_use_id', 'content', 'is_error', 'cache_control']);
const USE_FIELDS = new Set(['type', 'id', 'name', 'input', 'cache_control']);
const THINKING_FIELDS = new Set(['type', 'thinking', 'signature']);
const REDACTED_FIELDS = new Set(['type', 'data']);

export function readMessages(value: Json, unread: Unread): Message[] {
  if (!Array.isArray(value)) throw wrongValue('messages', 'an array');
  const entries = listAt(value, 'messages', MESSAGES_MAX);
  if (entries.length === 0) throw wrongValue('messages', 'at least one message');
  return entries.map((entry) =>
    readMessage({ wire: objectAt(entry.value, entry.path), path: entry.path }, unread),
  );
}

/** Top-level instructions: a string or a list of texts. */
export function readSystem(value: Json | undefined, unread: Unread): TextPart[] {
  if (value === undefined || value === null || value === '') return [];
  return readParts(value, 'system', (part) => readTextOnly(part, 'system[]', unread));
}

function readMessage({ wire, path }: Entry, unread: Unread): Message {
  const role = requiredString(wire, 'role', path);
  unread.note(wire, MESSAGE_FIELDS, 'messages[]');
  if (wire.content === undefined || wire.content === null) throw missing(`${path}.content`);
  const at = `${path}.content`;
  switch (role) {
    case 'user':
      return { role, parts: readParts(wire.content, at, (part) => readUserPart(part, unread)) };
    case 'assistant': {
      const parts = readParts(wire.content, at, (part) => readAssistantPart(part, unread));
      return { role, parts: settleSeals(parts) };
    }
    case 'system':
      return { role, parts: readParts(wire.content, at, (part) => readTextOnly(part, PART, unread)) };
    default:
      throw wrongValue(`${path}.role`, 'user, assistant or system');
  }
}

function readTextOnly(entry: Entry, at: string, unread: Unread): TextPart {
  if (requiredString(entry.wire, 'type', entry.path) !== 'text')
    throw wrongValue(`${entry.path}.type`, 'text');
  return readText(entry, at, unread);
}

function readUserPart(entry: Entry, unread: Unread): UserPart {
  return entry.wire.type === 'tool_result' ? readResult(entry, unread) : readShownPart(entry, unread);
}

function readResult({ wire, path }: Entry, unread: Unread): ToolResultPart {
  unread.note(wire, RESULT_FIELDS, PART);
  const { content } = wire;
  const part: ToolResultPart = {
    kind: 'tool-result',
    callId: requiredString(wire, 'tool_use_id', path),
    parts:
      content === undefined || content === null
        ? []
        : readParts(content, `${path}.content`, (entry) => readShownPart(entry, unread)),
  };
  const isError = optionalBoolean(wire, 'is_error', path);
  if (isError !== undefined) part.isError = isError;
  return withCache(part, { wire, path }, unread);
}

function readAssistantPart(entry: Entry, unread: Unread): AssistantPart {
  const { wire, path } = entry;
  switch (requiredString(wire, 'type', path)) {
    case 'text':
      return readText(entry, PART, unread);
    case 'thinking':
      return readThinking(entry, unread);
    case 'redacted_thinking': {
      unread.note(wire, REDACTED_FIELDS, PART);
      const value = requiredString(wire, 'data', path);
      return { kind: 'thinking', text: '', signature: { maker: MAKER, value, isRedacted: true } };
    }
    case 'tool_use': {
      unread.note(wire, USE_FIELDS, PART);
      const id = requiredString(wire, 'id', path);
      const name = requiredString(wire, 'name', path);
      const call: ToolCallPart = { kind: 'tool-call', id, name, input: readInput(wire.input) };
      return withCache(call, entry, unread);
    }
    default:
      return opaque(wire);
  }
}

function readThinking({ wire, path }: Entry, unread: Unread): ThinkingPart {
  unread.note(wire, THINKING_FIELDS, PART);
  const text = requiredString(wire, 'thinking', path);
  const signature = optionalString(wire, 'signature', path);
  if (signature === undefined || signature === '') return { kind: 'thinking', text };
  return { kind: 'thinking', text, signature: readSeal(signature) };
}
