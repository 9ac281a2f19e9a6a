import type { Json, JsonObject } from '@app/protocol';
import type { Batch, ReceivedScore, ReceivedSpan } from '@app/tracing';
import { isMetadataKey } from './metadata-keys.ts';

/**
 * The batch without what was said in it: who called which model when, how long it took, what it used and how it ended stay.
 * Messages of errors go too, because providers quote what they refuse.
 */
export function keepMetadata(batch: Batch): Batch {
  return { ...batch, spans: batch.spans.map(spanOf), scores: batch.scores.map(scoreOf) };
}

function spanOf(received: ReceivedSpan): ReceivedSpan {
  const name = received.name.slice(0, NAME_CHARS_MAX);
  if (received.source !== 'otlp') {
    const { input: _input, output: _output, metadata: _metadata, error, ...kept } = received.span;
    const { message: _message, ...fault } = error ?? {};
    return { ...received, name, span: { ...kept, ...(error !== undefined && { error: fault }) } };
  }
  return {
    ...received,
    name,
    statusMessage: '',
    attributes: metadataOf(received.attributes),
    resource: metadataOf(received.resource),
    events: received.events.map((event) => ({ ...event, attributes: metadataOf(event.attributes) })),
    links: received.links.map((link) => ({ ...link, attributes: {} })),
  };
}

const NAME_CHARS_MAX = 200;

function scoreOf(score: ReceivedScore): ReceivedScore {
  return { ...score, comment: '' };
}

function metadataOf(attributes: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(attributes).filter(
      ([key, value]) => value !== undefined && isMetadataKey(key) && isShort(value),
    ),
  );
}

/** A name or a label has this many characters; what is longer is text. Usage comes as JSON. */
const CHARS_MAX = 1_000;

function isShort(value: Json): boolean {
  if (typeof value === 'string') return value.length <= CHARS_MAX;
  if (Array.isArray(value)) return value.every((each) => !isNested(each) && isShort(each));
  return !isNested(value);
}

function isNested(value: Json): boolean {
  return typeof value === 'object' && value !== null;
}
