import { afterAll, describe, expect, test } from 'vitest';
import {
  type AssistantPart,
  type CallerDialectId,
  collect,
  type DialectId,
  dialects,
  explode,
  type Frame,
  providerDialects,
  type Reply,
} from '../src/index.ts';
import { changedReason, type Report, reportText } from './conformance-report.ts';
import {
  essence,
  essenceThrough,
  eventsOf,
  framesOf,
  grammarBreach,
  throughStream,
  throughWhole,
  written,
} from './laws.ts';
import { isSchemaPresent, openSchemaCheck, schemaOf } from './openai-schema.ts';
import { DATA, isDataPresent, listSharedRecordings, type SharedRecording } from './shared-recordings.ts';

test.skipIf(isDataPresent)('recordings are absent, so nothing was checked', () => {
  process.stdout.write(`conformance: no recordings under ${DATA}; skipped. Set EVAL_DATA to name them.\n`);
});

type Of<Kind> = SharedRecording & { kind: Kind };

const recordings = listSharedRecordings();
const of = <Kind extends SharedRecording['kind']>(kind: Kind): [string, Of<Kind>][] =>
  recordings.filter((one): one is Of<Kind> => one.kind === kind).map((one) => [one.title, one]);
const report: Report = new Map();

const note = ({ provider, title }: SharedRecording, what: string, why = ''): void => {
  const notes = report.get(provider) ?? [];
  report.set(provider, [...notes, { title, what, why }]);
};

describe.skipIf(!isDataPresent)('a recorded stream', () => {
  test.each(of('stream'))('%s', (_, stream) => {
    const { outbound } = providerDialects[stream.dialect];
    const events = eventsOf({ outbound }, stream.frames);
    expect(grammarBreach(events)).toBeUndefined();
    for (const size of stream.bytes === undefined ? [] : [1, 7, 64, 1_000]) {
      expect(eventsOf({ outbound }, framesOf(stream.bytes ?? Buffer.of(), [size]))).toEqual(events);
    }
    if (stream.isCut) {
      expect(events.at(-1)?.type).toBe('error');
      note(stream, 'cut', 'broken on purpose: it ends in an error, as it must');
      return;
    }
    holdsLaws(collect(events), stream);
  });
});

describe.skipIf(!isDataPresent)('a recorded whole reply', () => {
  test.each(of('whole'))('%s', (_, whole) => {
    const reply = collect(providerDialects[whole.dialect].outbound.readReply(whole.body));
    expect(reply.parts.length + (reply.stop === 'refusal' ? 1 : 0)).toBeGreaterThan(0);
    holdsLaws(reply, whole);
  });
});

describe.skipIf(!isDataPresent)('a recorded refusal', () => {
  test.each(of('error'))('%s is an error that says what the provider said', (_, { dialect, ...refusal }) => {
    const error = providerDialects[dialect].outbound.readError(429, refusal.body);
    expect(error.message).not.toBe('');
    expect(error.detail.cause).toEqual(refusal.body);
    note({ ...refusal, dialect }, 'error', "a provider's refusal, read as an error");
  });
});

test.skipIf(!isDataPresent).each(of('foreign'))('%s is none of our dialects, and that is known', (_, one) => {
  expect(one.why).not.toMatch(/no known shape|no event|not a JSON/);
  note(one, 'foreign', one.why);
});

function holdsLaws(reply: Reply, recording: Of<'stream'> | Of<'whole'>): void {
  note(recording, 'read');
  expect(collect(explode(reply))).toEqual(reply);
  const callers = Object.keys(dialects) as CallerDialectId[];
  for (const first of callers) {
    for (const second of callers) {
      const stream = throughStream(dialects[second], throughStream(dialects[first], reply));
      expect(essence(stream), `${first}, ${second}, streamed`).toEqual(
        essenceThrough(reply, [first, second]),
      );
      const whole = throughWhole(dialects[second], throughWhole(dialects[first], reply));
      expect(essence(whole), `${first}, ${second}, whole`).toEqual(essenceThrough(reply, [first, second]));
    }
  }
  note(recording, 'crossed');
  if (isSchemaPresent) {
    expect(schemaBreach(withoutForeign(reply))).toBeUndefined();
    const breach = schemaBreach(reply);
    if (breach !== undefined)
      note(recording, 'off schema', `holds a block as its provider sent it: ${breach}`);
  }
  if (!isCaller(recording.dialect)) {
    note(recording, 'one way', 'nobody speaks this dialect to us, so there is nothing to return');
    return;
  }
  const own = dialects[recording.dialect];
  const why = changedReason(reply, { whole: throughWhole(own, reply), stream: throughStream(own, reply) });
  if (why === undefined) note(recording, 'unchanged');
  else note(recording, 'changed', why);
  expect(why ?? '').not.toMatch(/^not justified/);
}

const check = isSchemaPresent ? openSchemaCheck() : () => undefined;

/** A reply without what goes on as its provider sent it. */
function withoutForeign(reply: Reply): Reply {
  const parts = reply.parts.flatMap((part): AssistantPart[] => {
    if (part.kind === 'opaque') return [];
    if (part.kind !== 'text' || part.citations === undefined) return [part];
    return [{ ...part, citations: part.citations.filter(({ wire }) => !wire.dialect.startsWith('openai')) }];
  });
  return { ...reply, parts };
}

/** Where what an OpenAI client gets of a reply is not what OpenAI's schema says. */
function schemaBreach(reply: Reply): string | undefined {
  const whole = (id: CallerDialectId) => dialects[id].inbound.writeReply(reply, { createdS: 1 });
  const checks: [string, unknown][] = [
    ['CreateChatCompletionResponse', whole('openai-chat')],
    ['CreateCompletionResponse', whole('openai-completions')],
    ['Response', whole('openai-responses')],
    ...chunksOf('openai-chat', reply).map(
      ({ data }) => ['CreateChatCompletionStreamResponse', data] as [string, string],
    ),
    ...chunksOf('openai-completions', reply).map(
      ({ data }) => ['CreateCompletionResponse', ended(data)] as [string, string],
    ),
    ...chunksOf('openai-responses', reply).map(
      ({ event = '', data }) => [schemaOf(event), data] as [string, string],
    ),
  ];
  for (const [name, value] of checks) {
    const breach = check(name, typeof value === 'string' ? JSON.parse(value) : value);
    if (breach !== undefined) return `${name}: ${breach.split(',', 1)}`;
  }
  return undefined;
}

/** The schema of a completion is meant for its chunks too, and forgets that only the last of them has a reason. */
function ended(data: string): string {
  return data.replace('"finish_reason":null', '"finish_reason":"stop"');
}

function chunksOf(id: CallerDialectId, reply: Reply): Frame[] {
  const bytes = Buffer.from(written(dialects[id], explode(reply)));
  return framesOf(bytes, [100_000]).filter(({ data }) => data !== '[DONE]');
}

function isCaller(dialect: DialectId): dialect is CallerDialectId {
  return dialect in dialects;
}

afterAll(() => {
  if (isDataPresent) process.stdout.write(reportText(report));
});
