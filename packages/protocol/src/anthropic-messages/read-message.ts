import type {
  AssistantPart,
  CacheMark,
  ImagePart,
  Message,
  OpaquePart,
  TextPart,
  ToolCallPart,
  ToolResultPart,
  UserPart,
} from '../call.ts';
import { MESSAGES_MAX, PARTS_MAX } from '../call-bounds.ts';
import type { Json, JsonObject } from '../json.ts';
import {
  listAt,
  missing,
  objectAt,
  optionalBoolean,
  optionalObject,
  optionalString,
  requiredObject,
  requiredString,
  wrongValue,
} from '../read-field.ts';
import { readSignature } from '../signature.ts';
import type { Unread } from '../unread.ts';
import { ID, MAKER, readInput } from './wire.ts';

const MESSAGE_FIELDS = new Set(['role', 'content']);
const TEXT_FIELDS = new Set(['type', 'text', 'cache_control']);
const IMAGE_FIELDS = new Set(['type', 'source', 'cache_control']);
const SOURCE_FIELDS = new Set(['type', 'url', 'media_type', 'data']);
const CACHE_FIELDS = new Set(['type', 'ttl']);
const RESULT_FIELDS = new Set(['type', 'tool_use_id', 'content', 'is_error', 'cache_control']);
const USE_FIELDS = new Set(['type', 'id', 'name', 'input', 'cache_control']);
const THINKING_FIELDS = new Set(['type', 'thinking', 'signature']);
const PART = 'messages[].content[]';

type Entry = { wire: JsonObject; path: string };

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
  return contentOf(value, 'system', (part) => readTextOnly(part, 'system[]', unread));
}

function readMessage({ wire, path }: Entry, unread: Unread): Message {
  const role = requiredString(wire, 'role', path);
  unread.note(wire, MESSAGE_FIELDS, 'messages[]');
  if (wire.content === undefined || wire.content === null) throw missing(`${path}.content`);
  const at = `${path}.content`;
  switch (role) {
    case 'user':
      return { role, parts: contentOf(wire.content, at, (part) => readUserPart(part, unread)) };
    case 'assistant':
      return { role, parts: contentOf(wire.content, at, (part) => readAssistantPart(part, unread)) };
    case 'system':
      return { role, parts: contentOf(wire.content, at, (part) => readTextOnly(part, PART, unread)) };
    default:
      throw wrongValue(`${path}.role`, 'user, assistant or system');
  }
}

/** Content is a string or a list of blocks. An empty string holds no part. */
function contentOf<Part>(value: Json, path: string, readPart: (entry: Entry) => Part): (Part | TextPart)[] {
  if (value === '') return [];
  if (typeof value === 'string') return [{ kind: 'text', text: value }];
  if (!Array.isArray(value)) throw wrongValue(path, 'a string or an array');
  return listAt(value, path, PARTS_MAX).map((entry) =>
    readPart({ wire: objectAt(entry.value, entry.path), path: entry.path }),
  );
}

function readTextOnly(entry: Entry, at: string, unread: Unread): TextPart {
  if (requiredString(entry.wire, 'type', entry.path) !== 'text')
    throw wrongValue(`${entry.path}.type`, 'text');
  return readText(entry, at, unread);
}

function readText({ wire, path }: Entry, at: string, unread: Unread): TextPart {
  unread.note(wire, TEXT_FIELDS, at);
  const part: TextPart = { kind: 'text', text: requiredString(wire, 'text', path) };
  return withCache(part, { wire, path }, unread);
}

function readUserPart(entry: Entry, unread: Unread): UserPart {
  const type = requiredString(entry.wire, 'type', entry.path);
  if (type === 'tool_result') return readResult(entry, unread);
  return readShownPart(entry, type, unread);
}

/** What may stand in a user's turn and in a tool's result. */
function readShownPart(entry: Entry, type: string, unread: Unread): TextPart | ImagePart | OpaquePart {
  if (type === 'text') return readText(entry, PART, unread);
  if (type === 'image') return readImage(entry, unread);
  return { kind: 'opaque', dialect: ID, value: entry.wire };
}

function readImage({ wire, path }: Entry, unread: Unread): ImagePart | OpaquePart {
  const source = requiredObject(wire, 'source', path);
  const at = `${path}.source`;
  const type = requiredString(source, 'type', at);
  if (type !== 'url' && type !== 'base64') return { kind: 'opaque', dialect: ID, value: wire };
  unread.note(wire, IMAGE_FIELDS, PART);
  unread.note(source, SOURCE_FIELDS, `${PART}.source`);
  const part: ImagePart = {
    kind: 'image',
    source:
      type === 'url'
        ? { kind: 'url', url: requiredString(source, 'url', at) }
        : {
            kind: 'base64',
            mediaType: requiredString(source, 'media_type', at),
            data: requiredString(source, 'data', at),
          },
  };
  return withCache(part, { wire, path }, unread);
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
        : contentOf(content, `${path}.content`, (entry) =>
            readShownPart(entry, requiredString(entry.wire, 'type', entry.path), unread),
          ),
  };
  const isError = optionalBoolean(wire, 'is_error', path);
  if (isError !== undefined) part.isError = isError;
  return withCache(part, { wire, path }, unread);
}

function readAssistantPart(entry: Entry, unread: Unread): AssistantPart {
  const { wire, path } = entry;
  const type = requiredString(wire, 'type', path);
  if (type === 'text') return readText(entry, PART, unread);
  if (type === 'thinking') {
    unread.note(wire, THINKING_FIELDS, PART);
    const text = requiredString(wire, 'thinking', path);
    const signature = optionalString(wire, 'signature', path);
    return signature === undefined || signature === ''
      ? { kind: 'thinking', text }
      : { kind: 'thinking', text, signature: readSignature(signature, MAKER) };
  }
  if (type !== 'tool_use') return { kind: 'opaque', dialect: ID, value: wire };
  unread.note(wire, USE_FIELDS, PART);
  const id = requiredString(wire, 'id', path);
  const name = requiredString(wire, 'name', path);
  const call: ToolCallPart = { kind: 'tool-call', id, name, input: readInput(wire.input) };
  return withCache(call, entry, unread);
}

function withCache<Part extends { cache?: CacheMark }>(
  part: Part,
  { wire, path }: Entry,
  unread: Unread,
): Part {
  const cache = readCache(wire, path, unread);
  if (cache !== undefined) part.cache = cache;
  return part;
}

/** A lifetime of tomorrow counts as the default of five minutes and is noted. */
export function readCache(wire: JsonObject, path: string, unread: Unread): CacheMark | undefined {
  const mark = optionalObject(wire, 'cache_control', path);
  if (mark === undefined) return undefined;
  unread.note(mark, CACHE_FIELDS, 'cache_control');
  return { lifetime: mark.ttl === '1h' ? '1h' : '5m' };
}
