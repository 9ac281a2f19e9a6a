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
export type Redactors = {
  content: Redactor;
  joined: Redactor;
  /** Short texts that hold nothing private: the same few names and models come with every span. */
  clean: Set<string>;
};

const CLEAN_MAX = 2_000;
const CLEAN_CHARS_MAX = 100;

export function redactSpan(span: WireSpan, redactors: Redactors): WireSpan {
  const { clean } = redactors;
  const content = redactors.content.begin();
  const joined = redactors.joined.begin();
  const redacted = { ...span };
  for (const name of SPAN_FIELDS) redactField(redacted, name, { redaction: content, clean });
  for (const name of SPAN_JOINED) redactField(redacted, name, { redaction: joined, clean });
  const counts = addCounts(content.counts(), joined.counts());
  if (Object.keys(counts).length > 0) redacted.redactions = addCounts(span.redactions ?? {}, counts);
  return redacted;
}

export function redactScore(score: WireScore, redactors: Redactors): WireScore {
  const { clean } = redactors;
  const redacted = { ...score };
  const content = { redaction: redactors.content.begin(), clean };
  const joined = { redaction: redactors.joined.begin(), clean };
  redactField(redacted, 'id', joined);
  redactField(redacted, 'session_id', joined);
  for (const name of ['name', 'value', 'comment'] as const) redactField(redacted, name, content);
  return redacted;
}

export function redactHead<T extends Pick<WireBatch, 'environment' | 'release' | 'service'>>(
  head: T,
  { joined, clean }: Redactors,
): T {
  const redacted = { ...head };
  const by = { redaction: joined.begin(), clean };
  for (const name of ['environment', 'release', 'service'] as const) redactField(redacted, name, by);
  return redacted;
}

/** One field at a time: a name of ours, such as `session_id`, says nothing about whether its value is a secret. */
function redactField<T, K extends keyof T>(
  record: T,
  name: K,
  { redaction, clean }: { redaction: Redaction; clean: Set<string> },
): void {
  const value = record[name];
  if (value === undefined || (typeof value === 'string' && clean.has(value))) return;
  const redacted = redaction.value(value);
  if (redacted !== value) record[name] = redacted;
  else if (typeof value === 'string' && value.length <= CLEAN_CHARS_MAX && clean.size < CLEAN_MAX)
    clean.add(value);
}

function addCounts(one: Record<string, number>, other: Record<string, number>): Record<string, number> {
  const sum = { ...one };
  for (const [type, count] of Object.entries(other)) if (count > 0) sum[type] = (sum[type] ?? 0) + count;
  return sum;
}
