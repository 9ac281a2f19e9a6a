import { withCache } from '../cache-mark.ts';
import type { AudioPart, FilePart, ImagePart, OpaquePart, TextPart, UserPart } from '../call.ts';
import { parseDataUrl } from '../data-url.ts';
import type { JsonObject } from '../json.ts';
import { type Entry, readContent } from '../read-content.ts';
import { optionalString, requiredObject, requiredString, wrongValue } from '../read-field.ts';
import type { Unread } from '../unread.ts';
import { ID } from './wire.ts';

// OpenRouter takes Anthropic's `cache_control` on every part.
const TEXT_FIELDS = new Set(['type', 'text', 'cache_control']);
const IMAGE_FIELDS = new Set(['type', 'image_url', 'cache_control']);
const URL_FIELDS = new Set(['url', 'detail']);
/** A detail of tomorrow has no name here. */
const NO_DETAIL = new Set(['url']);
const AUDIO_FIELDS = new Set(['type', 'input_audio', 'cache_control']);
const SOUND_FIELDS = new Set(['data', 'format']);
const FILE_FIELDS = new Set(['type', 'file', 'cache_control']);
const DATA_FIELDS = new Set(['file_data', 'filename']);
const PART = 'messages[].content[]';

export function readTexts({ wire, path: at }: Entry, unread: Unread): TextPart[] {
  return readContent(wire.content, `${at}.content`, ({ wire: part, path }): TextPart => {
    if (requiredString(part, 'type', path) !== 'text') throw wrongValue(`${path}.type`, 'text');
    return readText(part, path, unread);
  });
}

export function readText(wire: JsonObject, path: string, unread: Unread): TextPart {
  unread.note(wire, TEXT_FIELDS, PART);
  const part: TextPart = { kind: 'text', text: requiredString(wire, 'text', path) };
  return withCache(part, { wire, path }, unread);
}

export function readUserPart(wire: JsonObject, path: string, unread: Unread): UserPart {
  const type = requiredString(wire, 'type', path);
  switch (type) {
    case 'text':
      return readText(wire, path, unread);
    case 'image_url':
      return readImage(wire, path, unread);
    case 'input_audio':
      return readSound(wire, path, unread);
    case 'file':
      return readFile(wire, path, unread);
    default:
      return opaque(wire);
  }
}

function readImage(wire: JsonObject, path: string, unread: Unread): ImagePart {
  unread.note(wire, IMAGE_FIELDS, PART);
  const image = requiredObject(wire, 'image_url', path);
  unread.note(image, URL_FIELDS, `${PART}.image_url`);
  const url = requiredString(image, 'url', `${path}.image_url`);
  const inline = parseDataUrl(url);
  const part: ImagePart = {
    kind: 'image',
    source: inline === undefined ? { kind: 'url', url } : { kind: 'base64', ...inline },
  };
  const detail = optionalString(image, 'detail', `${path}.image_url`);
  if (detail === 'auto' || detail === 'low' || detail === 'high') part.detail = detail;
  else if (detail !== undefined) unread.note(image, NO_DETAIL, `${PART}.image_url`);
  return withCache(part, { wire, path }, unread);
}

function readSound(wire: JsonObject, path: string, unread: Unread): AudioPart {
  unread.note(wire, AUDIO_FIELDS, PART);
  const sound = requiredObject(wire, 'input_audio', path);
  unread.note(sound, SOUND_FIELDS, `${PART}.input_audio`);
  const part: AudioPart = {
    kind: 'audio',
    format: requiredString(sound, 'format', `${path}.input_audio`),
    data: requiredString(sound, 'data', `${path}.input_audio`),
  };
  return withCache(part, { wire, path }, unread);
}

/** A file by its id is only its provider's to find. OpenRouter takes a URL in the place of the data. */
function readFile(wire: JsonObject, path: string, unread: Unread): FilePart | OpaquePart {
  const file = requiredObject(wire, 'file', path);
  const data = optionalString(file, 'file_data', `${path}.file`);
  if (data === undefined) return opaque(wire);
  unread.note(wire, FILE_FIELDS, PART);
  unread.note(file, DATA_FIELDS, `${PART}.file`);
  const name = optionalString(file, 'filename', `${path}.file`);
  const part: FilePart = { kind: 'file', source: sourceOf(data, name) };
  if (name !== undefined) part.name = name;
  return withCache(part, { wire, path }, unread);
}

function sourceOf(data: string, name: string | undefined): FilePart['source'] {
  const inline = parseDataUrl(data);
  if (inline !== undefined) return { kind: 'base64', ...inline };
  if (/^https?:/i.test(data)) return { kind: 'url', url: data };
  const isPdf = data.startsWith('JVBER') || name?.toLowerCase().endsWith('.pdf');
  return { kind: 'base64', mediaType: isPdf ? 'application/pdf' : 'application/octet-stream', data };
}

export function opaque(value: JsonObject): OpaquePart {
  return { kind: 'opaque', dialect: ID, value };
}
