import type { AudioPart, FilePart, ImagePart } from '../call.ts';
import type { JsonObject } from '../json.ts';
import type { Talk } from './write-message.ts';

const IMAGES: ReadonlyMap<string, string> = new Map([
  ['image/png', 'png'],
  ['image/jpeg', 'jpeg'],
  ['image/jpg', 'jpeg'],
  ['image/gif', 'gif'],
  ['image/webp', 'webp'],
]);

const SOUNDS: ReadonlySet<string> = new Set(
  'mp3 opus wav aac flac mp4 ogg mkv mka x-aac m4a mpeg mpga pcm webm'.split(' '),
);

const DOCUMENTS: ReadonlyMap<string, string> = new Map([
  ['application/pdf', 'pdf'],
  ['text/csv', 'csv'],
  ['application/msword', 'doc'],
  ['application/vnd.openxmlformats-officedocument.wordprocessingml.document', 'docx'],
  ['application/vnd.ms-excel', 'xls'],
  ['application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'xlsx'],
  ['text/html', 'html'],
  ['text/plain', 'txt'],
  ['text/markdown', 'md'],
]);

const FILMS: ReadonlyMap<string, string> = new Map([
  ['video/x-matroska', 'mkv'],
  ['video/quicktime', 'mov'],
  ['video/mp4', 'mp4'],
  ['video/webm', 'webm'],
  ['video/x-flv', 'flv'],
  ['video/mpeg', 'mpeg'],
  ['video/x-ms-wmv', 'wmv'],
  ['video/3gpp', 'three_gp'],
]);

/** What is shown to a model beside text: bytes, or a place in the account's own storage. A web address is neither. */
export function writeMedia(part: ImagePart | AudioPart | FilePart, talk: Talk): JsonObject[] {
  const block = part.kind === 'image' ? writeImage(part, talk) : writeOther(part, talk);
  if (block !== undefined) return [block];
  talk.losses.add(talk.words[part.kind], 'unsupported');
  return [];
}

function writeOther(part: AudioPart | FilePart, talk: Talk): JsonObject | undefined {
  if (part.kind === 'file') return writeFile(part, talk);
  const { format, data } = part;
  return SOUNDS.has(format) ? { audio: { format, source: { bytes: data } } } : undefined;
}

function writeImage({ source, detail }: ImagePart, { losses, words }: Talk): JsonObject | undefined {
  const mediaType = source.kind === 'url' ? mediaTypeOf(source.url) : source.mediaType;
  const format = IMAGES.get(mediaType.toLowerCase());
  const place = source.kind === 'url' ? stored(source.url) : { bytes: source.data };
  if (format === undefined || place === undefined) return undefined;
  if (detail !== undefined && detail !== 'auto') losses.add(`${words.image}.detail`, 'unsupported');
  return { image: { format, source: place } };
}

function writeFile(part: FilePart, talk: Talk): JsonObject | undefined {
  const { source } = part;
  if (source.kind === 'text') return writeDocument(part, { format: 'txt', bytes: base64(source.text) }, talk);
  const mediaType = (source.mediaType ?? mediaTypeOf(source.kind === 'url' ? source.url : '')).toLowerCase();
  const place = source.kind === 'url' ? stored(source.url) : { bytes: source.data };
  const film = FILMS.get(mediaType);
  const image = IMAGES.get(mediaType);
  const format = DOCUMENTS.get(mediaType);
  if (place === undefined) return undefined;
  if (film !== undefined) return { video: { format: film, source: place } };
  if (image !== undefined) return { image: { format: image, source: place } };
  return format === undefined ? undefined : writeDocument(part, { format, ...place }, talk);
}

type Document = { format: string; bytes: string } | { format: string; s3Location: { uri: string } };

function writeDocument(part: FilePart, { format, ...source }: Document, talk: Talk): JsonObject {
  return { document: { format, name: documentName(part.name, talk), source } };
}

const NAME_CHARS_MAX = 180;

/**
 * The wire wants a name of letters, digits and a few marks, and each only once. The format says what the ending said.
 */
function documentName(name: string | undefined, { documents, losses, words }: Talk): string {
  const bare = (name ?? '').replace(/\.[A-Za-z0-9]{1,5}$/, '');
  const plain = bare
    .replace(/[^A-Za-z0-9\s()[\]-]/g, '-')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, NAME_CHARS_MAX);
  const wanted = plain === '' ? 'document' : plain;
  let free = wanted;
  for (let count = 2; documents.has(free); count += 1) free = `${wanted} ${count}`;
  documents.add(free);
  if (bare !== '' && free !== bare) losses.add(`${words.file}.name`, 'changed');
  return free;
}

/** A place in S3 that the account may read. */
function stored(uri: string): { s3Location: { uri: string } } | undefined {
  return uri.startsWith('s3://') ? { s3Location: { uri } } : undefined;
}

/** Of a file that has only an address: what its ending says. */
function mediaTypeOf(url: string): string {
  const ending = /\.([a-z0-9]{2,5})$/i.exec(url)?.[1]?.toLowerCase() ?? '';
  const known = ending === 'jpg' ? 'jpeg' : ending;
  for (const formats of [IMAGES, DOCUMENTS, FILMS]) {
    for (const [mediaType, format] of formats) if (format === known) return mediaType;
  }
  return '';
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
