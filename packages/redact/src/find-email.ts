import { type Hit, isLetterCode } from './hit.ts';

const LOCAL_CHARS_MAX = 64;
const DOMAIN_CHARS_MAX = 190;
const USERINFO_CHARS_MAX = 320;
const TOP = /^(?:xn--[a-z0-9-]{2,30}|[a-z]{2,24}|[\u00c0-\u052f]{2,24})(?=-|$)/i;
/** Ends of file names that follow an `@` in names of pictures and packages. */
const FILE_TOP =
  /^(?:png|jpe?g|gif|svg|webp|ico|css|s[ac]ss|[cm]?[jt]sx?|json|html?|ya?ml|lock|tgz|whl|jar)$/i;
const FILE_TOP_CHARS_MAX = 5;

/** Labels that are empty or begin with a hyphen. */
const BROKEN = /^[.-]|\.[.-]|\.$/;

/** An address around the `@` (or `%40`) at `at`. Without `hasScheme` no `://` is in the text. */
export function findEmail(text: string, at: number, hasScheme = true): Hit | undefined {
  const start = startOf(text, at);
  if (start === at) return undefined;
  const from = at + (text.charCodeAt(at) === 0x25 ? 3 : 1);
  const end = endOf(text, from);
  if (
    end === undefined ||
    (hasScheme && isUserinfo(text, start, at)) ||
    (text.slice(start, at) === 'git' && text.charAt(end) === ':')
  )
    return undefined;
  return { type: 'EMAIL', start, end };
}

function startOf(text: string, at: number): number {
  let start = at;
  const least = Math.max(0, at - LOCAL_CHARS_MAX);
  while (start > least && isLocalCode(text.charCodeAt(start - 1))) start -= 1;
  while (start < at && isEdgeCode(text.charCodeAt(start))) start += 1;
  return start;
}

function endOf(text: string, from: number): number | undefined {
  let end = from;
  const most = Math.min(text.length, from + DOMAIN_CHARS_MAX);
  while (end < most && isDomainCode(text.charCodeAt(end))) end += 1;
  const domain = text.slice(from, end);
  for (
    let stop = domain.length, dot = domain.lastIndexOf('.');
    dot > 0;
    dot = domain.lastIndexOf('.', stop - 1)
  ) {
    const top = TOP.exec(domain.slice(dot + 1, stop))?.[0];
    if (top !== undefined && !BROKEN.test(domain.slice(0, dot))) {
      return top.length <= FILE_TOP_CHARS_MAX && FILE_TOP.test(top) ? undefined : from + dot + 1 + top.length;
    }
    stop = dot;
  }
  return undefined;
}

/** Whether the place is inside `scheme://user:password@host`, which is a matter of passwords. */
function isUserinfo(text: string, start: number, at: number): boolean {
  if (start === 0 || OUTSIDE.includes(text.charAt(start - 1))) return false;
  const before = text.slice(Math.max(0, at - USERINFO_CHARS_MAX), at);
  const scheme = before.lastIndexOf('://');
  if (scheme === -1) return false;
  const userinfo = before.slice(scheme + 3);
  return userinfo.includes(':') && !/[\s/?#"'<>]/.test(userinfo);
}

/** What no user and no password holds in an address of the web. */
const OUTSIDE = ' \n\t\r/?#"\'<>';

function isLocalCode(code: number): boolean {
  return code < 128 ? LOCAL[code] === 1 : isLetterCode(code) && code < 0xe000;
}

function isDomainCode(code: number): boolean {
  return code < 128 ? DOMAIN[code] === 1 : isLetterCode(code) && code < 0xe000;
}

const WORD = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const LOCAL = setOf(`${WORD}._%+-'`);
const DOMAIN = setOf(`${WORD}.-`);

function setOf(chars: string): Uint8Array {
  const set = new Uint8Array(128);
  for (const char of chars) set[char.charCodeAt(0)] = 1;
  return set;
}

/** A quote, a dot or a hyphen before an address belongs to the sentence. */
function isEdgeCode(code: number): boolean {
  return code === 46 || code === 45 || code === 39 || code === 37;
}
