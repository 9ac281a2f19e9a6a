import { type Loss, parseJson } from '@app/protocol';
import type { Redaction } from '@app/redact';
import type { CallHead, RecordedCall } from './call-record.ts';
import type { AttemptSpan } from './call-span.ts';
import type { ProjectRedactors } from './create-project-redactors.ts';
import { dropTokens } from './drop-tokens.ts';

/**
 * The call with private values taken out of all that its caller, its provider and its model said, and with how many of each
 * type. Times, counts, ids that we made and the words of closed lists hold nothing private.
 */
export function redactCall(call: RecordedCall, redactors: ProjectRedactors): RecordedCall {
  const content = redactors.content.begin();
  const names = redactors.names.begin();
  const request = redactJson(call.request, content);
  const reply = redactJson(call.reply, content);
  const head = redactHead(call.head, content, names);
  return { head, request, reply, redactions: sumOf([content.counts(), names.counts()]) };
}

/** How many of each type, all together. */
export function sumOf(all: readonly { [type: string]: number }[]): { [type: string]: number } {
  const sum: { [type: string]: number } = {};
  for (const counts of all)
    for (const [type, count] of Object.entries(counts)) sum[type] = (sum[type] ?? 0) + count;
  return sum;
}

/** Written anew also where nothing was found: a text may hold what its reader does not see, such as a member twice. */
function redactJson(text: string, content: Redaction): string {
  if (text === '') return '';
  const value = parseJson(text);
  if (value !== undefined) return JSON.stringify(content.value(dropTokens(value)));
  // What looks like JSON may have its values in escapes, where only its reader finds them.
  return /^\s*[[{"]/.test(text) ? UNREADABLE : content.text(text);
}

const UNREADABLE = '"[UNREADABLE]"';

function redactHead(head: CallHead, content: Redaction, names: Redaction): CallHead {
  const word = (value: string | undefined) => (value === undefined ? undefined : names.text(wholeOf(value)));
  return {
    ...head,
    userId: word(head.userId),
    sessionId: word(head.sessionId),
    modelAsked: word(head.modelAsked),
    provider: word(head.provider),
    model: word(head.model),
    errorMessage: redactMessage(head.errorMessage, content),
    losses: head.losses.map(({ path, ...loss }): Loss => ({ ...loss, path: content.text(path) })),
    attempts: head.attempts.map((attempt) => redactAttempt(attempt, content, names)),
    ...(head.tags !== undefined && { tags: head.tags.map((tag) => names.text(tag)) }),
  };
}

function redactAttempt(attempt: AttemptSpan, content: Redaction, names: Redaction): AttemptSpan {
  const { billing } = attempt;
  return {
    ...attempt,
    provider: names.text(attempt.provider),
    model: names.text(attempt.model),
    errorMessage: redactMessage(attempt.errorMessage, content),
    ...(billing !== undefined && { billing: redactBilling(billing, names) }),
  };
}

type Billing = NonNullable<AttemptSpan['billing']>;

/** A provider's own words. */
function redactBilling({ serviceTier, geo, ...billing }: Billing, names: Redaction): Billing {
  return {
    ...billing,
    ...(serviceTier !== undefined && { serviceTier: names.text(serviceTier) }),
    ...(geo !== undefined && { geo: names.text(geo) }),
  };
}

function redactMessage(message: string | undefined, content: Redaction): string | undefined {
  return message === undefined ? undefined : content.text(wholeOf(message));
}

/** A long text was cut before it came here, maybe within a value, and half a card number is known by nobody. */
const CUT_CHARS_MIN = 1_000;
const HALF_CHARS = 100;

function wholeOf(text: string): string {
  const isCut = text.length > CUT_CHARS_MIN && text.endsWith('…');
  return isCut ? `${text.slice(0, -HALF_CHARS)}…` : text;
}
