import { type Json, type JsonObject, parseJson } from '@app/protocol';

/** Longer numbers are no counts, and no times either. */
const DIGITS_MAX = 24;

/** The first of these attributes that says something, as text. Of a list, its first text. */
export function findText(attributes: JsonObject, names: readonly string[]): string | undefined {
  for (const name of names) {
    const text = textOf(attributes[name]);
    if (text !== undefined) return text;
  }
  return undefined;
}

/** The first of these attributes that is a finite number, or a text of one: some senders have only texts. */
export function findNumber(attributes: JsonObject, names: readonly string[]): number | undefined {
  for (const name of names) {
    const number = numberOf(attributes[name]);
    if (number !== undefined) return number;
  }
  return undefined;
}

export function findBoolean(attributes: JsonObject, names: readonly string[]): boolean | undefined {
  for (const name of names) {
    const value = attributes[name];
    if (typeof value === 'boolean') return value;
    if (value === 'true' || value === 'True') return true;
    if (value === 'false' || value === 'False') return false;
  }
  return undefined;
}

/** The first of these attributes that is there. A text that holds an object or a list of JSON is that. */
export function findJson(attributes: JsonObject, names: readonly string[]): Json | undefined {
  for (const name of names) {
    const value = attributes[name];
    if (value !== undefined && value !== null && value !== '') return unpack(value);
  }
  return undefined;
}

/** A text of JSON as what it says; anything else as it is. */
export function unpack(value: Json): Json {
  if (typeof value !== 'string') return value;
  const first = value.trimStart()[0];
  return first === '{' || first === '[' || first === '"' ? (parseJson(value) ?? value) : value;
}

function textOf(value: Json | undefined): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return Array.isArray(value) && typeof value[0] === 'string' && value[0] !== '' ? value[0] : undefined;
}

export function numberOf(value: Json | undefined): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value !== 'string' || value === '' || value.length > DIGITS_MAX) return undefined;
  const number = Number(value);
  return Number.isFinite(number) && value.trim() !== '' ? number : undefined;
}
