import { setImmediate } from 'node:timers/promises';
import { IngestBatch } from '@app/contract';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { answerStatus, type IngestServer, openIngestServer } from '../test/open-ingest-server.ts';
import { KEY, openTestTracer } from '../test/open-test-tracer.ts';

let server: IngestServer;
beforeEach(async () => {
  server = await openIngestServer();
});
afterEach(() => server.close());

test('a trace with a span and a generation arrives as one tree in the form of the wire contract', async () => {
  const { tracer, clock } = openTestTracer({
    endpoint: server.endpoint,
    environment: 'staging',
    release: 'v7',
    service: 'shop',
  });
  const answer = await tracer.trace('question', async () => {
    tracer.tag({ userId: 'user-1', sessionId: 'session-1', tags: ['beta'], metadata: { plan: 'free' } });
    return tracer.span(
      'look up',
      async () => {
        const call = tracer.generation({
          name: 'answer',
          provider: 'openai',
          modelAsked: 'gpt-5',
          dialect: 'openai-chat',
          input: { messages: [{ role: 'user', content: 'Hello' }] },
        });
        clock.advance(120);
        call.firstToken();
        clock.advance(80);
        call.end({
          model: 'gpt-5-2026',
          usage: { inputFresh: 9, outputText: 3 },
          finishReason: 'stop',
          output: { ok: true },
        });
        return 42;
      },
      { type: 'retriever' },
    );
  });
  tracer.score({ name: 'helpful', value: true, sessionId: 'session-1' });
  expect(await tracer.flush()).toBe(true);

  expect(answer).toBe(42);
  const [arrival] = server.arrivals;
  expect(arrival).toMatchObject({ method: 'POST', url: '/v1/ingest' });
  expect(arrival?.headers.authorization).toBe(`Bearer ${KEY}`);
  const { spans, scores, ...head } = IngestBatch.parse(arrival?.batch);
  expect(head).toEqual({
    sdk: { name: 'tokentrace', version: '2.0.0' },
    environment: 'staging',
    release: 'v7',
    service: 'shop',
  });
  const [generation, lookUp, root] = spans;
  expect(root).toMatchObject({ name: 'question', type: 'span', outcome: 'ok', user_id: 'user-1' });
  expect(root).not.toHaveProperty('parent_span_id');
  expect(lookUp).toMatchObject({
    parent_span_id: root?.span_id,
    trace_id: root?.trace_id,
    type: 'retriever',
  });
  expect(generation).toMatchObject({
    trace_id: root?.trace_id,
    parent_span_id: lookUp?.span_id,
    type: 'generation',
    name: 'answer',
    provider: 'openai',
    model_asked: 'gpt-5',
    model: 'gpt-5-2026',
    ttft_ms: 120,
    usage: { input_fresh: 9, output_text: 3 },
    finish_reason: 'stop',
    dialect: 'openai-chat',
    input: { messages: [{ role: 'user', content: 'Hello' }] },
    output: { ok: true },
    user_id: 'user-1',
    session_id: 'session-1',
    tags: ['beta'],
    metadata: { plan: 'free' },
  });
  expect((generation?.end_ms ?? 0) - (generation?.start_ms ?? 0)).toBe(200);
  expect(scores).toMatchObject([{ name: 'helpful', value: true, session_id: 'session-1' }]);
  expect(tracer.stats()).toMatchObject({ recorded: 4, accepted: 4, dropped: {}, queued: 0, queuedBytes: 0 });
});

test('requests that run at the same time never see each other in their tags', async () => {
  const { tracer } = openTestTracer({ endpoint: server.endpoint });
  const request = async (user: string): Promise<void> => {
    await setImmediate();
    tracer.tag({ userId: user, tags: [user] });
    await setImmediate();
    tracer.generation({ name: `call of ${user}` }).end();
  };
  await Promise.all(
    Array.from({ length: 20 }, (_, at) => tracer.trace('request', () => request(`user-${at}`))),
  );
  await Promise.all(Array.from({ length: 20 }, (_, at) => request(`bare-${at}`)));
  await tracer.flush();
  const calls = server.spans().filter(({ type }) => type === 'generation');
  expect(calls).toHaveLength(40);
  for (const call of calls) {
    expect(call.name).toBe(`call of ${call.user_id}`);
    expect(call.tags).toEqual([call.user_id]);
  }
});

test('what an app throws is recorded and comes back as the very same error', async () => {
  const { tracer } = openTestTracer({ endpoint: server.endpoint });
  const error = Object.assign(new Error('rate limited'), { status: 429, code: 'rate_limit_exceeded' });
  const fail = (): never => {
    throw error;
  };
  expect(() => tracer.span('sync', fail)).toThrow(error);
  await expect(tracer.span('async', async () => fail())).rejects.toBe(error);
  const abort = new DOMException('This operation was aborted', 'AbortError');
  await expect(tracer.span('aborted', () => Promise.reject(abort))).rejects.toBe(abort);
  await tracer.flush();
  const failed = { code: 'rate_limit_exceeded', message: 'rate limited', status: 429 };
  expect(server.spans()).toMatchObject([
    { name: 'sync', outcome: 'failed', error: failed },
    { name: 'async', outcome: 'failed', error: failed },
    { name: 'aborted', outcome: 'cancelled' },
  ]);
});

