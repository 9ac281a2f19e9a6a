import { type Hit, isWordCode } from './hit.ts';

const LOCAL_CHARS_MAX = 64;
const DOMAIN_CHARS_MAX = 190;
const USERINFO_CHARS_MAX = 320;
const TOP = /^(?:xn--[a-z0-9-]{2,30}|[a-z]{2,24}|[\u00c0-\u052f]{2,24})(?=-|$)/i;
/** Ends of file names that follow an `@` in names of pictures and packages. */
const FILE_TOP =
  /^(?:png|jpe?g|gif|svg|webp|ico|css|s[ac]ss|[cm]?[jt]sx?|json|html?|ya?ml|lock|tgz|whl|jar)$/i;

export const emailPatterns = { TOP, FILE_TOP };

/** An address around the `@` (or `%40`) at `at`. */
export function findEmail(text: string, at: number): Hit | undefined {
  const start = startOf(text, at);
  if (start === at || isUserinfo(text, at)) return undefined;
  const from = at + (text.charCodeAt(at) === 0x25 ? 3 : 1);
  const end = endOf(text, from);
  if (end === undefined || (text.slice(start, at) === 'git' && text.charAt(end) === ':')) return undefined;
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
  const labels = text.slice(from, end).split('.');
  while (labels.length > 1) {
    const last = labels.at(-1) ?? '';
    const bare = TOP.exec(last)?.[0] ?? '';
    if (bare !== '') {
      const isWhole = labels.slice(0, -1).every((label) => label !== '' && !label.startsWith('-'));
      if (isWhole)
        return FILE_TOP.test(bare) ? undefined : from + labels.join('.').length - last.length + bare.length;
    }
    labels.pop();
  }
  return undefined;
}

/** Whether the place is inside `scheme://user:password@host`, which is a matter of passwords. */
function isUserinfo(text: string, at: number): boolean {
  const before = text.slice(Math.max(0, at - USERINFO_CHARS_MAX), at);
  const scheme = before.lastIndexOf('://');
  return scheme !== -1 && !/[\s/?#"'<>]/.test(before.slice(scheme + 3));
}

function isLocalCode(code: number): boolean {
  if (isWordCode(code)) return code < 0xe000;
  return code === 46 || code === 37 || code === 43 || code === 45 || code === 39;
}

function isDomainCode(code: number): boolean {
  return (isWordCode(code) && code < 0xe000 && code !== 95) || code === 46 || code === 45;
}

/** A quote, a dot or a hyphen before an address belongs to the sentence. */
function isEdgeCode(code: number): boolean {
  return code === 46 || code === 45 || code === 39 || code === 37;
}
