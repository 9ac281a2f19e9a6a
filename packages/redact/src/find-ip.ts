import { type Hit, isDigitCode, isWordAt } from './hit.ts';
import { labelBefore } from './label-before.ts';

const V4_CHARS_MAX = 15;
const V6_CHARS_MAX = 45;
/** Eight groups of one character: an address that is not compressed is no shorter. */
const WHOLE_V6_CHARS_MIN = 15;
const V4 = /^(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?:25[0-5]|2[0-4]\d|1?\d?\d)){3}/;
/** Words whose four numbers are no address. */
const VERSIONED = new Set(
  (
    'version versions versión versione ver v release build firmware driver revision rev kernel runtime sdk patch update ' +
    'upgrade section chapter clause article paragraph figure table step kapitel abschnitt oid snmp'
  ).split(' '),
);
const NOBODYS = /^(?:127\.|0\.0\.0\.0|255\.)/;
const V6_RUN = /^[0-9a-f:.]{2,45}/i;
const V6_GROUP = /^[0-9a-f]{1,4}$/i;

/** An IPv4 address that begins at the digit at `at`. Loopback, masks and versions are nobody's address. */
export function findIpV4(text: string, at: number): Hit | undefined {
  const before = text.charAt(at - 1);
  if (before === '.' && isWordAt(text, at - 2)) return undefined;
  if (!hasDotSoon(text, at)) return undefined;
  const found = V4.exec(text.slice(at, at + V4_CHARS_MAX));
  if (found === null) return undefined;
  const end = at + found[0].length;
  if (isWordAt(text, end) || continues(text, end)) return undefined;
  if (NOBODYS.test(found[0])) return undefined;
  if (isVersion(text, at)) return undefined;
  const label = labelBefore(text, at);
  const isLabelled = VERSIONED.has(label.last) || label.last.endsWith('version');
  return { type: 'IP', start: at, end, ...(isLabelled ? { labelAt: label.at } : {}) };
}

function hasDotSoon(text: string, at: number): boolean {
  return text.charCodeAt(at + 1) === 46 || text.charCodeAt(at + 2) === 46 || text.charCodeAt(at + 3) === 46;
}

function isHexCode(code: number): boolean {
  const small = code | 32;
  return isDigitCode(code) || (small >= 97 && small <= 102);
}

/** `pkg==1.2.3.4`, `Chrome/1.2.3.4`. */
function isVersion(text: string, at: number): boolean {
  const before = text.charCodeAt(at - 1);
  if (before === 61 && '=~<>!^'.includes(text.charAt(at - 2) || ' ')) return true;
  return before === 126 || before === 94 || ((before === 47 || before === 45) && isWordAt(text, at - 2));
}

/** An IPv6 address, whole or compressed, whose first colon is at `at`. */
export function findIpV6(text: string, at: number): Hit | undefined {
  let start = at;
  while (at - start < 4 && isHexCode(text.charCodeAt(start - 1))) start -= 1;
  const before = text.charCodeAt(start - 1);
  if (before === 58 || before === 46 || isWordAt(text, start - 1)) return undefined;
  if (!isHexCode(text.charCodeAt(at + 1)) && text.charCodeAt(at + 1) !== 58) return undefined;
  const run = V6_RUN.exec(text.slice(start, start + V6_CHARS_MAX))?.[0].replace(/(?:\.|(?<!:):)$/, '') ?? '';
  const end = start + run.length;
  if (run.length < WHOLE_V6_CHARS_MIN && !run.includes('::')) return undefined;
  // A colon or dot that was left off must not join the address to what follows.
  if (isWordAt(text, end) || (text.charCodeAt(end) === 58 && isWordAt(text, end + 1)) || !isV6(run))
    return undefined;
  return { type: 'IP', start, end };
}

function isV6(run: string): boolean {
  const [head = '', tail, ...more] = run.split('::');
  if (more.length > 0) return false;
  const groups = [...groupsOf(head), ...(tail === undefined ? [] : groupsOf(tail))];
  const last = groups.at(-1) ?? '';
  const isMapped = last.includes('.');
  const hex = isMapped ? groups.slice(0, -1) : groups;
  if (isMapped && V4.exec(last)?.[0] !== last) return false;
  if (!hex.every((group) => V6_GROUP.test(group))) return false;
  const count = hex.length + (isMapped ? 2 : 0);
  if (tail === undefined) return count === 8 && (!isMapped || hex.length === 6);
  // `a::b` is a name in C++ and `1::2` a slice in Python: an address has a longer group with a digit somewhere.
  return count <= 7 && (isMapped || (groups.some((group) => group.length >= 3) && /\d/.test(run)));
}

function groupsOf(part: string): string[] {
  return part === '' ? [] : part.split(':');
}

/** `1.2.3.4.5`, `1.2.3.4-beta` and `1.2.3.4+build` are longer things. */
function continues(text: string, end: number): boolean {
  const sign = text.charCodeAt(end);
  const next = text.charCodeAt(end + 1);
  if (sign === 46) return isDigitCode(next);
  return (sign === 45 || sign === 43) && isWordAt(text, end + 1) && !isDigitCode(next);
}
