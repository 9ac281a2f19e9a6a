import { crc32 } from './checksums.ts';
import { type Hit, isWordAt, isWordCode } from './hit.ts';
import { trimEnd } from './trim-end.ts';

const PREFIX_CHARS_MAX = 10;
const KEY_CHARS_MAX = 260;
/** What follows the first word of a vendor's key, from the `-` or `_` on. Sources: the vendors' pages and Gitleaks' rules. */
const AFTER: Readonly<Record<string, RegExp>> = {
  sk: /^(?:-(?:ant-[a-z]{2,8}\d{2}|proj|svcacct|admin|or-v1|lf|None|litellm)-[\w-]{16,220}|-[A-Za-z0-9]{20,110}|_(?:test|live|prod)_[A-Za-z0-9]{10,110}|-[\w-]{24,180})/,
  pk: /^(?:-lf-[\w-]{20,80}|_(?:test|live|prod)_[A-Za-z0-9]{10,110})/,
  rk: /^_(?:test|live|prod)_[A-Za-z0-9]{10,110}/,
  whsec: /^_[A-Za-z0-9+/=]{20,110}/,
  ghp: /^_[A-Za-z0-9]{30,250}/,
  gho: /^_[A-Za-z0-9]{30,250}/,
  ghu: /^_[A-Za-z0-9]{30,250}/,
  ghs: /^_[A-Za-z0-9]{30,250}/,
  ghr: /^_[A-Za-z0-9]{30,250}/,
  github: /^_pat_\w{40,250}/,
  glpat: /^-[\w.-]{20,120}/,
  gldt: /^-[\w-]{20,64}/,
  glrt: /^-[\w-]{20,64}/,
  glptt: /^-[\w-]{20,64}/,
  glcbt: /^-[\w-]{20,64}/,
  glsoat: /^-[\w-]{20,64}/,
  glagent: /^-[\w-]{20,64}/,
  xoxa: /^-[\w-]{10,250}/,
  xoxb: /^-[\w-]{10,250}/,
  xoxe: /^[.-][\w.-]{10,250}/,
  xoxo: /^-[\w-]{10,250}/,
  xoxp: /^-[\w-]{10,250}/,
  xoxr: /^-[\w-]{10,250}/,
  xoxs: /^-[\w-]{10,250}/,
  xoxc: /^-[\w-]{10,250}/,
  xoxd: /^-[\w%-]{10,250}/,
  xapp: /^-\d-[\w-]{10,250}/,
  hf: /^_[A-Za-z0-9]{30,60}/,
  npm: /^_[A-Za-z0-9]{36,40}/,
  pypi: /^-AgE[\w-]{50,250}/,
  pplx: /^-[A-Za-z0-9]{32,64}/,
  gsk: /^_[A-Za-z0-9]{40,64}/,
  r8: /^_[A-Za-z0-9]{32,48}/,
  xai: /^-[A-Za-z0-9]{60,100}/,
  nvapi: /^-[\w-]{50,100}/,
  tvly: /^-[\w-]{20,64}/,
  jina: /^_[\w-]{40,80}/,
  fw: /^_[A-Za-z0-9]{20,40}/,
  csk: /^-[a-z0-9]{40,60}/,
  voyage: /^-[A-Za-z0-9]{30,60}/,
  pa: /^-[A-Za-z0-9]{43}/,
  tgp: /^_v1_[\w-]{40,60}/,
  dop: /^_v1_[a-f0-9]{64}/,
  doo: /^_v1_[a-f0-9]{64}/,
  dor: /^_v1_[a-f0-9]{64}/,
  shpat: /^_[a-fA-F0-9]{32}/,
  shpca: /^_[a-fA-F0-9]{32}/,
  shppa: /^_[a-fA-F0-9]{32}/,
  shpss: /^_[a-fA-F0-9]{32}/,
  lin: /^_(?:api|oauth)_[A-Za-z0-9]{32,64}/,
  ntn: /^_[A-Za-z0-9]{40,60}/,
  secret: /^_[A-Za-z0-9]{43}/,
  figd: /^_[\w-]{38,60}/,
  dckr: /^_(?:pat|oat)_[\w-]{24,60}/,
  sbp: /^_[a-z0-9]{40}/,
  sb: /^_secret_[\w-]{20,60}/,
  lsv2: /^_(?:pt|sk)_[a-f0-9]{32}_[a-f0-9]{10}/,
  PMAK: /^-[a-f0-9]{24}-[a-f0-9]{34}/,
  sntrys: /^_[\w+/=-]{40,250}/,
  sntryu: /^_[a-f0-9]{64}/,
  glc: /^_[\w+/=]{32,250}/,
  glsa: /^_[A-Za-z0-9]{32}_[A-Fa-f0-9]{8}/,
  phx: /^_\w{40,60}/,
  vck: /^_\w{24,80}/,
  vcp: /^_\w{24,80}/,
  rnd: /^_[A-Za-z0-9]{24,48}/,
  rubygems: /^_[a-f0-9]{48}/,
  key: /^-[a-f0-9]{32}/,
  sq0atp: /^-[\w-]{22}/,
  sq0csp: /^-[\w-]{43}/,
  GOCSPX: /^-[\w-]{28}/,
  AGE: /^-SECRET-KEY-1[A-Z0-9]{58}/,
  tr: /^_(?:live|test|dev|staging|prod)_[A-Za-z0-9]{40,60}/,
  tt: /^_(?:live|test|dev|staging|prod)_[A-Za-z0-9]{40,60}/,
};
/** Keys that no `-` or `_` announces, from a letter of their beginning on. */
const AWS = /^(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}/;
const GOOGLE = /^AIza[\w-]{35}/;
const ATLASSIAN = /^AT(?:ATT|CTT)3[\w=-]{60,240}/;
const SENDGRID = /^SG\.[\w-]{16,32}\.[\w-]{32,64}/;
const VAULT = /^hv[sb]\.[\w-]{24,200}/;
const GOOGLE_ACCESS = /^ya29\.[\w-]{20,240}/;
const DOTTED = [
  ['SG', SENDGRID],
  ['hvs', VAULT],
  ['hvb', VAULT],
  ['ya29', GOOGLE_ACCESS],
] as const;
const LETTERS_FIRST = /^(?:dapi[a-f0-9]{32}(?:-\d)?|(?:SK|AC)[a-f0-9]{32}|v1\.0-[a-f0-9]{24}-[a-f0-9]{146})/;
const TELEGRAM = /^:AA[\w-]{32,34}/;
const OURS_BARE = /^_[A-Za-z0-9]{49}/;
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const CRC_CHARS = 6;

