import { append } from '../append.ts';
import type { Citation } from '../call.ts';
import { isObject, type Json, type JsonObject, textOf } from '../json.ts';
import { CITATIONS_MAX, PLACED_CHARS_MAX } from '../reply-bounds.ts';
import { ID } from './wire.ts';

/** What a reply says of its sources, gathered from a candidate. */
export type Sources = { grounding: JsonObject; cited: JsonObject[] };

/**
 * Sources as citations of `text`: each page for each segment that rests on it, then what was quoted at length. A segment
 * counts UTF-8 bytes of its part; the text that it repeats settles where it is. Source: the reference's
 * `GroundingMetadata` and `CitationMetadata`.
 */
export function readCitations({ grounding, cited }: Sources, text: string): Citation[] {
  const { groundingChunks, groundingSupports, ...rest } = grounding;
  const chunks = Array.isArray(groundingChunks) ? groundingChunks.filter(isObject) : [];
  const supports = Array.isArray(groundingSupports) ? groundingSupports.filter(isObject) : [];
  const place = { text, bytes: Buffer.from(text), charsLeft: PLACED_CHARS_MAX };
  const { citations, used } = readSupports(supports, chunks, place);
  for (const [index, chunk] of chunks.entries()) {
    if (citations.length >= CITATIONS_MAX) break;
    if (!used.has(index)) citations.push({ ...sourceOf(chunk), wire: wireOf(chunk, undefined) });
  }
  // What was searched for, and the widget that Google wants shown, belong to no page.
  const [first] = citations;
  if (first !== undefined && isObject(first.wire.value)) first.wire.value = { ...first.wire.value, ...rest };
  return [...citations, ...cited.slice(0, CITATIONS_MAX).map((source) => readQuoted(source, place))];
}

/** `charsLeft` are those that may still be counted for the places of citations. */
type Place = { text: string; bytes: Buffer; charsLeft: number };

/** One citation for each page of each segment, and the pages among them. */
function readSupports(
  supports: readonly JsonObject[],
  chunks: readonly JsonObject[],
  place: Place,
): { citations: Citation[]; used: Set<number> } {
  const citations: Citation[] = [];
  const used = new Set<number>();
  for (const support of supports) {
    const { segment } = support;
    const indices = indicesOf(support).slice(0, CITATIONS_MAX - citations.length);
    if (indices.length === 0) continue;
    const where = isObject(segment) ? spanOf(segment, textOf(segment.text), place) : {};
    for (const [at, index] of indices.entries()) {
      const chunk = chunks[index];
      if (chunk === undefined) continue;
      used.add(index);
      citations.push({ ...sourceOf(chunk), ...where, wire: wireOf(chunk, { support, at }) });
    }
  }
  return { citations, used };
}

function readQuoted(source: JsonObject, place: Place): Citation {
  return {
    ...pageOf(source),
    ...spanOf(source, '', place),
    wire: { dialect: ID, value: { citationSources: [source] } },
  };
}

function indicesOf(support: JsonObject): number[] {
  const { groundingChunkIndices: indices } = support;
  return Array.isArray(indices) ? indices.filter((index) => typeof index === 'number') : [];
}

function wireOf(chunk: JsonObject, from: { support: JsonObject; at: number } | undefined): Citation['wire'] {
  const value: JsonObject = { groundingChunks: [chunk] };
  if (from !== undefined) {
    const { confidenceScores: scores, ...support } = from.support;
    const score = Array.isArray(scores) ? scores[from.at] : undefined;
    const one: JsonObject = { ...support, groundingChunkIndices: [0] };
    value.groundingSupports = [score === undefined ? one : { ...one, confidenceScores: [score] }];
  }
  return { dialect: ID, value };
}

/** A chunk is a page of the web, a place on the map, or a passage of a document. */
function sourceOf(chunk: JsonObject): Omit<Citation, 'wire'> {
  const source = [chunk.web, chunk.maps, chunk.retrievedContext].find(isObject) ?? {};
  const quote = textOf(source.text);
  return quote === '' ? pageOf(source) : { ...pageOf(source), quote };
}

function pageOf({ uri, title }: JsonObject): Omit<Citation, 'wire'> {
  const page: Omit<Citation, 'wire'> = {};
  if (typeof uri === 'string') page.url = uri;
  if (typeof title === 'string') page.title = title;
  return page;
}

