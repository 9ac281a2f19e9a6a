import { aBudget, aLimit, anAnthropicTarget, aPrincipal, aTarget } from '@app/testkit';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Limit } from '../src/index.ts';
import { chat, messages, openTestJourney } from './open-test-journey.ts';
import { anthropicReply, anthropicStream, openAiReply, openAiStream } from './provider-texts.ts';
import { type WatchedLimits, watchLimits } from './watch-limits.ts';

/** Something that happens while calls are under way. `call` says to which of them. */
type Happening = {
  kind: 'call' | 'head' | 'refusal' | 'bytes' | 'end' | 'fail' | 'cancel' | 'time' | 'counts';
  call: number;
  size: number;
};

const happening: fc.Arbitrary<Happening> = fc.record({
  kind: fc.constantFrom(
    ...([
      'call',
      'call',
      'head',
      'head',
      'head',
      'bytes',
      'bytes',
      'bytes',
      'bytes',
      'counts',
      'counts',
    ] as const),
    ...(['refusal', 'end', 'fail', 'cancel', 'time'] as const),
  ),
  call: fc.nat({ max: 5 }),
  size: fc.integer({ min: 1, max: 1_500 }),
});

type Case = { isLate: boolean; isTight: boolean; isStream: boolean; happenings: Happening[] };

const anyCase: fc.Arbitrary<Case> = fc.record({
  isLate: fc.boolean(),
  isTight: fc.boolean(),
  isStream: fc.boolean(),
  happenings: fc.array(happening, { minLength: 10, maxLength: 80 }),
});

const model = { kind: 'model', id: '*' } as const;

/** One of each kind of count. Days are not left by the waits of a case. */
function limitsOf(isTight: boolean): Limit[] {
  const tight = isTight ? 1 : 1_000;
  return [
    aLimit({ id: 'lim_requests', period: 'day', max: 6 * tight }),
    aLimit({ id: 'lim_places', measure: 'concurrency', period: undefined, max: 3 * tight }),
    aLimit({ id: 'lim_model', scope: model, period: 'day', max: 5 * tight }),
    aLimit({
      id: 'lim_model_places',
      scope: model,
      measure: 'concurrency',
      period: undefined,
      max: 2 * tight,
    }),
    aLimit({ id: 'lim_input', measure: 'input_tokens', period: 'day', max: 200 * tight }),
    aLimit({ id: 'lim_output', measure: 'output_tokens', period: 'day', max: 1_400 * tight }),
    aLimit({ id: 'lim_tokens', measure: 'tokens', period: 'minute', max: 3_000 * tight }),
    aBudget({ id: 'bud_day', period: 'day', max: 6_000_000 * tight }),
    aBudget({ id: 'bud_watched', max: 1, enforcement: 'shadow' }),
  ];
}

test('whatever happens to calls, what they reserved is settled once, on what their records say, and nothing stays held', () => {
  const seen = { ok: 0, failed: 0, cancelled: 0, refused: 0, lowered: 0, fellBack: 0 };
  fc.assert(
    fc.property(anyCase, (given) => {
      const limits = limitsOf(given.isTight);
      const { journey, watched } = play(given, limits);
      expect(watched.breaches).toEqual([]);
      expect(journey.defects).toEqual([]);
      expect(watched.open()).toBe(0);
      expect(journey.pending()).toBe(0);
      for (const limit of limits) {
        const { used, reserved } = journey.limits.read(limit, '');
        if (limit.measure === 'concurrency')
          expect({ id: limit.id, used }).toEqual({ id: limit.id, used: 0 });
        else expect(reserved ?? 0).toBe(0);
      }
      const attempts = journey.records.flatMap((record) => record.attempts);
      const nanos = attempts.reduce((sum, { cost }) => sum + cost.nanos, 0);
      expect(watched.settled.get('bud_day') ?? 0).toBe(nanos);
      expect(journey.limits.read(limits[7] ?? aBudget(), '').used).toBe(nanos);
      expect(watched.settled.get('lim_model') ?? 0).toBe(journey.provider.exchanges.length);
      for (const { outcome } of attempts) seen[outcome] += 1;
      for (const { limits: did, attempts: tries } of journey.records) {
        if (did?.refusedBy !== undefined) seen.refused += 1;
        if (did?.outputTokensMax !== undefined) seen.lowered += 1;
        if (tries.length > 1) seen.fellBack += 1;
      }
    }),
    { numRuns: 400, seed: 20_260_131 },
  );
  // A law over cases that never occur proves nothing.
  for (const [what, count] of Object.entries(seen))
    expect({ what, isSeen: count > 20 }).toEqual({ what, isSeen: true });
});

function play({ isLate, isStream, happenings }: Case, limits: Limit[]) {
  let watched: WatchedLimits | undefined;
  const journey = openTestJourney({
    snapshot: { models: { 'model-1': [aTarget(), anAnthropicTarget()] } },
    findLimits: (_, { target }) =>
      limits
        .filter(({ scope }) => scope.kind !== 'model' || target !== undefined)
        .map((limit) => ({ limit, subject: '' })),
    wrapLimits: (store) => {
      watched = watchLimits(store, isLate);
      return watched;
    },
  });
  if (watched === undefined) throw new Error('Nobody counts.');
  const store = watched;
  const principal = aPrincipal();
  const callers: ReturnType<typeof journey.call>[] = [];
  const given = new Map<number, number>();
  for (const { kind, call, size } of happenings) {
    const { exchanges } = journey.provider;
    const number = call % Math.max(1, exchanges.length);
    const exchange = exchanges[number];
    if (kind === 'counts') store.answer();
    else if (kind === 'time') journey.advance(size * 60);
    else if (kind === 'cancel') callers[call]?.running.cancel();
    else if (kind === 'call') {
      const body = { stream: isStream, max_tokens: 800 };
      callers.push(journey.call({ ...(size % 2 === 0 ? chat(body) : messages(body)), principal }));
    } else if (exchange !== undefined) tell(exchange, { kind, size, isStream, given, call: number });
  }
  store.answer();
  journey.advance(700_000);
  // Whoever waits for counts that never answer leaves in the end, and what comes then is given back.
  for (const caller of callers) if (caller.ending() === undefined) caller.running.cancel();
  for (let round = 0; round < 6; round += 1) store.answer();
  return { journey, watched: store };
}

type Telling = Pick<Happening, 'kind' | 'size' | 'call'> & { isStream: boolean; given: Map<number, number> };

function tell(
  exchange: ReturnType<typeof openTestJourney>['provider']['exchanges'][number],
  { kind, size, call, isStream, given }: Telling,
): void {
  const isAnthropic = exchange.request.provider.dialect === 'anthropic-messages';
  const at = given.get(call);
  if (kind === 'end') exchange.end();
  else if (kind === 'fail') exchange.fail();
  else if (kind === 'head' && at === undefined) {
    given.set(call, 0);
    exchange.head(200, { 'content-type': isStream ? 'text/event-stream' : 'application/json' });
  } else if (kind === 'refusal' && at === undefined) exchange.head(size % 2 === 0 ? 503 : 400, {});
  else if (kind === 'bytes' && at !== undefined) {
    const frames = isAnthropic ? anthropicStream('Hello', ' there') : openAiStream('Hello', ' there');
    const whole = JSON.stringify(isAnthropic ? anthropicReply() : openAiReply());
    const bytes = Buffer.from(isStream ? frames.join('') : whole);
    given.set(call, at + size);
    exchange.chunk(bytes.subarray(at, at + size));
    if (at + size >= bytes.length) exchange.end();
  }
}
