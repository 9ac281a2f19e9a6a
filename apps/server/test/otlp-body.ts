type Attributes = { [key: string]: string | number };

export type SpanGiven = {
  traceId?: string;
  spanId?: string;
  name?: string;
  attributes?: Attributes;
  startMs?: number;
};

/** A body of OTLP/HTTP JSON with these spans. */
export function otlpBody(spans: readonly SpanGiven[]): string {
  return JSON.stringify({
    resourceSpans: [
      {
        resource: { attributes: attributesOf({ 'service.name': 'lab' }) },
        scopeSpans: [{ scope: { name: 'lab', version: '1' }, spans: spans.map(spanOf) }],
      },
    ],
  });
}

/** A span id that is the number. */
export function spanIdOf(number: number): string {
  return number.toString(16).padStart(16, '0');
}

function spanOf(given: SpanGiven, place: number) {
  const startMs = given.startMs ?? Date.now() - 1_000;
  return {
    traceId: given.traceId ?? 'a'.repeat(32),
    spanId: given.spanId ?? spanIdOf(place + 1),
    name: given.name ?? 'chat gpt-4o',
    kind: 3,
    startTimeUnixNano: `${startMs}000000`,
    endTimeUnixNano: `${startMs + 500}000000`,
    attributes: attributesOf(given.attributes ?? {}),
    status: { code: 1 },
  };
}

function attributesOf(attributes: Attributes) {
  return Object.entries(attributes).map(([key, value]) => ({
    key,
    value: typeof value === 'string' ? { stringValue: value } : { intValue: String(value) },
  }));
}
