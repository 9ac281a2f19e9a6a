import type { Span, SpanFields, SpanStart, Tracer } from '../tracer.ts';
import { guard, type OnFault } from './guard.ts';
import type { ReplyReader } from './read/reply-reader.ts';
import { objectOf, textIn } from './read/wire-value.ts';
import { isAbort, readFailure } from './read-failure.ts';

/** One call of a model as it is seen while it lasts. Nothing here throws, and only the first ending counts. */
export type OpenCall = {
  span: Span;
  /** The reply's headers have come. */
  head(headers: unknown): void;
  /** What was learnt late, such as a form that is read in the background. */
  learn(fields: SpanFields): void;
  /** One event of a streamed reply. */
  event(event: unknown): void;
  /** The whole reply. */
  reply(reply: unknown): void;
  finish(): void;
  fail(error: unknown): void;
  /** The app went away before the end; what came until then is kept. */
  cancel(): void;
};

export type CallStart = {
  tracer: Tracer;
  onFault: OnFault;
  start: () => SpanStart & { name: string };
  openReader: () => ReplyReader;
};

/** Begins the span of a call. Undefined when it is not recorded or tracing has a fault: the call then goes on as it is. */
export function openCall({ tracer, onFault, start, openReader }: CallStart): OpenCall | undefined {
  return guard(onFault, () => {
    const span = tracer.startSpan(start());
    return span.recording ? callOf(span, openReader(), onFault) : undefined;
  });
}

function callOf(span: Span, reader: ReplyReader, onFault: OnFault): OpenCall {
  let isEnded = false;
  let hasContent = false;

  /** What the reader cannot make sense of must not cost the span. */
  function end(close: (fields: SpanFields, failure: unknown) => void): void {
    if (isEnded) return;
    isEnded = true;
    const { fields, failure } = guard(onFault, () => reader.facts()) ?? { fields: {} };
    guard(onFault, () => close(fields, failure));
  }

  function learnHead(headers: unknown): void {
    if (headers !== undefined) guard(onFault, () => span.update(headFields(headers)));
  }

  return {
    span,
    head: learnHead,
    learn: (fields) => {
      guard(onFault, () => span.update(fields));
    },
    event: (event) => {
      if (isEnded) return;
      // Gemini's chunks bring the headers along.
      if (!hasContent) learnHead(objectOf(objectOf(event).sdkHttpResponse).headers);
      const isContent = guard(onFault, () => reader.event(event)) ?? false;
      if (!isContent || hasContent) return;
      hasContent = true;
      guard(onFault, () => span.firstToken());
    },
    reply: (reply) => {
      guard(onFault, () => reader.whole(reply));
    },
    finish: () =>
      end((fields, failure) => (failure === undefined ? span.end(fields) : span.fail(failure, fields))),
    fail: (error) =>
      end((fields) => (isAbort(error) ? span.cancel(fields) : span.fail(readFailure(error), fields))),
    cancel: () => end((fields) => span.cancel(fields)),
  };
}

/** The ids that providers and our gateway give to a request. */
export function headFields(headers: unknown): SpanFields {
  const find = headerFinder(headers);
  const requestId = REQUEST_IDS.map(find).find((id) => id !== undefined);
  const gatewayRequestId = find('x-tokenrouter-request-id');
  return {
    ...(requestId !== undefined && { requestId }),
    ...(gatewayRequestId !== undefined && { gatewayRequestId }),
  };
}

const REQUEST_IDS = ['x-request-id', 'request-id', 'apim-request-id', 'x-goog-request-id'];

function headerFinder(headers: unknown): (name: string) => string | undefined {
  if (typeof headers !== 'object' || headers === null) return () => undefined;
  const get = Reflect.get(headers, 'get');
  if (typeof get === 'function') return (name) => textIn(Reflect.apply(get, headers, [name]));
  return (name) => textIn(Reflect.get(headers, name));
}
