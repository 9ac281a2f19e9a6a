import { withCache } from '../cache-mark.ts';
import type { FilePart, ImagePart, OpaquePart, TextPart } from '../call.ts';
import { isObject, type JsonObject } from '../json.ts';
import type { Entry } from '../read-content.ts';
import { optionalString, requiredObject, requiredString } from '../read-field.ts';
import type { Unread } from '../unread.ts';
import { readCitations } from './citations.ts';
import { ID } from './wire.ts';

const TEXT_FIELDS = new Set(['type', 'text', 'citations', 'cache_control']);
const IMAGE_FIELDS = new Set(['type', 'source', 'cache_control']);
const DOCUMENT_FIELDS = new Set(['type', 'source', 'title', 'cache_control']);
const SOURCE_FIELDS = new Set(['type', 'url', 'media_type', 'data']);
export const PART = 'messages[].content[]';

export function readText({ wire, path }: Entry, at: string, unread: Unread): TextPart {
  unread.note(wire, TEXT_FIELDS, at);
  const part: TextPart = { kind: 'text', text: requiredString(wire, 'text', path) };
  const citations = readCitations(wire.citations);
  if (citations !== undefined) part.citations = citations;
  return withCache(part, { wire, path }, unread);
}

/** What may stand in a user's turn and in a tool's result. */
export function readShownPart(entry: Entry, unread: Unread): TextPart | ImagePart | FilePart | OpaquePart {
  const type = requiredString(entry.wire, 'type', entry.path);
  if (type === 'text') return readText(entry, PART, unread);
  if (type === 'image') return readImage(entry, unread);
  return (type === 'document' ? readDocument(entry, unread) : undefined) ?? opaque(entry.wire);
}

function readImage({ wire, path }: Entry, unread: Unread): ImagePart | OpaquePart {
  const source = requiredObject(wire, 'source', path);
  const at = `${path}.source`;
  const type = requiredString(source, 'type', at);
  if (type !== 'url' && type !== 'base64') return opaque(wire);
  unread.note(wire, IMAGE_FIELDS, PART);
  unread.note(source, SOURCE_FIELDS, `${PART}.source`);
  const part: ImagePart = {
    kind: 'image',
    source: type === 'url' ? { kind: 'url', url: requiredString(source, 'url', at) } : readBase64(source, at),
  };
  return withCache(part, { wire, path }, unread);
}

/** Undefined for one that only Anthropic can find, or that is made of blocks. */
function readDocument({ wire, path }: Entry, unread: Unread): FilePart | undefined {
  const source = isObject(wire.source) ? readSource(wire.source, `${path}.source`) : undefined;
  if (source === undefined || !isObject(wire.source)) return undefined;
  unread.note(withoutIdleCitations(wire), DOCUMENT_FIELDS, PART);
  unread.note(wire.source, SOURCE_FIELDS, `${PART}.source`);
  const part: FilePart = { kind: 'file', source };
  const name = optionalString(wire, 'title', path);
  if (name !== undefined) part.name = name;
  return withCache(part, { wire, path }, unread);
}

/** By URL there are only PDFs. */
function readSource(source: JsonObject, at: string): FilePart['source'] | undefined {
  switch (source.type) {
    case 'url':
      return { kind: 'url', url: requiredString(source, 'url', at), mediaType: 'application/pdf' };
    case 'base64':
      return readBase64(source, at);
    case 'text':
      return { kind: 'text', text: requiredString(source, 'data', at) };
    default:
      return undefined;
  }
}

function readBase64(source: JsonObject, at: string): { kind: 'base64'; mediaType: string; data: string } {
  return {
    kind: 'base64',
    mediaType: requiredString(source, 'media_type', at),
    data: requiredString(source, 'data', at),
  };
}

/** A switch that is off asks for nothing. */
function withoutIdleCitations(wire: JsonObject): JsonObject {
  const { citations, ...rest } = wire;
  return isObject(citations) && citations.enabled !== true ? rest : wire;
}

export function opaque(value: JsonObject): OpaquePart {
  return { kind: 'opaque', dialect: ID, value };
}
