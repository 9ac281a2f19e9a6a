/** Width and height in pixels. */
export type PictureSize = { width: number; height: number };

/** A JPEG may have a preview and a profile before it says its size. */
const HEAD_CHARS_MAX = 400_000;

/** The size that the head of a picture states; undefined when it is not the picture its type says. Takes base64. */
export function pictureSize(mediaType: string, base64: string): PictureSize | undefined {
  const bytes = readHead(base64, mediaType === 'image/jpeg' ? HEAD_CHARS_MAX : 64);
  if (bytes === undefined) return undefined;
  const size = readers.get(mediaType)?.(new DataView(bytes.buffer));
  return size !== undefined && size.width > 0 && size.height > 0 ? size : undefined;
}

function readHead(base64: string, charsMax: number): Uint8Array<ArrayBuffer> | undefined {
  const head = base64.slice(0, charsMax);
  try {
    return Uint8Array.from(atob(head.slice(0, head.length - (head.length % 4))), (one) => one.charCodeAt(0));
  } catch {
    return undefined;
  }
}

type Reader = (head: DataView) => PictureSize | undefined;

const readers = new Map(
  Object.entries<Reader>({
    'image/png': (head) =>
      startsWith(head, '\x89PNG\r\n\x1a\n') && head.byteLength >= 24
        ? { width: head.getUint32(16), height: head.getUint32(20) }
        : undefined,
    'image/gif': (head) =>
      startsWith(head, 'GIF8') && head.byteLength >= 10
        ? { width: head.getUint16(6, true), height: head.getUint16(8, true) }
        : undefined,
    'image/webp': readWebp,
    'image/jpeg': readJpeg,
  }),
);

/** Source: Google's "WebP Container Specification" and RFC 6386 for the lossy form. */
function readWebp(head: DataView): PictureSize | undefined {
  if (!startsWith(head, 'RIFF') || !startsWith(head, 'WEBP', 8) || head.byteLength < 30) return undefined;
  if (startsWith(head, 'VP8 ', 12)) {
    return { width: head.getUint16(26, true) & 0x3fff, height: head.getUint16(28, true) & 0x3fff };
  }
  if (startsWith(head, 'VP8L', 12)) {
    const bits = head.getUint32(21, true);
    return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
  }
  if (!startsWith(head, 'VP8X', 12)) return undefined;
  const low = (at: number) => (head.getUint16(at, true) | (head.getUint8(at + 2) << 16)) + 1;
  return { width: low(24), height: low(27) };
}

/** Goes from segment to segment until the one that begins a frame. Source: ITU T.81, annex B. */
function readJpeg(head: DataView): PictureSize | undefined {
  if (!startsWith(head, '\xff\xd8')) return undefined;
  for (let at = 2; at + 9 <= head.byteLength; ) {
    const marker = head.getUint8(at + 1);
    if (head.getUint8(at) !== 0xff) return undefined;
    if (isFrame(marker)) return { width: head.getUint16(at + 7), height: head.getUint16(at + 5) };
    at += 2 + Math.max(2, head.getUint16(at + 2));
  }
  return undefined;
}

/** Between the frames lie three markers that are none: tables and what is reserved. */
const isFrame = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);

function startsWith(head: DataView, text: string, at = 0): boolean {
  if (head.byteLength < at + text.length) return false;
  return [...text].every((one, place) => head.getUint8(at + place) === one.charCodeAt(0));
}
