import type { Redaction, Redactor } from '@app/redact';
import type { WireBatch, WireScore, WireSpan } from './wire-span.ts';

/** Every field that holds words of the app's own. What is left are ids, times, numbers and words of a closed list. */
const SPAN_FIELDS = [
  'name',
  'error',
  'provider',
  'model',
  'model_asked',
  'service_tier',
  'finish_reason',
  'tool_name',
  'request_id',
  'gateway_request_id',
  'input',
  'output',
  'tags',
  'prompt',
  'metadata',
] as const satisfies readonly (keyof WireSpan)[];

/** Ids that spans are joined by: the same value must have the same placeholder in every span. */
const SPAN_JOINED = ['user_id', 'session_id'] as const satisfies readonly (keyof WireSpan)[];

/** Two engines of one kind: one that numbers what it finds span by span, one that names a value alike everywhere. */
export type Redactors = { content: Redactor; joined: Redactor };

export function redactSpan(span: WireSpan, redactors: Redactors): WireSpan {
  const content = redactors.content.begin();
  const joined = redactors.joined.begin();
  const redacted = { ...span };
  for (const name of SPAN_FIELDS) Object.assign(redacted, redactField(span, name, content));
  for (const name of SPAN_JOINED) Object.assign(redacted, redactField(span, name, joined));
  const counts = addCounts(content.counts(), joined.counts());
  if (Object.keys(counts).length > 0) redacted.redactions = addCounts(span.redactions ?? {}, counts);
  return redacted;
}

export function redactScore(score: WireScore, redactors: Redactors): WireScore {
  const content = redactors.content.begin();
  const joined = redactors.joined.begin();
  return {
    ...score,
    ...redactField(score, 'id', joined),
    ...redactField(score, 'session_id', joined),
    ...redactField(score, 'name', content),
    ...redactField(score, 'value', content),
    ...redactField(score, 'comment', content),
  };
}

export function redactHead<T extends Pick<WireBatch, 'environment' | 'release' | 'service'>>(
  head: T,
  redactors: Redactors,
): T {
  const redaction = redactors.joined.begin();
  return {
    ...head,
    ...redactField(head, 'environment', redaction),
    ...redactField(head, 'release', redaction),
    ...redactField(head, 'service', redaction),
  };
}

/** One field at a time: a name of ours, such as `session_id`, says nothing about whether its value is a secret. */
function redactField<T, K extends keyof T>(from: T, name: K, redaction: Redaction): Partial<Pick<T, K>> {
  const value = from[name];
  const result: Partial<Pick<T, K>> = {};
  if (value !== undefined) result[name] = redaction.value(value);
  return result;
}

function addCounts(one: Record<string, number>, other: Record<string, number>): Record<string, number> {
  const sum = { ...one };
  for (const [type, count] of Object.entries(other)) if (count > 0) sum[type] = (sum[type] ?? 0) + count;
  return sum;
}
