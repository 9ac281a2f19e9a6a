import { isObject, type Json, type JsonObject } from '@app/protocol';
import type { DigestOf, ExtractedContents } from './contents.ts';
import { writeLight } from './heavy-strings.ts';
import type { AttributedSpan } from './received/received-span.ts';

/** What a span of OpenTelemetry is stored with beside its columns, as it came. */
type Raw = Omit<
  AttributedSpan,
  'source' | 'traceId' | 'spanId' | 'parentSpanId' | 'startedAtMs' | 'endedAtMs'
>;

/** What the spans of one resource and scope share is written once: `cache` lives as long as their batch. */
export type SharedTexts = Map<object, { text: string; contents: ExtractedContents['contents'] }>;

/** The text of the column `attributes` of a span of OpenTelemetry, with its heavy strings in `contents`. */
export function writeStoredSpan(
  span: AttributedSpan,
  to: { digestOf: DigestOf; contents: ExtractedContents['contents']; shared: SharedTexts },
): string {
  const { digestOf, contents } = to;
  const isSmall = isShort(span);
  const write = (value: Json) =>
    (isSmall ? writeWhole(value) : undefined) ?? writeLight(value, digestOf, contents);
  let text = `{"attributes":${write(span.attributes)},"resource":${writeShared(span.resource, to)}`;
  text += `,"scope":${JSON.stringify(span.scope)},"name":${write(span.name)}`;
  text += `,"statusCode":${span.statusCode},"statusMessage":${write(span.statusMessage)}`;
  if (span.schemaUrl !== '') text += `,"schemaUrl":${write(span.schemaUrl)}`;
  if (span.events.length > 0) text += `,"events":${write([...span.events])}`;
  if (span.links.length > 0) text += `,"links":${write([...span.links])}`;
  if (span.spanKind !== undefined) text += `,"spanKind":${span.spanKind}`;
  if (span.traceState !== undefined) text += `,"traceState":${write(span.traceState)}`;
  if (span.dropped !== undefined) text += `,"dropped":${JSON.stringify(span.dropped)}`;
  return `${text}}`;
}

/**
 * Of the texts of one span, all together: with fewer characters they stay where they are. Digests of them, and rows of their
 * own, would take more room and time than is saved where they are said again.
 */
const SMALL_CHARS_MAX = 2_048;

function isShort({ name, statusMessage, attributes, events, links }: AttributedSpan): boolean {
  let left = SMALL_CHARS_MAX - name.length - statusMessage.length;
  const count = (value: Json | undefined): void => {
    if (left < 0) return;
    if (typeof value === 'string') left -= value.length;
    else if (Array.isArray(value)) value.forEach(count);
    else if (isObject(value)) {
      for (const key of Object.keys(value)) {
        left -= key.length;
        count(value[key]);
        if (left < 0) return;
      }
    } else left -= 1;
  };
  count(attributes);
  count([...events, ...links]);
  return left >= 0;
}

/** Undefined for what cannot stand as it is: a key like that of our placeholders, or half a code point. */
function writeWhole(value: Json): string | undefined {
  const text = JSON.stringify(value);
  return text.includes('$content"') || text.includes('\\ud') ? undefined : text;
}

function writeShared(
  value: JsonObject,
  { digestOf, contents, shared }: Parameters<typeof writeStoredSpan>[1],
): string {
  let known = shared.get(value);
  if (known === undefined) {
    const own: ExtractedContents['contents'] = [];
    known = { text: writeLight(value, digestOf, own), contents: own };
    shared.set(value, known);
  }
  contents.push(...known.contents);
  return known.text;
}

/** Where a stored span stands: its columns. Times in epoch milliseconds. */
export type StoredPlace = Pick<
  AttributedSpan,
  'traceId' | 'spanId' | 'parentSpanId' | 'startedAtMs' | 'endedAtMs'
>;

/**
 * A span of OpenTelemetry as it was received, from the column `attributes` with its contents put back and parsed, to be
 * mapped again. Undefined when that holds no such span.
 */
export function readStoredSpan(place: StoredPlace, stored: Json | null): AttributedSpan | undefined {
  if (!isObject(stored ?? undefined) || stored === null) return undefined;
  const raw = stored as JsonObject & Partial<Raw>;
  if (!isObject(raw.attributes) || !isObject(raw.resource)) return undefined;
  return {
    source: 'otlp',
    ...place,
    name: raw.name ?? '',
    statusCode: raw.statusCode ?? 0,
    statusMessage: raw.statusMessage ?? '',
    attributes: raw.attributes,
    resource: raw.resource,
    scope: raw.scope ?? { name: '', version: '' },
    schemaUrl: raw.schemaUrl ?? '',
    events: raw.events ?? [],
    links: raw.links ?? [],
    ...(raw.spanKind === undefined ? {} : { spanKind: raw.spanKind }),
    ...(raw.traceState === undefined ? {} : { traceState: raw.traceState }),
    ...(raw.dropped === undefined ? {} : { dropped: raw.dropped }),
  };
}
