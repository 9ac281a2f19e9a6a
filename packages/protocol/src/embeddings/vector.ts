import { GatewayError } from '../error.ts';
import { EMBED_DIMENSIONS_MAX, type Vector } from './embedding.ts';

const FLOAT_BYTES = 4;

/** A vector as numbers. A base64 text holds 32-bit floats in little-endian order. Throws where one is no number. */
export function floatsOf(vector: Vector): readonly number[] {
  if (typeof vector !== 'string') return vector;
  const bytes = Buffer.from(vector, 'base64');
  const floats: number[] = [];
  for (let at = 0; at + FLOAT_BYTES <= bytes.length; at += FLOAT_BYTES)
    floats.push(finite(bytes.readFloatLE(at)));
  return floats;
}

/** A vector as base64 of 32-bit floats in little-endian order. Throws where a number is too large for one. */
export function base64Of(vector: Vector): string {
  if (typeof vector === 'string') return vector;
  const bytes = Buffer.alloc(vector.length * FLOAT_BYTES);
  for (const [at, value] of vector.entries())
    bytes.writeFloatLE(finite(Math.fround(value)), at * FLOAT_BYTES);
  return bytes.toString('base64');
}

function finite(value: number): number {
  if (!Number.isFinite(value)) throw badVectors();
  return value;
}

/** A vector from outside, checked: finite numbers, or base64 of whole floats. */
export function vectorAt(value: unknown): Vector {
  if (typeof value === 'string') {
    const bytes = Math.floor((value.replace(/=+$/, '').length * 3) / 4);
    const isWhole = bytes > 0 && bytes % FLOAT_BYTES === 0 && bytes / FLOAT_BYTES <= EMBED_DIMENSIONS_MAX;
    if (isWhole && BASE64.test(value)) return value;
  } else if (Array.isArray(value) && value.length > 0 && value.length <= EMBED_DIMENSIONS_MAX) {
    if (value.every((entry) => typeof entry === 'number' && Number.isFinite(entry))) return value;
  }
  throw badVectors();
}

const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

export function badVectors(): GatewayError {
  return new GatewayError('provider_bad_response', 'The provider sent vectors that cannot be read.');
}
