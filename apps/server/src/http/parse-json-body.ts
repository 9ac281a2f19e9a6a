import { isUtf8 } from 'node:buffer';
import type { Outcome } from '@app/gateway';
import { GatewayError, type Json, type JsonObject } from '@app/protocol';
import { scanJson } from './scan-json.ts';

export type JsonLimits = {
  /** Objects and arrays inside one another. */
  depthMax: number;
  /** Objects, arrays and commas in all, which bounds what parsing allocates. */
  structureMax: number;
};

export const jsonDefaults: JsonLimits = { depthMax: 128, structureMax: 500_000 };

/** A JSON body: the object and its text as it came. Size, depth and encoding are checked before it is parsed. */
export type JsonBody = {
  body: JsonObject;
  text: string;
  /** Objects, arrays and commas in it. */
  structure: number;
};

export function parseJsonBody(bytes: Buffer, limits: JsonLimits): Outcome<JsonBody> {
  if (bytes.length === 0) return refused('The request body is empty; a JSON object is expected.');
  if (!isUtf8(bytes)) return refused('The request body is not valid UTF-8.');
  const { depth, structure } = scanJson(bytes);
  if (depth > limits.depthMax) {
    return refused(`The request body is nested deeper than ${limits.depthMax} levels.`);
  }
  if (structure > limits.structureMax) {
    return refused(`The request body has more than ${limits.structureMax} values.`);
  }
  const text = bytes.toString('utf8');
  const value = parse(text);
  if (value === undefined) return refused('The request body is not valid JSON.');
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return refused('The request body is not a JSON object.');
  }
  if (PROTO_KEY.test(text)) removeProto(value);
  return { ok: true, value: { body: value, text, structure } };
}

/** `__proto__` as a key, each character also in its escaped spelling. */
const PROTO_KEY =
  /"(?:_|\\u005f){2}(?:p|\\u0070)(?:r|\\u0072)(?:o|\\u006f)(?:t|\\u0074)(?:o|\\u006f)(?:_|\\u005f){2}"\s*:/i;

/**
 * Parsed JSON keeps `__proto__` as a plain field, but whoever copies fields by assignment would set a prototype with it.
 * Other names, `constructor` among them, are harmless and may be a property in somebody's schema.
 */
function removeProto(root: Json): void {
  const open: Json[] = [root];
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (typeof value !== 'object' || value === null) continue;
    if (!Array.isArray(value)) Reflect.deleteProperty(value, '__proto__');
    for (const inner of Object.values(value)) {
      if (inner !== undefined) open.push(inner);
    }
  }
}

function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message quotes the body, which may be private.
    return undefined;
  }
}

function refused(message: string): Outcome<never> {
  return { ok: false, error: new GatewayError('invalid_json', message, { retryable: false }) };
}
