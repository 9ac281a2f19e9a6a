import { GatewayError } from './error.ts';
import { isObject, type Json, type JsonObject } from './json.ts';

/**
 * Checked access to the fields of a request. `at` is the path of the object in the caller's words, '' for the body
 * itself. A field that is null counts as absent, as the dialects define it. Every failure is a `GatewayError` whose
 * `param` is the path of the field.
 */
export type At = string;

function pathOf(at: At, key: string): string {
  return at === '' ? key : `${at}.${key}`;
}

export function wrongValue(path: string, expected: string): GatewayError {
  return new GatewayError('invalid_parameter', `Invalid value for '${path}': expected ${expected}.`, {
    param: path,
  });
}

export function missing(path: string): GatewayError {
  return new GatewayError('missing_parameter', `Missing required parameter: '${path}'.`, { param: path });
}

export function optionalString(object: JsonObject, key: string, at: At): string | undefined {
  const value = object[key];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw wrongValue(pathOf(at, key), 'a string');
  return value;
}

export function requiredString(object: JsonObject, key: string, at: At): string {
  const value = optionalString(object, key, at);
  if (value === undefined) throw missing(pathOf(at, key));
  return value;
}

export function optionalNumber(object: JsonObject, key: string, at: At): number | undefined {
  const value = object[key];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number' || !Number.isFinite(value)) throw wrongValue(pathOf(at, key), 'a number');
  return value;
}

/** A whole number from 0. */
export function optionalCount(object: JsonObject, key: string, at: At): number | undefined {
  const value = optionalNumber(object, key, at);
  if (value !== undefined && (!Number.isSafeInteger(value) || value < 0)) {
    throw wrongValue(pathOf(at, key), 'a whole number of at least 0');
  }
  return value;
}

export function optionalBoolean(object: JsonObject, key: string, at: At): boolean | undefined {
  const value = object[key];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'boolean') throw wrongValue(pathOf(at, key), 'true or false');
  return value;
}

export function optionalObject(object: JsonObject, key: string, at: At): JsonObject | undefined {
  const value = object[key];
  if (value === undefined || value === null) return undefined;
  return objectAt(value, pathOf(at, key));
}

export function requiredObject(object: JsonObject, key: string, at: At): JsonObject {
  const value = optionalObject(object, key, at);
  if (value === undefined) throw missing(pathOf(at, key));
  return value;
}

export function objectAt(value: Json, path: string): JsonObject {
  if (!isObject(value)) throw wrongValue(path, 'an object');
  return value;
}

/** The entries of an array with their paths. Absent is empty; more than `max` is refused. */
export function listAt(value: Json | undefined, path: string, max: number): { value: Json; path: string }[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw wrongValue(path, 'an array');
  if (value.length > max) throw wrongValue(path, `at most ${max} entries`);
  return value.map((entry, index) => ({ value: entry, path: `${path}[${index}]` }));
}

/** The entries of an array that must be texts. */
export function textsAt(value: Json | undefined, path: string, max: number): string[] {
  return listAt(value, path, max).map((entry) => {
    if (typeof entry.value !== 'string') throw wrongValue(entry.path, 'a string');
    return entry.value;
  });
}
