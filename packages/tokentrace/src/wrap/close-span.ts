import type { Span, SpanFields } from '../tracer.ts';
import { isAbort, readFailure } from './read-failure.ts';

/** Ends a span as what became of it: well, given up by the app, or failed. */
export function closeSpan(span: Span, fields: SpanFields, error: unknown): void {
  if (error === undefined || error === null) span.end(fields);
  else if (isAbort(error)) span.cancel(fields);
  else span.fail(readFailure(error), fields);
}
