import { hasValidChecksum } from '../keys/key-secret.ts';

type Walk = { digest: (text: string) => string; charsLeft: number; depth: number };

const DEPTH_MAX = 8;
const ENTRIES_MAX = 200;
const TEXT_CHARS_MAX = 2_000;
const NAME_CHARS_MAX = 128;
const CHARS_MAX = 16_000;
const CUT = '(cut)';

/** A field whose name ends so holds a secret, however it is written: `api_key`, `newPassword`, `Set-Cookie`. */
const SECRET_NAME =
  /(secret|password|passwd|passphrase|token|apikey|authorization|cookies?|privatekey|credentials|signature|pepper|otp|recoverycodes|backupcodes|secretaccesskey)$/;
/** Looks like a key of ours, or a credential of somebody else's that has a form of its own. */
const SECRET_TEXT =
  /t[rt]_(?:live|test)_[0-9A-Za-z]{49}|\b(?:sk|pk|rk|gsk|xai|pplx)[-_][A-Za-z0-9_-]{16,}|\bgh[oprsu]_[A-Za-z0-9]{20,}|\bgithub_pat_\w{20,}|\bxox[a-z]-[A-Za-z0-9-]{10,}|\bAKIA[0-9A-Z]{16}\b|\bAIza[\w-]{30,}|\bhf_[A-Za-z0-9]{20,}|\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*|-----BEGIN [A-Z ]*PRIVATE KEY-----[^-]*(?:-----END [A-Z ]*PRIVATE KEY-----)?/g;
const ADDRESS = /\bhttps?:\/\/[^\s"'<>]+/g;
/** What could change how the rest is shown: control characters, line and direction marks. */
const UNSHOWN = /[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/**
 * A value as JSON of bounded size and depth, fit to be kept for ever and shown to people: what is secret in it, by its
 * name or its form, is a digest. Null for nothing.
 */
export function writeSafeJson(value: unknown, digest: (text: string) => string): string | null {
  if (value === undefined || value === null) return null;
  const safe = safeValue(value, { digest, charsLeft: CHARS_MAX, depth: 0 });
  return JSON.stringify(safe);
}

/** A text of bounded length without control characters and without what looks like a key. */
export function writeSafeText(text: string, charsMax: number, digest: (text: string) => string): string {
  const shown = hideSecrets(text.toWellFormed(), digest).replace(UNSHOWN, '\ufffd');
  return shown.length <= charsMax ? shown : `${shown.slice(0, charsMax - 1).toWellFormed()}…`;
}

function safeValue(value: unknown, walk: Walk): unknown {
  if (walk.charsLeft <= 0) return CUT;
  walk.charsLeft -= 8;
  if (typeof value === 'string') return safeText(value, walk);
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value === 'boolean' || value === null) return value;
  if (typeof value === 'bigint') return String(value);
  if (value instanceof Uint8Array) return walk.digest(Buffer.from(value).toString('base64'));
  if (typeof value !== 'object') return null;
  if (walk.depth >= DEPTH_MAX) return CUT;
  walk.depth += 1;
  const safe = safeContainer(value, walk);
  walk.depth -= 1;
  return safe;
}

function safeContainer(value: object, walk: Walk): unknown {
  if ('toJSON' in value && typeof value.toJSON === 'function') return safeValue(value.toJSON(), walk);
  return Array.isArray(value) ? safeList(value, walk) : safeObject(value, walk);
}

function safeText(text: string, walk: Walk): string {
  const shown = writeSafeText(text, TEXT_CHARS_MAX, walk.digest);
  walk.charsLeft -= shown.length;
  return shown;
}

function safeList(values: readonly unknown[], walk: Walk): unknown[] {
  const list: unknown[] = [];
  for (const value of values) {
    if (list.length === ENTRIES_MAX || walk.charsLeft <= 0) {
      list.push(`(and ${values.length - list.length} more)`);
      break;
    }
    list.push(safeValue(value, walk));
  }
  return list;
}

function safeObject(value: object, walk: Walk): { [name: string]: unknown } {
  // Without a prototype, so that a field called __proto__ is a field.
  const safe: { [name: string]: unknown } = Object.create(null);
  const entries = Object.entries(value).filter(([, field]) => field !== undefined);
  for (const [at, [name, field]] of entries.entries()) {
    if (at === ENTRIES_MAX || walk.charsLeft <= 0) {
      safe['(cut)'] = `${entries.length - at} more`;
      break;
    }
    walk.charsLeft -= name.length;
    const shownName = writeSafeText(name, NAME_CHARS_MAX, walk.digest);
    safe[shownName] = safeField(name, field, walk);
  }
  return safe;
}

function safeField(name: string, field: unknown, walk: Walk): unknown {
  const plain = name.toLowerCase().replace(/[^a-z0-9]/g, '');
  if (field === null || typeof field === 'boolean' || field === '') return field;
  if (SECRET_NAME.test(plain)) return secretOf(field, walk);
  if (plain === 'value' && typeof field === 'string') return secretOf(field, walk);
  if (plain.endsWith('url') && typeof field === 'string') return safeAddress(field, walk);
  return safeValue(field, walk);
}

function secretOf(field: unknown, walk: Walk): string {
  walk.charsLeft -= 32;
  return walk.digest(typeof field === 'string' ? field : (JSON.stringify(field) ?? 'undefined'));
}

/** Whoever knows the path of a webhook may write to it; its host says what it is. */
function safeAddress(text: string, walk: Walk): string {
  if (!URL.canParse(text)) return secretOf(text, walk);
  const { origin, pathname, search, username, password } = new URL(text);
  const isPlain = pathname === '/' && search === '' && username === '' && password === '';
  return isPlain ? safeText(text, walk) : `${safeText(origin, walk)} ${secretOf(text, walk)}`;
}

function hideSecrets(text: string, digest: (text: string) => string): string {
  const hidden = text.replace(SECRET_TEXT, (found) =>
    /^t[rt]_/.test(found) && !hasValidChecksum(found) ? found : digest(found),
  );
  return hidden.replace(ADDRESS, (address) => withoutPassword(address, digest));
}

function withoutPassword(address: string, digest: (text: string) => string): string {
  if (!URL.canParse(address)) return address;
  const { username, password } = new URL(address);
  return username === '' && password === '' ? address : digest(address);
}
