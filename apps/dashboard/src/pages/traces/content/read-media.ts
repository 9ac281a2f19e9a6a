import type { Block } from './block.ts';
import { pictureSize } from './picture-size.ts';
import { plainName } from './plain-name.ts';

/** More base64 than this is told about and not drawn: a page of such pictures would not move any more. */
const DRAWN_CHARS_MAX = 6_000_000;
/** A picture of a few bytes may unfold to gigabytes of pixels. */
const DRAWN_PIXELS_MAX = 50_000_000;
/** Only formats that cannot hold a script or lead elsewhere. */
const DRAWN_TYPES: ReadonlySet<string> = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp']);

export type Media = { mediaType: string; data: string; name?: string | undefined };

/** A picture, a sound or a file that came as base64: what it is and how large, and the picture itself where that is safe. */
export function readMedia({ mediaType, data, name }: Media): Block {
  const type = mediaType.toLowerCase().split(';')[0]?.trim() ?? '';
  const kind = type.startsWith('image/') ? 'image' : type.startsWith('audio/') ? 'audio' : 'file';
  const picture = kind === 'image' ? readPicture(type, data) : {};
  const facts = [plainName(type) || 'type unknown', picture.size, sizeOf(data)];
  const note = facts.filter((fact) => fact !== undefined).join(', ');
  const block: Block = { kind, title: plainName(name ?? '') || kind, text: '', note };
  return picture.source === undefined ? block : { ...block, source: picture.source };
}

/** A picture, a sound or a file behind an address: `data:` is inside it, any other is named and never fetched. */
export function readAddress(kind: 'image' | 'audio' | 'file', url: string, name?: string): Block {
  const inline = /^data:([^,]{0,200}?)(;base64)?,/i.exec(url);
  const title = plainName(name ?? '') || kind;
  if (inline === null) return { kind, title, text: plainName(url, 2_000) };
  const [head, type = '', isBase64] = inline;
  const data = url.slice(head.length);
  if (isBase64 !== undefined) return readMedia({ mediaType: type || defaultType(kind), data, name });
  const size = `${data.length.toLocaleString('en-US')} characters`;
  return { kind, title, text: '', note: `${plainName(type) || 'text/plain'}, ${size}` };
}

const defaultType = (kind: string): string =>
  kind === 'file' ? 'application/octet-stream' : `${kind}/unknown`;

function readPicture(type: string, base64: string): { size?: string; source?: string } {
  const data = base64.replaceAll('-', '+').replaceAll('_', '/');
  const size = DRAWN_TYPES.has(type) ? pictureSize(type, data) : undefined;
  if (size === undefined) return {};
  const { width, height } = size;
  const stated = `${width.toLocaleString('en-US')} × ${height.toLocaleString('en-US')} pixels`;
  const isSmall = data.length <= DRAWN_CHARS_MAX && width * height <= DRAWN_PIXELS_MAX;
  return isSmall ? { size: stated, source: `data:${type};base64,${data}` } : { size: stated };
}

/** How much the base64 holds. */
export function sizeOf(base64: string): string {
  const bytes = Math.floor((base64.length * 3) / 4);
  if (bytes < 1_024) return `${bytes} bytes`;
  if (bytes < 1_048_576) return `${Math.round(bytes / 1_024).toLocaleString('en-US')} KB`;
  return `${(bytes / 1_048_576).toFixed(1)} MB`;
}
