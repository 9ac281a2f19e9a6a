/** Any value that JSON can carry. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

const DEPTH_MAX = 100;
const NODES_MAX = 100_000;
/** A text of this length in the letters of base64 alone is no prose. */
const BASE64_LENGTH_MIN = 1_024;
const BASE64 = /^[A-Za-z0-9+/_-]+={0,2}$/;
const DATA_URL = /^data:([\w.+-]+\/[\w.+-]+)?[^,]{0,100};base64,/;
const SECRET_KEYS: ReadonlySet<string> = new Set([
  'authorization',
  'authorization_token',
  'api_key',
  'apikey',
  'x-api-key',
  'access_token',
  'password',
  'secret',
]);

/**
 * A copy as JSON of what an app holds, so that what the app changes later is not seen. Bytes, pictures and sound become
 * marks such as `[image/png, 5120 bytes]`, the values of `headers` and of keys that name a secret become `[secret]`, and
 * what is not JSON (functions, symbols) is left out. Never throws: what cannot be read becomes a mark.
 */
export function snapshot(value: unknown): Json {
  const budget = { nodes: NODES_MAX };
  return copy(value, 0, budget) ?? null;
}

type Budget = { nodes: number };

function copy(value: unknown, depth: number, budget: Budget): Json | undefined {
  if (typeof value === 'string') return textOf(value);
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value === 'boolean' || value === null) return value;
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object') return undefined;
  budget.nodes -= 1;
  if (depth > DEPTH_MAX || budget.nodes < 0) return '[cut]';
  try {
    return copyObject(value, depth, budget);
  } catch {
    return '[unreadable]';
  }
}

function copyObject(value: object, depth: number, budget: Budget): Json | undefined {
  if (Array.isArray(value)) return copyArray(value, depth, budget);
  const mark = markOf(value);
  if (mark !== undefined) return mark;
  const own = Reflect.get(value, 'toJSON');
  if (typeof own === 'function') return copy(Reflect.apply(own, value, []), depth + 1, budget);
  if (value instanceof Map || value instanceof Set) return copyArray([...value], depth, budget);
  if (value instanceof Error) return { name: value.name, message: value.message };
  const result: { [key: string]: Json } = {};
  for (const key of Object.keys(value)) {
    const field = copyField(key, readField(value, key), { depth, budget });
    if (field !== undefined) result[key] = field;
  }
  return result;
}

/** A getter of the app's may throw. */
function readField(value: object, key: string): unknown {
  try {
    return Reflect.get(value, key);
  } catch {
    return '[unreadable]';
  }
}

function copyField(key: string, value: unknown, at: { depth: number; budget: Budget }): Json | undefined {
  const word = key.toLowerCase();
  if (typeof value === 'string' && SECRET_KEYS.has(word)) return '[secret]';
  if (word === 'headers' && typeof value === 'object' && value !== null) return '[secret]';
  return copy(value, at.depth + 1, at.budget);
}

/** A vector of an embedding tells nothing to a reader and is long. */
function copyArray(value: readonly unknown[], depth: number, budget: Budget): Json {
  if (value.length > 64 && value.every((one) => typeof one === 'number')) return `[${value.length} numbers]`;
  return value.map((one) => copy(one, depth + 1, budget) ?? null);
}

function textOf(text: string): string {
  if (text.startsWith('data:')) {
    const head = DATA_URL.exec(text);
    return head ? binaryMark(head[1], base64Bytes(text.length - head[0].length)) : text;
  }
  if (text.length < BASE64_LENGTH_MIN || !BASE64.test(text)) return text;
  return binaryMark(undefined, base64Bytes(text.length));
}

/** How a picture, sound or file is written where its bytes would be. */
export function binaryMark(mediaType: string | undefined, bytes: number | undefined): string {
  const size = bytes === undefined ? 'size unknown' : `${bytes} bytes`;
  return `[${mediaType || 'binary'}, ${size}]`;
}

function base64Bytes(length: number): number {
  return Math.floor((length * 3) / 4);
}

function markOf(value: object): string | undefined {
  if (value instanceof ArrayBuffer) return binaryMark(undefined, value.byteLength);
  if (ArrayBuffer.isView(value))
    return value instanceof Float32Array || value instanceof Float64Array
      ? `[${value.length} numbers]`
      : binaryMark(undefined, value.byteLength);
  if (typeof Blob !== 'undefined' && value instanceof Blob) return binaryMark(value.type, value.size);
  const isStream = 'getReader' in value || ('pipe' in value && typeof value.pipe === 'function');
  return isStream ? binaryMark('stream', undefined) : undefined;
}