test('a value that the app changes after it was recorded is sent as it was', async () => {
  const { tracer } = openTestTracer({ endpoint: server.endpoint });
  const messages = [{ role: 'user', content: 'first' }];
  const call = tracer.generation({ input: { messages } });
  messages.push({ role: 'assistant', content: 'second' });
  call.end();
  await tracer.flush();
  expect(server.spans()[0]?.input).toEqual({ messages: [{ role: 'user', content: 'first' }] });
});

test('a traceparent goes out with the current span and comes in as the parent', async () => {
  const { tracer } = openTestTracer({ endpoint: server.endpoint });
  let header: string | undefined;
  tracer.trace('caller', () => {
    header = tracer.currentTraceparent();
  });
  tracer.withTraceparent(header, () => tracer.trace('callee', () => {}));
  tracer.withTraceparent('not a header', () => tracer.trace('alone', () => {}));
  expect(tracer.currentTraceparent()).toBeUndefined();
  await tracer.flush();
  const [caller, callee, alone] = server.spans();
  expect(header).toBe(`00-${caller?.trace_id}-${caller?.span_id}-01`);
  expect(callee).toMatchObject({ trace_id: caller?.trace_id, parent_span_id: caller?.span_id });
  expect(alone?.parent_span_id).toBeUndefined();
});

test('sampling keeps whole traces, tells how many spans it left out, and marks the header', async () => {
  const { tracer } = openTestTracer({ endpoint: server.endpoint, sampleRate: 0.5 });
  for (let at = 0; at < 200; at += 1)
    tracer.trace('root', (span) => {
      tracer.span('child', () => {});
      expect(tracer.currentTraceparent()?.endsWith(span.recording ? '-01' : '-00')).toBe(true);
    });
  await tracer.flush();
  const perTrace = Map.groupBy(server.spans(), ({ trace_id }) => trace_id);
  for (const spans of perTrace.values()) expect(spans).toHaveLength(2);
  expect(perTrace.size).toBeGreaterThan(60);
  expect(perTrace.size).toBeLessThan(140);
  expect(server.arrivals[0]?.batch.dropped).toEqual({ sampled: 400 - perTrace.size * 2 });
});

test('without asynchronous context nothing is mixed up, and handles make the tree', async () => {
  const { tracer } = openTestTracer({ endpoint: server.endpoint }, { AsyncStore: undefined });
  tracer.trace('root', (root) => {
    root.update({ userId: 'user-9' });
    const child = root.open({ name: 'child', type: 'generation' });
    tracer.span('unrelated', () => {});
    child.end();
  });
  await tracer.flush();
  const [unrelated, child, root] = server.spans();
  expect(child).toMatchObject({ parent_span_id: root?.span_id, user_id: 'user-9' });
  expect(unrelated?.parent_span_id).toBeUndefined();
  expect(unrelated?.trace_id).not.toBe(root?.trace_id);
});

test('whatever an app hands over, nothing throws and what arrives keeps to the contract', async () => {
  const { tracer } = openTestTracer({ endpoint: server.endpoint });
  const loop: { self?: unknown } = {};
  loop.self = loop;
  const hostile = {
    get boom(): never {
      throw new Error('no');
    },
  };
  const odd = JSON.parse(
    '{"tags":"text","metadata":[1],"userId":7,"type":"nonsense","stream":"yes","__proto__":1}',
  );
  tracer.generation({ name: 'x'.repeat(5_000), input: loop, output: hostile }).end();
  tracer
    .generation({ ...odd, usage: { inputFresh: Number.NaN, outputText: -1 } })
    .fail(Object.create(null), odd);
  tracer
    .startSpan({ name: '', input: [1n, () => 1, Symbol('s'), new Date(0), new Uint8Array(5)] })
    .fail(undefined);
  tracer.score({ name: '', value: Number.NaN });
  tracer.score(JSON.parse('{}'));
  tracer.tag(JSON.parse('{"tags":7}'), () => tracer.generation({}).end());
  expect(await tracer.flush()).toBe(true);
  const batch = IngestBatch.parse(server.arrivals[0]?.batch);
  expect(batch.spans).toHaveLength(4);
  expect(batch.spans[0]?.name).toHaveLength(200);
  expect(batch.spans[1]).toMatchObject({ type: 'span', user_id: '7', outcome: 'failed' });
  expect(batch.spans[2]?.input).toEqual(['1', null, null, '1970-01-01T00:00:00.000Z', '[binary, 5 bytes]']);
});

test('after its shutdown a tracer still runs what it is given and records nothing', async () => {
  const { tracer } = openTestTracer({ endpoint: server.endpoint });
  tracer.span('before', () => {});
  expect(await tracer.shutdown()).toBe(true);
  expect(tracer.span('after', () => 5)).toBe(5);
  expect(await tracer.flush()).toBe(true);
  expect(server.spans().map(({ name }) => name)).toEqual(['before']);
});

test('a redirect is not followed, and what it would have taken is counted', async () => {
  const elsewhere = await openIngestServer();
  const { tracer } = openTestTracer({ endpoint: server.endpoint });
  server.script(answerStatus(307, { location: `${elsewhere.endpoint}/v1/ingest` }));
  tracer.span('one', () => {});
  await tracer.flush();
  expect(elsewhere.arrivals).toEqual([]);
  expect(tracer.stats().dropped).toEqual({ rejected: 1 });
  await elsewhere.close();
});
