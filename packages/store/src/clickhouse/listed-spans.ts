/** Where a span lies in the order of the table. */
export type SpanPlace = { hour_s: number; trace_id: string; span_id: string };
/** An hour in which a trace has spans. */
export type TracePlace = { hour_s: number; trace_id: string };

const listed = (name: string) => `splitByChar(',', {${name}:String})`;
const hour = `toDateTime(toUInt32(hour_s), 'UTC')`;

/**
 * Conditions for PREWHERE by what the table is sorted by, pair by pair: lines of a list lie far apart, and every granule between
 * them that holds another trace of the same hour is left alone. These columns are the same in every version of a span.
 */
export const atListedSpans = `(toStartOfHour(started_at), trace_id, span_id) IN (SELECT ${hour} AS at_hour, at_trace, at_span
      FROM (SELECT ${listed('hours')} AS hour_s, ${listed('traces')} AS at_trace, ${listed('spans')} AS at_span)
      ARRAY JOIN hour_s, at_trace, at_span LIMIT 20000)`;

/** `of` is what the columns are written with, where the table has a name. */
export const atListedTraces = (
  of: '' | 's.',
) => `(toStartOfHour(${of}started_at), ${of}trace_id) IN (SELECT ${hour} AS at_hour, at_trace
      FROM (SELECT ${listed('hours')} AS hour_s, ${listed('traces')} AS at_trace) ARRAY JOIN hour_s, at_trace LIMIT 20000)`;

export function listSpans(places: readonly SpanPlace[]) {
  return { ...listPlaces(places), spans: places.map((place) => place.span_id).join(',') };
}

/** Ids have no comma in them. */
export function listPlaces(places: readonly TracePlace[]) {
  return {
    hours: places.map((place) => place.hour_s).join(','),
    traces: places.map((place) => place.trace_id).join(','),
  };
}
