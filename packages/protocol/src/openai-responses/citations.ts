import type { Citation } from '../call.ts';
import { isObject, type Json, type JsonObject, textOf } from '../json.ts';
import { CITATIONS_MAX } from '../reply-bounds.ts';
import { ID } from './wire.ts';

/** The annotations of a text; an empty list is none. */
export function readAnnotations(value: Json | undefined): Citation[] | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined;
  return value
    .slice(0, CITATIONS_MAX)
    .filter(isObject)
    .map((wire) => {
      const citation: Citation = { wire: { dialect: ID, value: wire } };
      const title = textOf(wire.title) || textOf(wire.filename);
      if (typeof wire.url === 'string') citation.url = wire.url;
      if (title !== '') citation.title = title;
      if (typeof wire.start_index === 'number') citation.start = wire.start_index;
      if (typeof wire.end_index === 'number') citation.end = wire.end_index;
      return citation;
    });
}

/**
 * A source without an address is a file that only has a name; one without either cannot be said. A citation that names
 * no place is of the whole text, which has `length` units.
 */
export function writeAnnotations(citations: readonly Citation[] = [], length = 0): JsonObject[] {
  return citations.flatMap(({ wire, url, title = '', start = 0, end = length }): JsonObject[] => {
    if (wire.dialect === ID && isObject(wire.value)) return [wire.value];
    if (url !== undefined) return [{ type: 'url_citation', url, title, start_index: start, end_index: end }];
    return title === '' ? [] : [{ type: 'file_citation', file_id: '', filename: title, index: 0 }];
  });
}

/** For a provider, which refuses a file that it does not know. */
export function isSendable({ wire, url }: Citation): boolean {
  return wire.dialect === ID || url !== undefined;
}

/** Whether an annotation says all of the citation: it has no place for what the source says. */
export function isWhole({ wire, url, title, start, end, quote }: Citation): boolean {
  if (wire.dialect === ID) return true;
  return quote === undefined && ![url, title, start, end].includes(undefined);
}
