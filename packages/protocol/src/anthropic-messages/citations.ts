import type { Citation } from '../call.ts';
import { isObject, type Json, type JsonObject } from '../json.ts';
import { CITATIONS_MAX } from '../reply-bounds.ts';
import { ID } from './wire.ts';

/**
 * An entry of a text's `citations`. It is of the whole text, and says where in its source it was found. Source:
 * Anthropic's pages on citations and on the web search tool.
 */
export function readCitation(value: Json): Citation {
  const citation: Citation = { wire: { dialect: ID, value } };
  const wire = isObject(value) ? value : {};
  const url = wire.type === 'search_result_location' ? wire.source : wire.url;
  const title = wire.title ?? wire.document_title;
  if (typeof url === 'string' && /^https?:/i.test(url)) citation.url = url;
  if (typeof title === 'string') citation.title = title;
  if (typeof wire.cited_text === 'string') citation.quote = wire.cited_text;
  return citation;
}

/** Undefined when there are none. */
export function readCitations(value: Json | undefined): Citation[] | undefined {
  return Array.isArray(value) && value.length > 0
    ? value.slice(0, CITATIONS_MAX).map(readCitation)
    : undefined;
}

/** For a caller. Of another dialect's citations those of a page can be said, as if found by a search. */
export function writeCitation({ url, title, quote, wire }: Citation): JsonObject[] {
  if (wire.dialect === ID) return isObject(wire.value) ? [wire.value] : [];
  if (url === undefined) return [];
  return [
    {
      type: 'web_search_result_location',
      url,
      title: title ?? null,
      cited_text: quote ?? '',
      encrypted_index: UNSEARCHED,
    },
  ];
}

/** Where a search's citation has its seal, those that we wrote for others have nothing. */
const UNSEARCHED = '';

/** For a provider, which refuses what it has not cited itself. */
export function isSendable({ wire }: Citation): boolean {
  return wire.dialect === ID && isOwn(wire.value);
}

export function isOwn(value: Json): boolean {
  return isObject(value) && value.encrypted_index !== UNSEARCHED;
}
