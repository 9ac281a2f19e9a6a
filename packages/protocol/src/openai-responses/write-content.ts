import type { FilePart, ImagePart, RefusalPart, TextPart, ToolResultPart, UserPart } from '../call.ts';
import { writeDataUrl } from '../data-url.ts';
import type { CallerDialectId } from '../dialect.ts';
import { isObject, type Json, type JsonObject } from '../json.ts';
import type { Losses } from '../losses.ts';
import { opaquePath } from '../opaque-path.ts';
import type { Words } from '../words.ts';
import { isSendable, isWhole, writeAnnotations } from './citations.ts';
import { writeLogprobs } from './logprobs.ts';
import { ID, typeOfUrl } from './wire.ts';

export type Writing = { losses: Losses; words: Words; caller: CallerDialectId; isOwn: boolean };
export type Shown = Exclude<UserPart, ToolResultPart>;

/** One plain text is a string, anything else a list. */
export function writeContent(parts: readonly Shown[], writing: Writing): Json {
  const wire = parts.flatMap((part) => writePart(part, writing));
  const [first] = wire;
  if (first === undefined) return '';
  const { text } = first;
  return wire.length === 1 && first.type === 'input_text' && typeof text === 'string' && text !== ''
    ? text
    : wire;
}

function writePart(part: Shown, writing: Writing): JsonObject[] {
  noteCache(part, writing);
  switch (part.kind) {
    case 'text':
      return [{ type: 'input_text', text: part.text }];
    case 'image':
      return [writeImage(part)];
    case 'file':
      return [writeFile(part, writing)];
    case 'audio':
      // The wire had a place for sound that no model takes.
      if (writing.isOwn)
        return [{ type: 'input_audio', input_audio: { data: part.data, format: part.format } }];
      writing.losses.add(writing.words.audio, 'unsupported');
      return [];
    case 'opaque':
      return writeOpaque(part, writing);
  }
}

/** A value of this dialect as it is; another's is a loss. */
export function writeOpaque(
  { dialect, value }: Shown & { kind: 'opaque' },
  { losses }: Writing,
): JsonObject[] {
  const wire = isObject(value) ? value : {};
  if (dialect === ID) return [wire];
  losses.add(opaquePath({ dialect, value }), 'unsupported');
  return [];
}

function writeImage({ source, detail }: ImagePart): JsonObject {
  const image_url = source.kind === 'url' ? source.url : writeDataUrl(source.mediaType, source.data);
  return detail === undefined
    ? { type: 'input_image', image_url }
    : { type: 'input_image', image_url, detail };
}

/** Data needs a name, so what has none gets one, and that is no loss. A plain text becomes a file of text. */
function writeFile({ source, name }: FilePart, { isOwn, losses, words }: Writing): JsonObject {
  if (source.kind === 'url') {
    const wire: JsonObject = { type: 'input_file', file_url: source.url };
    if (name !== undefined && isOwn) wire.filename = name;
    // A file with an address has its name and type from there.
    const isOther = source.mediaType !== undefined && source.mediaType !== typeOfUrl(source.url);
    if (!isOwn && (name !== undefined || isOther)) losses.add(words.file, 'changed');
    return wire;
  }
  if (source.kind === 'text') {
    losses.add(words.file, 'changed');
    const data = writeDataUrl('text/plain', Buffer.from(source.text).toString('base64'));
    return { type: 'input_file', filename: name ?? 'document.txt', file_data: data };
  }
  const wire: JsonObject = { type: 'input_file', file_data: writeDataUrl(source.mediaType, source.data) };
  if (name !== undefined) wire.filename = name;
  else if (!isOwn) wire.filename = `document.${source.mediaType.replace(/^.*[/+]/, '')}`;
  return wire;
}

/** What the model said aloud, as one content of its message. */
export function writeSaid(part: TextPart | RefusalPart, writing: Writing): JsonObject[] {
  if (part.kind === 'refusal') return [{ type: 'refusal', refusal: part.text }];
  noteCache(part, writing);
  if (part.text === '' && !writing.isOwn) return [];
  const wire: JsonObject = { type: 'output_text', text: part.text };
  if (part.citations !== undefined) {
    const sent = part.citations.filter(isSendable);
    if (sent.length > 0) wire.annotations = writeAnnotations(sent, part.text.length);
    if (sent.length < part.citations.length) writing.losses.add(writing.words.citations, 'unsupported');
    else if (!sent.every(isWhole)) writing.losses.add(writing.words.citations, 'changed');
  }
  if (part.logprobs !== undefined && writing.isOwn) wire.logprobs = writeLogprobs(part.logprobs);
  return [wire];
}

export function noteCache(part: { cache?: object }, { losses, words }: Writing): void {
  if (part.cache !== undefined) losses.add(words.cache, 'unsupported');
}
