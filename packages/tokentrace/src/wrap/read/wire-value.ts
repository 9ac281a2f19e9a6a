import type { JsonObject } from '@app/protocol';
import type { Json } from '../snapshot.ts';

/** An object of a wire; an empty one for anything else. */
export function objectOf(value: unknown): JsonObject {
  return isRecord(value) ? value : {};
}

export function isRecord(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function arrayOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A text that says something. */
export function textIn(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function numberIn(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** The fields of a JSON value that is an object. */
export function fieldsOf(value: Json | undefined): { [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}

/** The object in this field, which is put there when there is none. */
export function childOf(fields: { [key: string]: Json }, name: string): { [key: string]: Json } {
  const there = fields[name];
  if (typeof there === 'object' && there !== null && !Array.isArray(there)) return there;
  const child = {};
  fields[name] = child;
  return child;
}

/** What one reply may hold of text; what comes later is left out. */
const TEXT_LENGTH_MAX = 4_000_000;

/** A text and the piece that came after it. */
export function grown(text: unknown, piece: string): string {
  const before = typeof text === 'string' ? text : '';
  return before.length > TEXT_LENGTH_MAX ? before : before + piece;
}
