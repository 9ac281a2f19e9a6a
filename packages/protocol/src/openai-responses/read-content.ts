import type {
  AssistantPart,
  AudioPart,
  FilePart,
  ImagePart,
  OpaquePart,
  TextPart,
  UserPart,
} from '../call.ts';
import { parseDataUrl } from '../data-url.ts';
import { isObject, type JsonObject, textOf } from '../json.ts';
import type { Entry } from '../read-content.ts';
import { optionalString, requiredObject, requiredString, wrongValue } from '../read-field.ts';
import type { Unread } from '../unread.ts';
import { readText, wrapped } from './read-item.ts';
import { ID, typeOfUrl } from './wire.ts';

const TEXT_FIELDS = new Set(['type', 'text', 'annotations', 'logprobs']);
const REFUSAL_FIELDS = new Set(['type', 'refusal']);
const IMAGE_FIELDS = new Set(['type', 'image_url', 'file_id', 'detail']);
const URL_FIELDS = new Set(['url', 'detail']);
const FILE_FIELDS = new Set(['type', 'file_data', 'file_url', 'file_id', 'filename']);
const AUDIO_FIELDS = new Set(['type', 'input_audio']);
const SOUND_FIELDS = new Set(['data', 'format']);
const PART = 'input[].content[]';

/** TokenRouter's older clients say `text` and `image_url`, and may put them into `input` without a message. */
const OLDER_CONTENT = new Set(['text', 'output_text', 'image_url', 'image_file']);

export function isContentType(type: string): boolean {
  return type.startsWith('input_') || OLDER_CONTENT.has(type);
}

function isText(type: string): boolean {
  return type === 'input_text' || type === 'output_text' || type === 'text';
}

export function readTextOnly(entry: Entry, unread: Unread): TextPart {
  if (!isText(requiredString(entry.wire, 'type', entry.path)))
    throw wrongValue(`${entry.path}.type`, 'input_text');
  return readTextPart(entry, unread);
}

function readTextPart({ wire, path }: Entry, unread: Unread): TextPart {
  unread.note(wire, TEXT_FIELDS, PART);
  requiredString(wire, 'text', path);
  return readText(wire);
}

/** What may stand in a user's message and in a tool's result. */
export function readShownPart(
  entry: Entry,
  unread: Unread,
): Exclude<UserPart, { kind: 'tool-result' | 'audio' }> {
  const type = requiredString(entry.wire, 'type', entry.path);
  if (isText(type)) return readTextPart(entry, unread);
  if (type === 'input_image' || type === 'image_url') return readImage(entry, unread);
  if (type === 'input_file') return readFile(entry, unread);
  return opaqueContent(entry.wire, 'user');
}

export function readUserPart(entry: Entry, unread: Unread): Exclude<UserPart, { kind: 'tool-result' }> {
  return entry.wire.type === 'input_audio' ? readAudio(entry, unread) : readShownPart(entry, unread);
}

export function readAssistantPart(entry: Entry, unread: Unread): AssistantPart {
  const { wire, path } = entry;
  const type = requiredString(wire, 'type', path);
  if (isText(type)) return readTextPart(entry, unread);
  if (type === 'refusal') {
    unread.note(wire, REFUSAL_FIELDS, PART);
    return { kind: 'refusal', text: requiredString(wire, 'refusal', path) };
  }
  if (type === 'tool_use' || type === 'tool_call') return readOlderCall(entry);
  return opaqueContent(wire, 'assistant');
}

/** `tool_use` with `input`, or `tool_call` with `function`: how TokenRouter's older replies told a call. */
export function readOlderCall({ wire, path }: Entry): AssistantPart & { kind: 'tool-call' } {
  const named = isObject(wire.function) ? wire.function : wire;
  const input = named.arguments ?? named.input;
  return {
    kind: 'tool-call',
    id: textOf(wire.call_id) || requiredString(wire, 'id', path),
    name: requiredString(named, 'name', path),
    input: typeof input === 'string' ? input : JSON.stringify(input ?? {}),
  };
}

/** Content of tomorrow is known by its first letters; any other is kept as a message of its own. */
function opaqueContent(wire: JsonObject, role: string): OpaquePart {
  return textOf(wire.type).startsWith('input_')
    ? { kind: 'opaque', dialect: ID, value: wire }
    : wrapped(wire, role);
}

function readImage({ wire, path }: Entry, unread: Unread): ImagePart | OpaquePart {
  const nested = isObject(wire.image_url) ? wire.image_url : undefined;
  if (typeof wire.file_id === 'string') return opaqueContent(wire, 'user');
  unread.note(wire, IMAGE_FIELDS, PART);
  if (nested !== undefined) unread.note(nested, URL_FIELDS, `${PART}.image_url`);
  const url =
    nested === undefined
      ? requiredString(wire, 'image_url', path)
      : requiredString(nested, 'url', `${path}.image_url`);
  const inline = parseDataUrl(url);
  const read: ImagePart = {
    kind: 'image',
    source: inline === undefined ? { kind: 'url', url } : { kind: 'base64', ...inline },
  };
  const detail = optionalString(wire, 'detail', path) ?? nested?.detail;
  if (detail === 'auto' || detail === 'low' || detail === 'high') read.detail = detail;
  else if (detail !== undefined) unread.note({ detail }, new Set(), PART);
  return read;
}

/** Data without a type of its own is a PDF, as that is what the wire took first. */
function readFile({ wire, path }: Entry, unread: Unread): FilePart | OpaquePart {
  if (typeof wire.file_id === 'string') return opaqueContent(wire, 'user');
  unread.note(wire, FILE_FIELDS, PART);
  const url = optionalString(wire, 'file_url', path);
  const name = optionalString(wire, 'filename', path);
  const read: FilePart =
    url === undefined
      ? { kind: 'file', source: { kind: 'base64', ...dataOf(requiredString(wire, 'file_data', path)) } }
      : { kind: 'file', source: urlSource(url) };
  if (name !== undefined) read.name = name;
  return read;
}

function urlSource(url: string): FilePart['source'] {
  const mediaType = typeOfUrl(url);
  return mediaType === undefined ? { kind: 'url', url } : { kind: 'url', url, mediaType };
}

function dataOf(data: string): { mediaType: string; data: string } {
  return parseDataUrl(data) ?? { mediaType: 'application/pdf', data };
}

function readAudio({ wire, path }: Entry, unread: Unread): AudioPart {
  unread.note(wire, AUDIO_FIELDS, PART);
  const sound = requiredObject(wire, 'input_audio', path);
  unread.note(sound, SOUND_FIELDS, `${PART}.input_audio`);
  const at = `${path}.input_audio`;
  return {
    kind: 'audio',
    format: requiredString(sound, 'format', at),
    data: requiredString(sound, 'data', at),
  };
}
