import { type Hit, isWordAt } from './hit.ts';

const JWT_PART_CHARS_MAX = 8000;
const BLOCK_CHARS_MAX = 8192;
const BEGIN = /^-----BEGIN (?:[A-Z0-9]{1,16} ){0,4}PRIVATE KEY(?: BLOCK)?-----/;
const END = /^-----END (?:[A-Z0-9]{1,16} ){0,4}PRIVATE KEY(?: BLOCK)?-----/;
/** A line of a key, or a header above its lines: in text the break is a newline, in JSON two characters. */
const LINE =
  /^(?:\s|\\[nr]){0,8}(?:(?:Proc-Type|DEK-Info|Version|Comment): [^\n\\]{0,80}|[A-Za-z0-9+/]{16,}={0,2}|[A-Za-z0-9+/]{1,15}={1,2}|=[A-Za-z0-9+/]{4})/;
const ALG = /"alg"\s{0,4}:/;
const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** What may be much longer than a value of other kinds, and whether the text ended before it did. */
export type LongHit = Hit & { isOpen: boolean };

/** A JSON Web Token (RFC 7519) that begins at `start`: its first part is base64url of JSON with `alg`. */
export function findJwt(text: string, start: number): LongHit | undefined {
  const before = text.charCodeAt(start - 1);
  if (isWordAt(text, start - 1) || before === 45 || before === 46) return undefined;
  const head = endOfPart(text, start);
  const isHeadOpen = head === text.length;
  if (!isHeadOpen && (text.charAt(head) !== '.' || !ALG.test(decodeBase64(text.slice(start, head)))))
    return undefined;
  const payload = endOfPart(text, head + 1);
  if (isHeadOpen || payload - head < 8) {
    return isHeadOpen || payload === text.length ? { type: '', start, end: start, isOpen: true } : undefined;
  }
  let end = payload;
  // A JWE (RFC 7516) has five parts. A dot that ends a sentence stays.
  for (let part = 0; part < 3 && text.charAt(end) === '.'; part += 1) {
    const next = endOfPart(text, end + 1);
    if (next === end + 1 && text.charAt(next) !== '.') break;
    end = next;
  }
  return { type: 'JWT', start, end, isOpen: end >= text.length - 1 };
}

/** A private key in PEM at `at`. One without an end goes as far as its lines do. */
export function findPrivateKey(text: string, at: number): LongHit | undefined {
  const begin = BEGIN.exec(text.slice(at, at + 100));
  if (begin === null) return undefined;
  const window = text.slice(at, at + BLOCK_CHARS_MAX);
  // No dashes stand in a key: the next ones are its end, or it has none.
  const mark = window.indexOf('-----', begin[0].length);
  const end = mark === -1 ? null : END.exec(window.slice(mark, mark + 100));
  const isOpen = at + BLOCK_CHARS_MAX > text.length;
  if (end !== null) return { type: 'PRIVATE_KEY', start: at, end: at + mark + end[0].length, isOpen: false };
  return { type: 'PRIVATE_KEY', start: at, end: at + endOfLines(window, begin[0].length), isOpen };
}

function endOfLines(window: string, from: number): number {
  let end = from;
  for (;;) {
    const line = LINE.exec(window.slice(end, end + 120));
    if (line === null) return end;
    end += line[0].length;
  }
}

function endOfPart(text: string, from: number): number {
  const most = Math.min(text.length, from + JWT_PART_CHARS_MAX);
  let end = Math.min(from, text.length);
  while (end < most && isBase64Url(text.charCodeAt(end))) end += 1;
  return end;
}

function isBase64Url(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    (code >= 48 && code <= 57) ||
    code === 45 ||
    code === 95
  );
}

/** The first bytes of a base64url text as characters: JSON's own signs are ASCII, and no more is looked for. */
function decodeBase64(text: string): string {
  let decoded = '';
  for (let at = 0; at + 1 < text.length && at < 1400; at += 4) {
    const [a, b, c, d] = [0, 1, 2, 3].map((step) =>
      Math.max(0, BASE64.indexOf(text.charAt(at + step) || 'A')),
    );
    const bits = ((a ?? 0) << 18) | ((b ?? 0) << 12) | ((c ?? 0) << 6) | (d ?? 0);
    decoded += String.fromCharCode((bits >> 16) & 255, (bits >> 8) & 255, bits & 255);
  }
  return decoded.startsWith('{') ? decoded : '';
}
