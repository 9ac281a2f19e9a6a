import { isObject, type Json, type JsonObject } from '@app/protocol';
import { BATCH_BOUNDS } from './batch-bounds.ts';
import { BatchError } from './batch-error.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** The JSON object that a body is. Throws a `BatchError` when it is none, or is nested beyond all reason. */
export function parseBody(bytes: Uint8Array): JsonObject {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  const { bodyDepthMax } = BATCH_BOUNDS;
  if (isDeeper(text, bodyDepthMax))
    throw new BatchError(`The body is nested deeper than ${bodyDepthMax} levels.`);
  const value = parse(text);
  if (!isObject(value)) throw new BatchError('The body is not a JSON object.');
  return value;
}

function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text);
  } catch {
    throw new BatchError('The body is not JSON.');
  }
}

/** Counts brackets outside of strings; `indexOf` steps over strings, which are most of a body. */
function isDeeper(text: string, depthMax: number): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      at = endOfString(text, at);
      continue;
    }
    // `[` and `{`, and `]` and `}`, differ in one bit.
    const bracket = code | 0x20;
    if (bracket === 0x7b) depth += 1;
    else if (bracket === 0x7d) depth -= 1;
    if (depth > depthMax) return true;
  }
  return false;
}

function endOfString(text: string, from: number): number {
  for (let quote = text.indexOf('"', from + 1); quote >= 0; quote = text.indexOf('"', quote + 1)) {
    let backslash = quote - 1;
    while (text.charCodeAt(backslash) === BACKSLASH) backslash -= 1;
    if ((quote - 1 - backslash) % 2 === 0) return quote;
  }
  return text.length;
}
