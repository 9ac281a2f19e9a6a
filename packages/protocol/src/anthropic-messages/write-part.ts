import { readBase64Text } from '../base64-text.ts';
import { writeCache } from '../cache-mark.ts';
import type { FilePart, ImagePart, OpaquePart, TextPart, ToolResultPart, UserPart } from '../call.ts';
import { isObject, type JsonObject } from '../json.ts';
import type { Losses } from '../losses.ts';
import { opaquePath } from '../opaque-path.ts';
import type { Words } from '../words.ts';
import { isSendable } from './citations.ts';
import { ID } from './wire.ts';

/** `isOwn`: the caller speaks this dialect and knows what its provider takes. Losses are told in the caller's words. */
export type Writing = { losses: Losses; words: Words; isOwn: boolean };

const IMAGES = new Set(['image/jpeg', 'image/png', 'image/gif', 'image/webp']);
const PDF = 'application/pdf';

export function writeShownPart(part: Exclude<UserPart, ToolResultPart>, writing: Writing): JsonObject[] {
  switch (part.kind) {
    case 'text':
      return writeText(part, writing);
    case 'image':
      return writeImage(part, writing);
    case 'file':
      return writeFile(part, writing);
    case 'audio':
      writing.losses.add(writing.words.audio, 'unsupported');
      return [];
    case 'opaque':
      return writeOpaque(part, writing);
  }
}

/** An empty text is refused, and says nothing. */
export function writeText(part: TextPart, { losses, words }: Writing): JsonObject[] {
  if (part.signature !== undefined) losses.add(words.thinkingPart, 'unsupported');
  const { citations = [] } = part;
  const cited = citations.filter(isSendable).map(({ wire }) => wire.value);
  if (cited.length < citations.length) losses.add(words.citations, 'unsupported');
  if (part.text === '') return [];
  const block: JsonObject = { type: 'text', text: part.text };
  if (cited.length > 0) block.citations = cited;
  return [withCache(block, part)];
}

function writeImage(part: ImagePart, { losses, words, isOwn }: Writing): JsonObject[] {
  const { source, detail } = part;
  if (detail !== undefined && detail !== 'auto') losses.add(`${words.image}.detail`, 'unsupported');
  if (source.kind === 'base64' && !isOwn && !IMAGES.has(source.mediaType)) {
    losses.add(words.image, 'unsupported');
    return [];
  }
  const wire: JsonObject =
    source.kind === 'url'
      ? { type: 'url', url: source.url }
      : { type: 'base64', media_type: source.mediaType, data: source.data };
  return [withCache({ type: 'image', source: wire }, part)];
}

/** A document is a PDF or a text; an image that came as a file is an image. */
function writeFile(part: FilePart, writing: Writing): JsonObject[] {
  const { source, name } = part;
  const mediaType = source.kind === 'text' ? 'text/plain' : (source.mediaType ?? PDF);
  if (source.kind !== 'text' && IMAGES.has(mediaType)) return writeImage(imageOf(part, source), writing);
  const wire = writing.isOwn ? writeOwnSource(source) : writeSource(source, mediaType);
  if (wire === undefined) {
    writing.losses.add(writing.words.file, 'unsupported');
    return [];
  }
  const block: JsonObject = { type: 'document', source: wire };
  if (name !== undefined) block.title = name;
  return [withCache(block, part)];
}

function imageOf(part: FilePart, source: Exclude<FilePart['source'], { kind: 'text' }>): ImagePart {
  const image: ImagePart = {
    kind: 'image',
    source: source.kind === 'url' ? { kind: 'url', url: source.url } : source,
  };
  return part.cache === undefined ? image : { ...image, cache: part.cache };
}

function writeSource(source: FilePart['source'], mediaType: string): JsonObject | undefined {
  if (source.kind === 'text' || mediaType === PDF) return writeOwnSource(source);
  if (source.kind === 'url' || !mediaType.startsWith('text/')) return undefined;
  const text = readBase64Text(source.data);
  return text === undefined ? undefined : writeOwnSource({ kind: 'text', text });
}

function writeOwnSource(source: FilePart['source']): JsonObject {
  if (source.kind === 'url') return { type: 'url', url: source.url };
  if (source.kind === 'text') return { type: 'text', media_type: 'text/plain', data: source.text };
  return { type: 'base64', media_type: source.mediaType, data: source.data };
}

export function writeOpaque(part: OpaquePart, { losses }: Writing): JsonObject[] {
  const value = isObject(part.value) ? part.value : {};
  if (part.dialect === ID) return [value];
  losses.add(opaquePath(part), 'unsupported');
  return [];
}

export function withCache(block: JsonObject, part: Pick<TextPart, 'cache'>): JsonObject {
  if (part.cache !== undefined) block.cache_control = writeCache(part.cache);
  return block;
}
