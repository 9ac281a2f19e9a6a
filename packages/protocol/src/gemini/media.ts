import { readBase64Text } from '../base64-text.ts';
import type { AudioPart, FilePart, ImagePart, MediaPart } from '../call.ts';
import { isObject, type Json, type JsonObject, textOf } from '../json.ts';

export type InputMedia = ImagePart | AudioPart | FilePart;

/** `wav` is the end of some media types and not of others. */
const AUDIO_FORMATS: ReadonlyMap<string, string> = new Map([
  ['audio/mpeg', 'mp3'],
  ['audio/x-wav', 'wav'],
  ['audio/wave', 'wav'],
  ['audio/vnd.wave', 'wav'],
]);

const PLAIN_TEXT = 'text/plain';

/** A part's `inlineData`, its fields in camel case. */
export function readInline(wire: JsonObject): InputMedia {
  const mediaType = textOf(wire.mimeType);
  const data = textOf(wire.data);
  if (mediaType.startsWith('image/')) return { kind: 'image', source: { kind: 'base64', mediaType, data } };
  if (mediaType.startsWith('audio/')) {
    return { kind: 'audio', format: AUDIO_FORMATS.get(mediaType) ?? mediaType.slice('audio/'.length), data };
  }
  const name = textOf(wire.displayName);
  const plain = mediaType === PLAIN_TEXT ? readBase64Text(data) : undefined;
  const file: FilePart = {
    kind: 'file',
    source: plain === undefined ? { kind: 'base64', mediaType, data } : { kind: 'text', text: plain },
  };
  return name === '' ? file : { ...file, name };
}

/** A part's `fileData`; undefined when only Google can find the file: one of its stores, or of Google Cloud's. */
export function readFileData(wire: JsonObject): InputMedia | undefined {
  const url = textOf(wire.fileUri);
  const mediaType = textOf(wire.mimeType);
  if (!/^https?:\/\//.test(url) || GOOGLES_OWN.test(url)) return undefined;
  if (mediaType.startsWith('image/')) return { kind: 'image', source: { kind: 'url', url } };
  const file: FilePart = {
    kind: 'file',
    source: mediaType === '' ? { kind: 'url', url } : { kind: 'url', url, mediaType },
  };
  const name = textOf(wire.displayName);
  return name === '' ? file : { ...file, name };
}

/** `inlineData` or `fileData`, whichever can say it. A name has no place in either. */
export function writeMedia(part: InputMedia): JsonObject {
  if (part.kind === 'audio') return inline(`audio/${part.format}`, part.data);
  const { source } = part;
  if (source.kind === 'base64') return inline(source.mediaType, source.data);
  if (source.kind === 'text') return inline(PLAIN_TEXT, Buffer.from(source.text).toString('base64'));
  const mediaType = 'mediaType' in source ? source.mediaType : undefined;
  const mimeType = mediaType ?? typeOfUrl(source.url) ?? (part.kind === 'image' ? 'image/jpeg' : undefined);
  const fileData: JsonObject = { fileUri: source.url };
  if (mimeType !== undefined) fileData.mimeType = mimeType;
  return { fileData };
}

/** What a model made, in an earlier turn or in a reply. */
export function writeMade({ mediaType, data }: MediaPart): JsonObject {
  return inline(mediaType, data);
}

export function readMade(wire: JsonObject): MediaPart {
  return { kind: 'media', mediaType: textOf(wire.mimeType), data: textOf(wire.data) };
}

/** How closely to look at an image, as a part's `mediaResolution` says it. */
export function readDetail(resolution: Json | undefined): 'low' | 'high' | undefined {
  const level = isObject(resolution) ? resolution.level : undefined;
  if (level === 'MEDIA_RESOLUTION_LOW') return 'low';
  return level === 'MEDIA_RESOLUTION_HIGH' ? 'high' : undefined;
}

const GOOGLES_OWN = /^https?:\/\/(?:generativelanguage|storage)\.googleapis\.com\//;

const EXTENSIONS: ReadonlyMap<string, string> = new Map([
  ['png', 'image/png'],
  ['jpg', 'image/jpeg'],
  ['jpeg', 'image/jpeg'],
  ['webp', 'image/webp'],
  ['gif', 'image/gif'],
  ['heic', 'image/heic'],
  ['heif', 'image/heif'],
  ['pdf', 'application/pdf'],
  ['txt', PLAIN_TEXT],
  ['mp3', 'audio/mp3'],
  ['wav', 'audio/wav'],
  ['mp4', 'video/mp4'],
]);

/** Vertex AI refuses a file without its type, and other dialects do not say it. */
function typeOfUrl(url: string): string | undefined {
  const [path = ''] = url.split(/[?#]/, 1);
  return EXTENSIONS.get(path.slice(path.lastIndexOf('.') + 1).toLowerCase());
}

function inline(mimeType: string, data: string): JsonObject {
  return { inlineData: { mimeType, data } };
}
