export type TraceParent = { traceId: string; parentSpanId: string };

/**
 * Reads a W3C Trace Context `traceparent` header (https://www.w3.org/TR/trace-context/#traceparent-header).
 * Undefined when it is malformed, all zeroes or of the forbidden version `ff`.
 */
export function parseTraceParent(header: string | undefined): TraceParent | undefined {
  if (header === undefined || header.length > HEADER_CHARS_MAX) return undefined;
  const match = TRACE_PARENT.exec(header);
  const [, version, traceId, parentSpanId, rest] = match ?? [];
  if (version === undefined || traceId === undefined || parentSpanId === undefined) return undefined;
  // Later versions may append fields; version 00 has none.
  if (version === 'ff' || (version === '00' && rest !== '')) return undefined;
  if (ALL_ZERO.test(traceId) || ALL_ZERO.test(parentSpanId)) return undefined;
  return { traceId, parentSpanId };
}

const HEADER_CHARS_MAX = 256;
const TRACE_PARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(|-.*)$/;
const ALL_ZERO = /^0+$/;
