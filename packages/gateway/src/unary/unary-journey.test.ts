import { dialects, GatewayError } from '@app/protocol';
import {
  answers,
  aPrincipal,
  aTarget,
  createFakeCaller,
  createFakeClock,
  createFakeSend,
  createMemorySnapshot,
  type FakeAnswer,
  refuses,
} from '@app/testkit';
import { describe, expect, test } from 'vitest';
import { createMemoryLimits } from '../limits/memory/create-memory-limits.ts';
import type { CallRecord, Principal } from '../ports.ts';
import { createUnaryJourney } from './unary-journey.ts';
import type { ProviderOrder, UnaryOperation } from './unary-operation.ts';

const order = (changes: Partial<ProviderOrder> = {}): ProviderOrder => ({
  kind: 'provider',
  ability: 'images',
  model: 'model-1',
  write: ({ provider }) => ({ provider, path: '/images', headers: {}, body: '{}', losses: [] }),
  answer: { kind: 'pass', readUsage: () => ({ usage: { outputImage: 3 } }) },
  ...changes,
});

type World = { answers?: FakeAnswer[]; read?: UnaryOperation['read']; principal?: Partial<Principal> };

function open({ answers: script = [], read = () => order(), principal = {} }: World = {}) {
  const time = createFakeClock();
  const provider = createFakeSend(...script);
  const records: CallRecord[] = [];
  const caller = createFakeCaller();
  const defects: unknown[] = [];
  const targets = [aTarget(), aTarget({ model: 'model-2' })];
  let spans = 0;
  const journey = createUnaryJourney({
    ...time,
    snapshot: {
      ...createMemorySnapshot({}),
      findOperationTargets: () => ({ targets, isKnown: true }),
    },
    limitStore: createMemoryLimits(time),
    send: provider.send,
    record: (record) => {
      records.push(record);
      caller.log.push('record');
    },
    newTraceId: () => 'a'.repeat(32),
    newSpanId: () => String(++spans).padStart(16, '0'),
    onDefect: (error) => defects.push(error),
    settings: { wholeFirstByteMs: 1_000, idleMs: 500, totalMs: 5_000, replyBytesMax: 100 },
  });
  const operation: UnaryOperation = {
    method: 'POST',
    route: '/v1/x',
    dialect: 'openai-chat',
    body: 'json',
    read,
  };
  const asked = {
    operation,
    dialect: dialects['openai-chat'],
    route: '/v1/x',
    principal: aPrincipal(principal),
    requestId: 'req_1',
    receivedAt: { epochMs: time.clock.nowMs(), monotonicMs: time.clock.monotonicMs() },
    bodyText: '{"model":"model-1"}',
  };
  const input = {
    json: {},
    form: { parts: [] },
    params: {},
    query: {},
    providerId: undefined,
    dialectHeaders: {},
    principal: asked.principal,
  };
  const start = () => journey.start({ ...asked, input: { ok: true, value: input } }, caller.caller);
  return { ...time, ...caller, provider, records, defects, start };
}

