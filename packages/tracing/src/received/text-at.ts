import type { Json, JsonObject } from '@app/protocol';

/** The first of these fields that is a text with something in it, cut to `max` characters. */
export function textAt(object: JsonObject, names: readonly string[], max: number): string | undefined {
  for (const name of names) {
    const value = object[name];
    if (typeof value === 'string' && value !== '') return cut(value, max);
    if (typeof value === 'number') return String(value);
  }
  return undefined;
}

/** Half a surrogate pair is no text. */
export function cut(text: string, max: number): string {
  return text.length <= max ? text : text.slice(0, max).toWellFormed();
}

/** Epoch milliseconds of an RFC 3339 time or of a number of milliseconds; undefined for anything else. */
export function timeOf(value: Json | undefined): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string') return undefined;
  const ms = Date.parse(value);
  if (Number.isNaN(ms)) return undefined;
  // `Date` knows milliseconds; senders tell microseconds and nanoseconds.
  const fraction = /\.\d{3}(\d{1,6})/.exec(value)?.[1];
  return fraction === undefined ? ms : ms + Number(`0.${fraction}`);
}

/** A whole number of tokens; undefined for anything else. Some senders write `12.0` as a text. */
export function countOf(value: Json | undefined): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? Math.round(value) : undefined;
}
