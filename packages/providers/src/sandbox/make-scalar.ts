import type { JsonObject } from '@app/protocol';

/** A string of the schema's format and length, readable from its property's name. */
export function makeString(schema: JsonObject, name: string, variant: number): string {
  const format = typeof schema.format === 'string' ? schema.format : '';
  const make = Object.hasOwn(FORMATS, format) ? FORMATS[format] : undefined;
  if (make !== undefined) return make(variant);
  const text = variant === 0 ? `sample ${name}` : `${variant + 1} sample ${name}`;
  const min = Math.min(lengthOf(schema.minLength, 0), LENGTH_MAX);
  const max = lengthOf(schema.maxLength, LENGTH_MAX);
  // JSON schema counts code points, so a character outside the first plane is one.
  const points = [...text].slice(0, Math.max(max, 0));
  while (points.length < min) points.push('x');
  return points.join('');
}

/** A number within the bounds, 1 if that is allowed; further variants are larger where there is room. */
export function makeNumber(schema: JsonObject, variant: number, isInteger: boolean): number {
  const step = numberOf(schema.multipleOf) ?? (isInteger ? 1 : undefined);
  const low = lowerBound(schema, step);
  const high = upperBound(schema, step);
  if (step === undefined) {
    const start = 1 >= low && 1 <= high ? 1 : between(low, high);
    return start + variant <= high ? start + variant : start;
  }
  const first = Math.ceil(Math.max(low, Math.min(1, high)) / step) * step;
  const start = first <= high ? first : Math.floor(high / step) * step;
  const value = start + variant * step;
  return tidy(value <= high ? value : start);
}

const LENGTH_MAX = 10_000;

const FORMATS: { [format: string]: (variant: number) => string } = {
  'date-time': (variant) => `2026-01-${day(variant)}T12:00:00Z`,
  date: (variant) => `2026-01-${day(variant)}`,
  time: () => '12:00:00Z',
  duration: (variant) => `PT${variant + 1}H`,
  email: (variant) => `user${variant + 1}@example.com`,
  hostname: (variant) => `host${variant + 1}.example.com`,
  ipv4: (variant) => `192.0.2.${(variant % 254) + 1}`,
  ipv6: (variant) => `2001:db8::${(variant + 1).toString(16)}`,
  uuid: (variant) => `00000000-0000-4000-8000-${String(variant + 1).padStart(12, '0')}`,
  uri: (variant) => `https://example.com/${variant + 1}`,
  url: (variant) => `https://example.com/${variant + 1}`,
};

function day(variant: number): string {
  return String((variant % 28) + 1).padStart(2, '0');
}

function lengthOf(value: JsonObject[string], fallback: number): number {
  return typeof value === 'number' && value >= 0 ? value : fallback;
}

function numberOf(value: JsonObject[string]): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value !== 0 ? Math.abs(value) : undefined;
}

function lowerBound(schema: JsonObject, step: number | undefined): number {
  const inclusive = typeof schema.minimum === 'number' ? schema.minimum : Number.NEGATIVE_INFINITY;
  const exclusive = typeof schema.exclusiveMinimum === 'number' ? schema.exclusiveMinimum : undefined;
  if (exclusive === undefined || exclusive < inclusive) return inclusive;
  return step === undefined ? above(exclusive) : (Math.floor(exclusive / step) + 1) * step;
}

function upperBound(schema: JsonObject, step: number | undefined): number {
  const inclusive = typeof schema.maximum === 'number' ? schema.maximum : Number.POSITIVE_INFINITY;
  const exclusive = typeof schema.exclusiveMaximum === 'number' ? schema.exclusiveMaximum : undefined;
  if (exclusive === undefined || exclusive > inclusive) return inclusive;
  return step === undefined ? -above(-exclusive) : (Math.ceil(exclusive / step) - 1) * step;
}

/** The next representable number is as good as any above an exclusive bound. */
function above(bound: number): number {
  return bound + Math.max(Math.abs(bound) * 1e-9, 1e-9);
}

function between(low: number, high: number): number {
  if (low === Number.NEGATIVE_INFINITY) return high;
  return high === Number.POSITIVE_INFINITY ? low : low + (high - low) / 2;
}

/** Multiples of 0.1 add up to 0.30000000000000004; their shortest neighbour is what was meant. */
function tidy(value: number): number {
  return Number.isInteger(value) ? value + 0 : Number(value.toPrecision(12));
}