/** A key whose first word ends before the `-` or `_` at `at`. */
export function findPrefixedKey(text: string, at: number): Hit | undefined {
  let start = at;
  while (start > 0 && at - start <= PREFIX_CHARS_MAX && isPlainCode(text.charCodeAt(start - 1))) start -= 1;
  if (start === at || at - start > PREFIX_CHARS_MAX) return undefined;
  const first = text.slice(start, at);
  if (!Object.hasOwn(AFTER, first) || !isFree(text, start)) return undefined;
  const rest = text.slice(at, at + KEY_CHARS_MAX);
  const found = AFTER[first]?.exec(rest)?.[0] ?? findOwn(first, rest);
  if (found === undefined || !looksRandom(found)) return undefined;
  const end = at + trimEnd(found, '-.').length;
  return { type: 'API_KEY', start, end: tailOf(text, end) };
}

/** A key that begins with known letters at `at`: Amazon's, Google's and Atlassian's. */
export function findLetteredKey(text: string, at: number): Hit | undefined {
  if (!isFree(text, at)) return undefined;
  const rest = text.slice(at, at + KEY_CHARS_MAX);
  const found = AWS.exec(rest) ?? GOOGLE.exec(rest) ?? ATLASSIAN.exec(rest);
  if (found === null || isWordAt(text, at + found[0].length)) return undefined;
  return { type: 'API_KEY', start: at, end: at + found[0].length };
}

/** A key whose known beginning ends with the dot at `at`: SendGrid's, Vault's, Google's access tokens. */
export function findDottedKey(text: string, at: number): Hit | undefined {
  for (const [begin, pattern] of DOTTED) {
    const start = at - begin.length;
    if (!text.startsWith(begin, start) || !isFree(text, start)) continue;
    const found = pattern.exec(text.slice(start, start + KEY_CHARS_MAX));
    if (found !== null) return { type: 'API_KEY', start, end: start + found[0].length };
  }
  return undefined;
}

/** A key of letters and then hexadecimal digits, of which the first digit is at `at`; it begins at `start`. */
export function findHexKey(text: string, start: number): Hit | undefined {
  const found = LETTERS_FIRST.exec(text.slice(start, start + KEY_CHARS_MAX));
  if (found === null || isWordAt(text, start + found[0].length)) return undefined;
  return { type: 'API_KEY', start, end: start + found[0].length };
}

/** A token of a Telegram bot: its number before the colon at `at`. */
export function findBotToken(text: string, at: number): Hit | undefined {
  const found = TELEGRAM.exec(text.slice(at, at + 48));
  const number = found === null ? null : /(?:bot)?(\d{8,10})$/.exec(text.slice(Math.max(0, at - 14), at));
  if (found === null || number === null) return undefined;
  return { type: 'API_KEY', start: at - (number[1] ?? '').length, end: at + found[0].length };
}

/** `tr_` and `tt_` without a mode are ours when their last six characters are the CRC-32 of the rest. */
function findOwn(first: string, rest: string): string | undefined {
  if (first !== 'tr' && first !== 'tt') return undefined;
  const found = OURS_BARE.exec(rest)?.[0];
  if (found === undefined) return undefined;
  const crc = crc32(first + found.slice(0, -CRC_CHARS));
  return base62(crc) === found.slice(-CRC_CHARS) ? found : undefined;
}

function base62(number: number): string {
  let text = '';
  for (let rest = number, count = 0; count < CRC_CHARS; count += 1, rest = Math.floor(rest / 62)) {
    text = ALPHABET.charAt(rest % 62) + text;
  }
  return text;
}

/** Names in code have no digits; a class or a file named like a key has no long stretch without a hyphen. */
function looksRandom(found: string): boolean {
  return /\d/.test(found) && /[A-Za-z0-9]{10}/.test(found);
}

/** What is longer than any key we know is a key with its tail, and no half of it stays. */
function tailOf(text: string, end: number): number {
  let tail = end;
  while (tail < end + KEY_CHARS_MAX && isWordAt(text, tail) && text.charCodeAt(tail) < 128) tail += 1;
  return tail;
}

function isFree(text: string, start: number): boolean {
  const before = text.charCodeAt(start - 1);
  return !isWordCode(before) && !(before === 45 && isWordAt(text, start - 2));
}

function isPlainCode(code: number): boolean {
  return isWordCode(code) && code !== 95 && code < 128;
}
