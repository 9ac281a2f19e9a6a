import type { JsonObject } from '@app/protocol';
import type { AttributedSpan } from '../received/received-span.ts';

/** A span for tests: these attributes, and whatever else matters. */
export function makeAttributedSpan(
  attributes: JsonObject,
  more: Partial<Omit<AttributedSpan, 'attributes' | 'source'>> = {},
): AttributedSpan {
  return {
    source: 'otlp',
    traceId: 'a'.repeat(32),
    spanId: 'b'.repeat(16),
    parentSpanId: 'c'.repeat(16),
    name: 'a span',
    startedAtMs: 1_790_000_000_000,
    endedAtMs: 1_790_000_001_000,
    statusCode: 0,
    statusMessage: '',
    attributes,
    resource: {},
    scope: { name: '', version: '' },
    schemaUrl: '',
    events: [],
    links: [],
    ...more,
  };
}
