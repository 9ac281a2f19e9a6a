import { validateHeaderName, validateHeaderValue } from 'node:http';
import {
  type CallerDialectId,
  type Dialect,
  dialects,
  type Frame,
  isObject,
  type Json,
  openSseReader,
  parseJson,
} from '@app/protocol';
import type { FakeCaller } from '@app/testkit';
import type { CallRecord } from '../../src/index.ts';
import type { Party } from './open-world.ts';

/** How a call ended, as its caller saw it. */
export type Outcome = 'answered' | 'streamed' | 'refused' | 'broken off' | 'left' | 'nothing';

type Ended = {
  party: Party;
  caller: FakeCaller;
  /** The caller closed the connection before the end. */
  hasLeft: boolean;
  records: readonly CallRecord[];
  /** Texts of other calls. */
  others: readonly string[];
};

/** What one call left behind, and what of it must not be; empty when all is well. */
export function judgeCall(ended: Ended): { outcome: Outcome; breaches: string[] } {
  const { caller, hasLeft, records, others } = ended;
  const breaches: string[] = [];
  const text = caller.text();
  const [record] = records;
  if (record === undefined || records.length > 1) breaches.push(`there are ${records.length} records`);
  const told = text + JSON.stringify(caller.headers()) + JSON.stringify(records);
  for (const other of others)
    if (told.includes(other)) breaches.push('a text of another call is in this one');
  if (record !== undefined) breaches.push(...recordBreaches(record));
  const outcome = outcomeOf(ended);
  if (!hasLeft && caller.ending() === undefined) breaches.push('the call never ended');
  if (caller.status() !== undefined) breaches.push(...headBreaches(caller));
  if (outcome === 'refused') breaches.push(...refusalBreaches(ended, record));
  if (outcome === 'streamed' || outcome === 'broken off') breaches.push(...streamBreaches(ended, record));
  if (outcome === 'answered') breaches.push(...answerBreaches(ended, record));
  return { outcome, breaches };
}

function outcomeOf({ caller, hasLeft, party }: Ended): Outcome {
  if (hasLeft) return 'left';
  if (caller.ending() === 'abort') return 'broken off';
  if (caller.ending() === undefined) return 'nothing';
  if (caller.status() !== 200) return 'refused';
  return party.given.asks === 'stream' ? 'streamed' : 'answered';
}

function recordBreaches({ usage, cost, attempts, status, ttftMs }: CallRecord): string[] {
  const figures = [
    ['cost', cost.nanos],
    ['status', status],
    ['time to the first part', ttftMs ?? 0],
    ...Object.entries(usage),
    ...attempts.flatMap((attempt) => [
      ['cost of an attempt', attempt.cost.nanos] as const,
      ...Object.entries(attempt.usage),
    ]),
  ] as const;
  return figures.flatMap(([name, value]) =>
    Number.isSafeInteger(value) && value >= 0 ? [] : [`the record's ${name} is ${value}`],
  );
}

function headBreaches(caller: FakeCaller): string[] {
  const breaches: string[] = [];
  const status = caller.status() ?? 0;
  if (!Number.isInteger(status) || status < 200 || status > 599) breaches.push(`the status is ${status}`);
  for (const [name, value] of Object.entries(caller.headers())) {
    try {
      validateHeaderName(name);
      validateHeaderValue(name, value);
    } catch {
      breaches.push(`the header ${name} is ${JSON.stringify(value).slice(0, 80)}`);
    }
  }
  const length = caller.headers()['content-length'];
  if (length !== undefined && Number(length) !== caller.bytes().length && caller.ending() === 'end')
    breaches.push(`${length} bytes are announced, ${caller.bytes().length} came`);
  return breaches;
}

function dialectOf({ party }: Ended): Dialect {
  const { caller, unary } = party.given;
  if (unary === undefined) return dialects[caller];
  if (unary.route.startsWith('/v1beta')) return dialects.gemini;
  return dialects[unary.route.startsWith('/v1/messages') ? 'anthropic-messages' : 'openai-chat'];
}

