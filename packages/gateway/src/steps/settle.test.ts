import { anAnthropicTarget, aPrincipal, aTarget } from '@app/testkit';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chat, messages, openTestJourney, type TestJourney } from '../../test/open-test-journey.ts';
import { anthropicStream, dataOf, openAiReply, openAiStream } from '../../test/provider-texts.ts';

/** Something that can happen to a call, from either side or from the clock. */
type Happening =
  | { kind: 'bytes'; count: number }
  | { kind: 'garbage' | 'end' | 'fail' | 'cancel' | 'fill' | 'drain' }
  | { kind: 'head'; status: number; contentType: string }
  | { kind: 'time'; ms: number };

type Case = { stream: boolean; isCrossing: boolean; isAnthropic: boolean; happenings: Happening[] };

const happening: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({ kind: fc.constant('bytes' as const), count: fc.integer({ min: 1, max: 700 }) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('head' as const),
      status: fc.constantFrom(200, 200, 200, 200, 400, 429, 500, 302),
      contentType: fc.constantFrom('text/event-stream', 'application/json', 'text/html', ''),
    }),
  },
  { weight: 2, arbitrary: fc.constantFrom({ kind: 'fill' as const }, { kind: 'drain' as const }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('time' as const),
      ms: fc.constantFrom(1, 15_000, 60_000, 200_000),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      { kind: 'end' as const },
      { kind: 'fail' as const },
      { kind: 'garbage' as const },
      { kind: 'cancel' as const },
    ),
  },
);

/** Half of all cases start well, so that streams get far enough to fail late. */
const BEGINNING: Happening = { kind: 'head', status: 200, contentType: 'text/event-stream' };

const anyCase: fc.Arbitrary<Case> = fc.record({
  stream: fc.boolean(),
  isCrossing: fc.boolean(),
  isAnthropic: fc.boolean(),
  happenings: fc
    .tuple(fc.boolean(), fc.array(happening, { maxLength: 25 }))
    .map(([isBegun, happenings]) => (isBegun ? [BEGINNING, ...happenings] : happenings)),
});

test('whatever happens, a call is settled once, before its last byte, and leaves nothing behind', () => {
  const seen = { end: 0, abort: 0, left: 0, fellBack: 0 };
  fc.assert(
    fc.property(anyCase, (given) => {
      const { journey, caller } = play(given);
      const record = journey.record();
      expect(journey.defects).toEqual([]);
      expect(journey.pending()).toBe(0);
      for (const exchange of journey.provider.exchanges) expect(exchange.isOver()).toBe(true);
      checkEnding(given, caller, record);
      if (record.attempts.length > 1) seen.fellBack += 1;
      seen[caller.ending() ?? 'left'] += 1;
      // The key's only place is free again.
      const sent = journey.provider.exchanges.length;
      journey.call({ ...chat(), principal: single });
      expect(journey.provider.exchanges).toHaveLength(sent + 1);
    }),
    { numRuns: 400, seed: 20_260_131 },
  );
  // A law over cases that never occur proves nothing.
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(10);
});

const single = aPrincipal({ concurrencyMax: 1 });

/** Plays a case, then lets time and the caller run out. */
function play({ stream, isCrossing, isAnthropic, happenings }: Case) {
  const target = isAnthropic ? anAnthropicTarget() : aTarget();
  const journey = openTestJourney({
    snapshot: { models: { 'model-1': [target, { ...target, model: 'model-2' }] } },
  });
  const asked = isAnthropic === isCrossing ? chat({ stream }) : messages({ stream });
  const caller = journey.call({ ...asked, principal: single });
  const text = isAnthropic ? anthropicStream('Grüße', ' 世界') : openAiStream('Grüße', ' 世界');
  const bytes = Buffer.from(stream ? text.join('') : JSON.stringify(openAiReply()));
  const sent = new Map<number, number>();
  for (const next of happenings) {
    if (next.kind === 'cancel') caller.running.cancel();
    else if (next.kind === 'fill') caller.fill();
    else if (next.kind === 'drain') caller.drain();
    else if (next.kind === 'time') journey.advance(next.ms);
    else answer(journey, next, { bytes, sent });
  }
  journey.advance(600_000);
  caller.drain();
  if (caller.ending() === undefined) caller.running.cancel();
  return { journey, caller };
}

/** The provider goes on where it was; bytes come from a good reply, so that good endings occur. */
function answer(
  journey: TestJourney,
  next: Exclude<Happening, { kind: 'cancel' | 'fill' | 'drain' | 'time' }>,
  { bytes, sent }: { bytes: Buffer; sent: Map<number, number> },
): void {
  const number = journey.provider.exchanges.length - 1;
  const provider = journey.provider.last();
  const at = sent.get(number);
  if (next.kind === 'head' && at === undefined) {
    sent.set(number, 0);
    provider.head(next.status, { 'content-type': next.contentType });
  } else if (next.kind === 'bytes' && at !== undefined) {
    sent.set(number, at + next.count);
    provider.chunk(bytes.subarray(at, at + next.count));
    if (at + next.count >= bytes.length) provider.end();
  } else if (next.kind === 'garbage' && at !== undefined) provider.chunk('data: }{\n\n');
  else if (next.kind === 'end') provider.end();
  else if (next.kind === 'fail') provider.fail();
}

function checkEnding(
  given: Case,
  caller: ReturnType<typeof play>['caller'],
  record: ReturnType<TestJourney['record']>,
): void {
  const { log } = caller;
  const recordAt = log.indexOf('record');
  expect(log.filter((entry) => entry === 'record')).toHaveLength(1);
  const isStream = given.stream && caller.status() === 200;
  // What the caller saw the beginning of had no successor.
  if (isStream) expect(caller.headers()['x-tokenrouter-attempts']).toBe(String(record.attempts.length));
  const closing = /(\[DONE\]|"message_stop"\})\n\n$/;
  if (caller.ending() === 'end') {
    expect(recordAt).toBeLessThan(log.lastIndexOf('write'));
    expect(record.status).toBe(caller.status());
    if (isStream) expect(caller.text()).toMatch(closing);
    if (caller.status() === 200) expect(record.errorCode).toBeUndefined();
  } else if (caller.ending() === 'abort') {
    expect(recordAt).toBeLessThan(log.lastIndexOf('write'));
    expect(caller.text()).not.toMatch(closing);
    expect(JSON.parse(dataOf(caller.text()).at(-1) ?? '').error.type).toBeTypeOf('string');
    expect(record.errorCode).toBeDefined();
  } else if (record.errorCode === undefined) {
    // Complete when the caller left, with bytes still waiting for a socket that never drained.
    expect(record.status).toBe(200);
  }
}
