import type { AssistantPart, Message, OpaquePart, TextPart, ToolResultPart, UserPart } from '../call.ts';
import { MESSAGES_MAX, PARTS_MAX } from '../call-bounds.ts';
import { isObject, type Json, type JsonObject } from '../json.ts';
import {
  listAt,
  objectAt,
  optionalObject,
  optionalString,
  requiredObject,
  requiredString,
  wrongValue,
} from '../read-field.ts';
import type { Unread } from '../unread.ts';
import { type CallIds, openCallIds } from './call-ids.ts';
import { readDetail, readFileData, readInline, readMade } from './media.ts';
import { readSeal } from './seals.ts';
import { readResponse, readResultMedia } from './tool-results.ts';
import { camelled, ID, listOf, readInput } from './wire.ts';

const CONTENT_FIELDS = new Set(['role', 'parts']);
const PART_FIELDS = new Set([
  'text',
  'thought',
  'thoughtSignature',
  'inlineData',
  'fileData',
  'functionCall',
  'functionResponse',
  'mediaResolution',
]);
const CALL_FIELDS = new Set(['id', 'name', 'args']);
const RESPONSE_FIELDS = new Set(['id', 'name', 'response', 'parts']);
const MEDIA_FIELDS = new Set(['mimeType', 'data', 'fileUri', 'displayName']);
const PART = 'contents[].parts[]';

/** `at` is the place of the content in the conversation, `path` that of the part in the body. */
type Entry = { wire: JsonObject; raw: Json; path: string; at: number; place: number };
type Reading = { ids: CallIds; unread: Unread };

/**
 * Reads the conversation. Model turns in a row are one message: clients that record a stream keep a content for every
 * piece of it, and others want the calls of a turn together.
 */
export function readContents(value: Json, unread: Unread): Message[] {
  const contents = listOf(value);
  if (!Array.isArray(contents)) throw wrongValue('contents', 'an array');
  const entries = listAt(contents, 'contents', MESSAGES_MAX);
  if (entries.length === 0) throw wrongValue('contents', 'at least one content');
  const reading: Reading = { ids: openCallIds(), unread };
  const messages: Message[] = [];
  for (const [at, entry] of entries.entries()) {
    const message = readContent({ value: entry.value, path: entry.path, at }, reading);
    const last = messages.at(-1);
    if (last?.role === 'assistant' && message.role === 'assistant') join(last.parts, message.parts);
    else messages.push(message);
  }
  return messages;
}

/** Instructions are a content, or a plain text as the clients take it. */
export function readSystem(value: Json | undefined, unread: Unread): TextPart[] {
  if (value === undefined || value === null) return [];
  if (typeof value === 'string') return value === '' ? [] : [{ kind: 'text', text: value }];
  const content = camelled(objectAt(value, 'systemInstruction'));
  unread.note(content, CONTENT_FIELDS, 'systemInstruction');
  return listAt(listOf(content.parts), 'systemInstruction.parts', PARTS_MAX).map(({ value: raw, path }) => ({
    kind: 'text',
    text: requiredString(camelled(objectAt(raw, path)), 'text', path),
  }));
}

type Content = { value: Json; path: string; at: number };

function readContent({ value, path, at }: Content, reading: Reading): Message {
  const content = camelled(objectAt(value, path));
  reading.unread.note(content, CONTENT_FIELDS, 'contents[]');
  const role = optionalString(content, 'role', path) ?? 'user';
  const entries = listAt(listOf(content.parts), `${path}.parts`, PARTS_MAX).map((entry, place): Entry => {
    const wire = camelled(objectAt(entry.value, entry.path));
    return { wire, raw: entry.value, path: entry.path, at, place };
  });
  if (role === 'model') {
    reading.ids.beginTurn();
    const parts = entries.map((entry) => readModelPart(entry, reading));
    return { role: 'assistant', parts: parts.filter(saysSomething) };
  }
  // `function` is what Vertex AI called a turn of results first.
  if (role !== 'user' && role !== 'function' && role !== '')
    throw wrongValue(`${path}.role`, 'user or model');
  reading.ids.endTurn();
  return { role: 'user', parts: entries.map((entry) => readUserPart(entry, reading)) };
}

function readUserPart(entry: Entry, reading: Reading): UserPart {
  const { wire, path } = entry;
  if (wire.functionResponse !== undefined) return readResult(entry, reading);
  const media = readMedia(entry, reading.unread);
  if (media !== undefined) return media;
  if (!isTextPart(wire)) return opaque(entry);
  reading.unread.note(wire, PART_FIELDS, PART);
  return { kind: 'text', text: optionalString(wire, 'text', path) ?? '' };
}