/** Lets promises that are settled run on. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('what is one request and one answer', () => {
  test('is passed on, and its record is safe before the last byte leaves', async () => {
    const world = open();
    world.start();
    await settled();
    const exchange = world.provider.last();
    exchange.head(200, { 'content-type': 'application/json' });
    exchange.chunk('{"a":');
    exchange.chunk('1}');
    exchange.end();
    expect(world.log).toEqual(['head 200', 'write', 'record', 'write', 'end']);
    expect(world.text()).toBe('{"a":1}');
    expect(world.records).toMatchObject([{ status: 200, provider: 'openai', model: 'model-1' }]);
  });

  test('goes to another target until its first byte came, and to none after that', async () => {
    const world = open({ answers: [refuses(), answers(503, {})] });
    world.start();
    await settled();
    expect(world.status()).toBe(503);
    expect(world.records[0]?.attempts.map(({ outcome }) => outcome)).toEqual(['failed', 'failed']);

    const begun = open();
    begun.start();
    await settled();
    begun.provider.last().head(200, { 'content-type': 'audio/mpeg' });
    begun.provider.last().chunk('x');
    begun.provider.last().fail();
    expect(begun.provider.exchanges).toHaveLength(1);
    expect(begun.ending()).toBe('abort');
    expect(begun.records).toMatchObject([
      { status: 200, errorCode: 'provider_failed', cost: { label: 'unknown' } },
    ]);
  });

  test('waits for its provider no longer than it may, and not for a caller that does not read', async () => {
    const world = open();
    world.start();
    await settled();
    world.advance(1_001);
    world.advance(100);
    expect(world.provider.exchanges).toHaveLength(2);
    const second = world.provider.last();
    second.head(200, { 'content-type': 'audio/mpeg' });
    world.fill();
    for (const piece of ['a', 'b']) second.chunk(piece);
    expect(second.isPaused()).toBe(true);
    world.advance(2_000);
    expect(second.isOver()).toBe(false);
    world.drain();
    expect(second.isPaused()).toBe(false);
    second.end();
    expect(world.text()).toBe('ab');
  });

  test.each<[string, FakeAnswer]>([
    ['is too long', answers(200, 'x'.repeat(101))],
    ['is a page', answers(200, '<html>', { 'content-type': 'text/html' })],
    ['is a redirect', answers(302, '', { location: 'http://169.254.169.254/' })],
    ['never has a head', (exchange) => exchange.end()],
  ])('is the provider’s fault when the answer %s', async (_, answer) => {
    const read = () => order({ answer: { kind: 'read', read: (came) => ({ body: { it: came.parse() } }) } });
    const world = open({ answers: [answer, answer], read });
    world.start();
    await settled();
    expect(world.status()).toBe(502);
    expect(world.records).toMatchObject([{ errorCode: 'provider_bad_response' }]);
    expect(world.provider.exchanges.every((exchange) => exchange.isOver())).toBe(true);
  });

  test('is settled once when the caller leaves, whatever still comes', async () => {
    const early = open();
    early.start().cancel();
    await settled();
    expect(early.provider.exchanges).toHaveLength(0);
    expect(early.records).toMatchObject([{ status: 499 }]);

    const late = open();
    const running = late.start();
    await settled();
    late.provider.last().head(200);
    running.cancel();
    running.cancel();
    expect(late.provider.last().isCancelled()).toBe(true);
    expect(late.records).toMatchObject([{ status: 499, attempts: [{ outcome: 'cancelled' }] }]);
  });

  test('that fails in a way nobody foresaw is answered, recorded and told', async () => {
    const world = open({
      read: () => {
        throw new Error('a bug');
      },
    });
    world.start();
    await settled();
    expect(world.status()).toBe(500);
    expect(world.text()).not.toContain('a bug');
    expect(world.defects).toHaveLength(1);
    expect(world.records).toMatchObject([{ errorCode: 'internal_error' }]);
  });

  test('is answered by ourselves where no provider did and we can', async () => {
    const fallback = async () => ({ body: { ours: true }, headers: { 'x-own': '1' } });
    const world = open({ answers: [refuses(), refuses()], read: () => order({ fallback }) });
    world.start();
    await settled();
    expect([world.status(), world.json(), world.headers()['x-own']]).toEqual([200, { ours: true }, '1']);
    const failing = async () => Promise.reject(new GatewayError('overloaded', 'Too many.'));
    const full = open({ answers: [refuses(), refuses()], read: () => order({ fallback: failing }) });
    full.start();
    await settled();
    expect(full.status()).toBe(503);
  });

  test('keeps what it asked and got only where its project does', async () => {
    const quiet = open({ answers: [answers(200, { a: 1 })], principal: { capture: 'metadata' } });
    quiet.start();
    await settled();
    expect(quiet.records).toMatchObject([{ request: undefined, reply: undefined }]);
    const full = open({ answers: [answers(200, { a: 1 })] });
    full.start();
    await settled();
    expect(full.records).toMatchObject([
      { request: '{"model":"model-1"}', reply: { parts: [{ kind: 'text', text: '{"a":1}' }] } },
    ]);
    expect(full.records[0]).not.toHaveProperty('mustRedact');
    const redacted = open({ answers: [answers(200, { a: 1 })], principal: { capture: 'redacted' } });
    redacted.start();
    await settled();
    expect(redacted.records).toMatchObject([{ mustRedact: true, request: '{"model":"model-1"}' }]);
  });
});