function spanOf(span: JsonObject, said: string, place: Place): { start?: number; end?: number } {
  const { text, bytes } = place;
  place.charsLeft -= text.length;
  if (place.charsLeft < 0) return {};
  const from = typeof span.startIndex === 'number' ? span.startIndex : 0;
  const to = span.endIndex;
  if (typeof to === 'number' && from >= 0 && to > from && to <= bytes.length) {
    const start = bytes.toString('utf8', 0, from).length;
    const end = start + bytes.toString('utf8', from, to).length;
    if (said === '' || text.slice(start, end) === said) return { start, end };
  }
  const found = said === '' ? -1 : text.indexOf(said);
  return found === -1 ? {} : { start: found, end: found + said.length };
}

/** Citations of a text, and which of the parts it is. */
export type Cited = { citations: readonly Citation[]; text: string; partIndex: number };

/** The fields of a candidate that tell its sources; none when there are no citations. */
export function writeCitations(parts: readonly Cited[]): JsonObject {
  const grounding: Grounding = { chunks: [], places: new Map(), supports: new Map(), rest: {} };
  const quoted: Json[] = [];
  let charsLeft = PLACED_CHARS_MAX;
  for (const { citations, text, partIndex } of parts) {
    for (const citation of citations) {
      const { dialect, value } = citation.wire;
      charsLeft -= text.length;
      const placed = charsLeft < 0 ? withoutPlace(citation) : citation;
      const own = dialect === ID && isObject(value) ? value : writeForeign(placed, text, partIndex);
      if (Array.isArray(own.citationSources)) append(quoted, own.citationSources);
      addGrounding(grounding, own);
    }
  }
  const fields: JsonObject = {};
  const { chunks, supports, rest } = grounding;
  if (chunks.length > 0) {
    fields.groundingMetadata = { ...rest, groundingChunks: chunks };
    if (supports.size > 0)
      fields.groundingMetadata.groundingSupports = [...supports.values()].map(writeSupport);
  }
  if (quoted.length > 0) fields.citationMetadata = { citationSources: quoted };
  return fields;
}

type Grounding = {
  chunks: JsonObject[];
  /** Where a chunk is, by its text: pages are told once. */
  places: Map<string, number>;
  supports: Map<string, Support>;
  rest: JsonObject;
};

function addGrounding(grounding: Grounding, own: JsonObject): void {
  const { groundingChunks, groundingSupports, citationSources: _, ...rest } = own;
  Object.assign(grounding.rest, rest);
  const [chunk] = Array.isArray(groundingChunks) ? groundingChunks : [];
  if (!isObject(chunk)) return;
  const key = JSON.stringify(chunk);
  const index = grounding.places.get(key) ?? grounding.chunks.push(chunk) - 1;
  grounding.places.set(key, index);
  const [support] = Array.isArray(groundingSupports) ? groundingSupports : [];
  if (!isObject(support)) return;
  const segment = JSON.stringify(support.segment ?? null);
  const joined = grounding.supports.get(segment) ?? { wire: support, indices: [], scores: [] };
  joined.wire = support;
  joined.indices.push(index);
  append(joined.scores, scoresOf(support));
  grounding.supports.set(segment, joined);
}

/** All pages that one segment rests on. */
type Support = { wire: JsonObject; indices: number[]; scores: Json[] };

function writeSupport({ wire, indices, scores }: Support): JsonObject {
  const joined: JsonObject = { ...wire, groundingChunkIndices: indices };
  if (scores.length > 0) joined.confidenceScores = scores;
  return joined;
}

function scoresOf(support: JsonObject): Json[] {
  return Array.isArray(support.confidenceScores) ? support.confidenceScores : [];
}

function withoutPlace({ start: _, end: __, ...citation }: Citation): Citation {
  return citation;
}

function writeForeign(citation: Citation, text: string, partIndex: number): JsonObject {
  const { url, title, quote, start, end } = citation;
  const page: JsonObject = {};
  if (url !== undefined) page.uri = url;
  if (title !== undefined) page.title = title;
  const chunk: JsonObject =
    url === undefined && quote !== undefined ? { retrievedContext: { ...page, text: quote } } : { web: page };
  if (start === undefined || end === undefined) return { groundingChunks: [chunk] };
  const startIndex = Buffer.byteLength(text.slice(0, start));
  const said = text.slice(start, end);
  const segment = { partIndex, startIndex, endIndex: startIndex + Buffer.byteLength(said), text: said };
  return { groundingChunks: [chunk], groundingSupports: [{ segment, groundingChunkIndices: [0] }] };
}
