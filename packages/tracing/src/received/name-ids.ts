import { createHash } from 'node:crypto';

const TRACE_ID = /^(?!0{32})[0-9a-f]{32}$/;
const SPAN_ID = /^(?!0{16})[0-9a-f]{16}$/;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * A trace id for a name in any form: 32 hexadecimal digits are kept, a UUID loses its dashes, and anything else is hashed.
 * The same name always gives the same id.
 */
export function traceIdOf(name: string): string {
  const plain = (UUID.test(name) ? name.replaceAll('-', '') : name).toLowerCase();
  return TRACE_ID.test(plain) ? plain : digitsOf('trace', name, 32);
}

/** A span id for a name in any form: 16 hexadecimal digits are kept, anything else is hashed. */
export function spanIdOf(name: string): string {
  const plain = name.toLowerCase();
  return SPAN_ID.test(plain) ? plain : digitsOf('span', name, 16);
}

export function isTraceId(id: string): boolean {
  return TRACE_ID.test(id);
}

export function isSpanId(id: string): boolean {
  return SPAN_ID.test(id);
}

function digitsOf(what: string, name: string, digits: number): string {
  const hash = createHash('sha256').update(`${what}\0${name}`).digest('hex').slice(0, digits);
  return /^0*$/.test(hash) ? `${hash.slice(1)}1` : hash;
}