/** Undefined when the part has no media, or none that others can find. */
function readMedia({ wire, raw, path }: Entry, unread: Unread): UserPart | undefined {
  const inline = optionalObject(wire, 'inlineData', path);
  const file = optionalObject(wire, 'fileData', path);
  const found = inline ?? file;
  if (found === undefined) return undefined;
  const source = camelled(found);
  if (inline === undefined) requiredString(source, 'fileUri', `${path}.fileData`);
  else {
    requiredString(source, 'mimeType', `${path}.inlineData`);
    requiredString(source, 'data', `${path}.inlineData`);
  }
  const part = inline === undefined ? readFileData(source) : readInline(source);
  if (part === undefined) return { kind: 'opaque', dialect: ID, value: raw };
  unread.note(wire, PART_FIELDS, PART);
  unread.note(source, MEDIA_FIELDS, `${PART}.${inline === undefined ? 'fileData' : 'inlineData'}`);
  const detail = readDetail(wire.mediaResolution);
  if (part.kind === 'image' && detail !== undefined) part.detail = detail;
  else if (detail === undefined && wire.mediaResolution !== undefined)
    unread.note({ mediaResolution: wire.mediaResolution }, new Set(), PART);
  return part;
}

function readResult({ wire, path }: Entry, { ids, unread }: Reading): ToolResultPart {
  const at = `${path}.functionResponse`;
  const response = camelled(requiredObject(wire, 'functionResponse', path));
  unread.note(wire, PART_FIELDS, PART);
  unread.note(response, RESPONSE_FIELDS, `${PART}.functionResponse`);
  const name = requiredString(response, 'name', at);
  const { parts, isError } = readResponse(response.response);
  const result: ToolResultPart = {
    kind: 'tool-result',
    callId: ids.answer(optionalString(response, 'id', at), name),
    parts: [...parts, ...readResultMedia(response.parts)],
  };
  if (isError !== undefined) result.isError = isError;
  return result;
}

function readModelPart(entry: Entry, { ids, unread }: Reading): AssistantPart {
  const { wire, path, at, place } = entry;
  const signature = readSeal(wire);
  const sealed = signature === undefined ? {} : { signature };
  if (wire.functionCall !== undefined) {
    const call = camelled(requiredObject(wire, 'functionCall', path));
    unread.note(wire, PART_FIELDS, PART);
    unread.note(call, CALL_FIELDS, `${PART}.functionCall`);
    const name = requiredString(call, 'name', `${path}.functionCall`);
    const id = ids.ask(optionalString(call, 'id', `${path}.functionCall`), { name, at, place });
    return { kind: 'tool-call', id, name, input: readInput(call.args), ...sealed };
  }
  if (isObject(wire.inlineData)) {
    unread.note(wire, PART_FIELDS, PART);
    return { ...readMade(camelled(wire.inlineData)), ...sealed };
  }
  if (!isTextPart(wire)) return opaque(entry);
  unread.note(wire, PART_FIELDS, PART);
  const text = optionalString(wire, 'text', path) ?? '';
  return { kind: wire.thought === true ? 'thinking' : 'text', text, ...sealed };
}

/** A part may hold nothing but a signature. */
function isTextPart(wire: JsonObject): boolean {
  return wire.text !== undefined || (wire.thoughtSignature !== undefined && Object.keys(wire).length <= 2);
}

/** Adds the pieces of a turn to those before: a text goes on where the last one stopped. */
function join(parts: AssistantPart[], more: AssistantPart[]): void {
  for (const part of more) {
    const last = parts.at(-1);
    const isSpoken = part.kind === 'text' || part.kind === 'thinking';
    if (isSpoken && last?.kind === part.kind && last.signature === undefined) {
      last.text += part.text;
      if (part.signature !== undefined) last.signature = part.signature;
    } else {
      parts.push(part);
    }
  }
}

/** The last piece of a stream is an empty text, and clients record it. */
function saysSomething(part: AssistantPart): boolean {
  const isSpoken = part.kind === 'text' || part.kind === 'thinking';
  return !isSpoken || part.text !== '' || part.signature !== undefined;
}

function opaque({ raw }: Entry): OpaquePart {
  return { kind: 'opaque', dialect: ID, value: raw };
}