function refusalBreaches(ended: Ended, record: CallRecord | undefined): string[] {
  const { caller } = ended;
  const breaches: string[] = [];
  const { id } = dialectOf(ended);
  const status = caller.status() ?? 0;
  if (status < 400) breaches.push(`a refusal has the status ${status}`);
  if (record?.status !== status) breaches.push(`the caller saw ${status}, the record says ${record?.status}`);
  if (record?.errorCode === undefined) breaches.push('a refusal was recorded without its error');
  if (record?.errorCode === 'internal_error')
    breaches.push(`the call ended in a bug of ours: ${caller.text()}`);
  if (!isRefusal(id, parseJson(caller.text())))
    breaches.push(`no error of ${id}: ${caller.text().slice(0, 100)}`);
  return breaches;
}

function isRefusal(dialect: CallerDialectId, body: Json | undefined): boolean {
  const error = isObject(body) ? body.error : undefined;
  if (!isObject(body) || !isObject(error) || typeof error.message !== 'string' || error.message === '')
    return false;
  if (dialect === 'anthropic-messages') return body.type === 'error' && typeof error.type === 'string';
  if (dialect === 'gemini') return Number.isInteger(error.code) && typeof error.status === 'string';
  return typeof error.type === 'string' && typeof error.code === 'string';
}

function framesOf(text: string): Frame[] {
  const reader = openSseReader();
  return [...reader.read(Buffer.from(text)), ...reader.end()];
}

/** Whether a client would take the reply for complete at this frame. */
function isClosing({ id, inbound }: Dialect, frame: Frame): boolean {
  if (inbound.closing?.is(frame) === true) return true;
  if (id !== 'openai-responses') return false;
  const body = parseJson(frame.data);
  return isObject(body) && (body.type === 'response.completed' || body.type === 'response.incomplete');
}

function streamBreaches(ended: Ended, record: CallRecord | undefined): string[] {
  const { caller, party } = ended;
  if (party.given.asks !== 'stream') return [];
  const dialect = dialectOf(ended);
  const frames = framesOf(caller.text());
  const isBroken = caller.ending() === 'abort';
  const breaches: string[] = [];
  if (record?.errorCode === 'internal_error') breaches.push('the stream ended in a bug of ours');
  if (isBroken !== (record?.errorCode !== undefined)) breaches.push(`the record says ${record?.errorCode}`);
  if (isBroken && frames.some((frame) => isClosing(dialect, frame)))
    breaches.push('a stream that failed ends like one that succeeded');
  const reader = dialect.outbound.openReader();
  const events = [...frames.flatMap((frame) => reader.read(frame)), ...reader.end()];
  const last = events.at(-1)?.type;
  if ((last === 'error') !== isBroken)
    breaches.push(`the caller reads ${last} at the end of what ${caller.ending()}s`);
  return breaches;
}

function answerBreaches(ended: Ended, record: CallRecord | undefined): string[] {
  const { caller, party } = ended;
  const breaches: string[] = [];
  if (record?.errorCode !== undefined) breaches.push(`an answer is recorded as ${record.errorCode}`);
  const isRead = party.given.unary === undefined || /embed|count/i.test(party.given.unary.route);
  if (!isRead) return breaches;
  const body = parseJson(caller.text());
  if (body === undefined) breaches.push(`an answer that is no JSON: ${caller.text().slice(0, 80)}`);
  else if (party.given.unary === undefined) {
    const { outbound } = dialectOf(ended);
    try {
      const last = outbound.readReply(body).at(-1)?.type;
      if (last !== 'reply-end') breaches.push(`the caller reads ${last} at the end of an answer`);
    } catch (error) {
      breaches.push(`the caller cannot read the answer: ${error instanceof Error ? error.message : ''}`);
    }
  }
  return breaches;
}
