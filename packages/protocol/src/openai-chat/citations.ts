import type { Citation, TextPart } from '../call.ts';
import { isObject, type Json, type JsonObject } from '../json.ts';
import { CITATIONS_MAX } from '../reply-bounds.ts';
import { ID } from './wire.ts';

/**
 * An entry of a message's `annotations`. The wire counts over the whole content, a citation over its part, which has
 * `before` units before it. `content` is OpenRouter's.
 */
export function readAnnotation(value: Json, before: number): Citation {
  const citation: Citation = { wire: { dialect: ID, value } };
  const cited = isObject(value) ? value.url_citation : undefined;
  if (!isObject(cited)) return citation;
  put(citation, { url: cited.url, title: cited.title, quote: cited.content });
  if (isPlace(cited.start_index, before)) citation.start = cited.start_index - before;
  if (isPlace(cited.end_index, before)) citation.end = cited.end_index - before;
  return citation;
}

/**
 * The sources that Perplexity and xAI name beside the choices: `search_results` are objects, `citations` plain URLs.
 */
export function sourcesOf(body: JsonObject): Json[] | undefined {
  const { search_results: results, citations } = body;
  if (Array.isArray(results) && results.length > 0) return results;
  return Array.isArray(citations) && citations.length > 0 ? citations : undefined;
}

export function readSource(value: Json): Citation {
  const citation: Citation = { wire: { dialect: ID, value } };
  if (isObject(value)) put(citation, { url: value.url, title: value.title, quote: value.snippet });
  else put(citation, { url: value });
  return citation;
}

/** Gives each annotation to the text that it cites, and sources to the first. */
export function cite(texts: readonly TextPart[], annotations: readonly Json[], sources: Json[] = []): void {
  const [first] = texts;
  if (first !== undefined && annotations.length === 0 && sources.length > 0)
    first.citations = sources.slice(0, CITATIONS_MAX).map(readSource);
  // In the order of their places, so that one walk over both is enough.
  const left =
    texts.length === 1 ? [...annotations] : annotations.toSorted((a, b) => startOf(a) - startOf(b));
  let before = 0;
  let next = 0;
  for (const [place, text] of texts.entries()) {
    const end = place === texts.length - 1 ? Number.POSITIVE_INFINITY : before + text.text.length;
    const first = next;
    while (next < left.length && startOf(left[next]) < end) next += 1;
    const offset = before;
    if (next > first)
      text.citations = left
        .slice(first, Math.min(next, first + CITATIONS_MAX))
        .map((value) => readAnnotation(value, offset));
    before += text.text.length;
  }
}

function startOf(value: Json | undefined): number {
  const cited = isObject(value) && isObject(value.url_citation) ? value.url_citation.start_index : 0;
  return typeof cited === 'number' ? cited : 0;
}

/**
 * The annotations of one text, which has `before` units of content before it. Without a URL this wire cannot cite. A
 * citation that names no place is of the whole text.
 */
export function writeAnnotations(citations: readonly Citation[], length: number, before: number): Json[] {
  return citations.flatMap((citation): Json[] => {
    if (citation.wire.dialect === ID) return isSource(citation) ? [] : [citation.wire.value];
    const { url, title = '', quote, start = 0, end = length } = citation;
    if (url === undefined) return [];
    const cited: JsonObject = { url, title, start_index: before + start, end_index: before + end };
    if (quote !== undefined) cited.content = quote;
    return [{ type: 'url_citation', url_citation: cited }];
  });
}

/** What came beside the choices goes back there. */
export function writeSources(citations: readonly Citation[]): JsonObject {
  const sources = citations.filter(isSource);
  const wire: JsonObject = {};
  const results = sources.map(({ wire: { value } }) => value).filter(isObject);
  if (sources.length > 0) wire.citations = sources.flatMap(({ url }) => (url === undefined ? [] : [url]));
  if (results.length > 0) wire.search_results = results;
  return wire;
}

export function isSource({ wire: { dialect, value } }: Citation): boolean {
  return dialect === ID && !(isObject(value) && typeof value.type === 'string');
}

function put(citation: Citation, from: { url?: Json; title?: Json; quote?: Json } | JsonObject): void {
  if (typeof from.url === 'string') citation.url = from.url;
  if (typeof from.title === 'string' && from.title !== '') citation.title = from.title;
  if (typeof from.quote === 'string' && from.quote !== '') citation.quote = from.quote;
}

function isPlace(value: Json | undefined, before: number): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= before;
}
