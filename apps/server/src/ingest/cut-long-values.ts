import { isObject, type Json } from '@app/protocol';
import type { Batch } from '@app/tracing';

/**
 * Cuts strings that are longer than `charsMax` and says in their place how much is missing: losing the end of a value is
 * better than losing its span. Gives the same batch when there is none.
 */
export function cutLongValues(batch: Batch, charsMax: number): Batch {
  const spans = batch.spans.map((span) => cutFields(span, charsMax));
  return spans.every((span, place) => span === batch.spans[place]) ? batch : { ...batch, spans };
}

function cutFields<T extends Batch['spans'][number]>(span: T, charsMax: number): T {
  const cut = { ...span };
  let isCut = false;
  for (const field of ['span', 'attributes', 'events', 'statusMessage'] as const) {
    const before: unknown = Reflect.get(span, field);
    if (!isJson(before)) continue;
    const after = cutValue(before, charsMax);
    if (after === before) continue;
    isCut = true;
    Reflect.set(cut, field, after);
  }
  return isCut ? cut : span;
}

function isJson(value: unknown): value is Json {
  return typeof value === 'string' || (typeof value === 'object' && value !== null);
}

function cutValue(value: Json, charsMax: number): Json {
  if (typeof value === 'string') return value.length > charsMax ? cutText(value, charsMax) : value;
  if (Array.isArray(value)) {
    const cut = value.map((each) => cutValue(each, charsMax));
    return cut.every((each, place) => each === value[place]) ? value : cut;
  }
  if (!isObject(value)) return value;
  let isCut = false;
  const entries = Object.entries(value).map(([key, each]) => {
    const after = each === undefined ? each : cutValue(each, charsMax);
    isCut ||= after !== each;
    return [key, after] as const;
  });
  return isCut ? Object.fromEntries(entries) : value;
}

function cutText(text: string, charsMax: number): string {
  return `${text.slice(0, charsMax)} [cut here: ${text.length - charsMax} more characters were sent]`;
}
