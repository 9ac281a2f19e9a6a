import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { answerStatus, type IngestServer, openIngestServer } from '../test/open-ingest-server.ts';
import { openTestTracer, wireOf } from '../test/open-test-tracer.ts';
import type { ErrorReport } from './error-report.ts';

let server: IngestServer;
beforeEach(async () => {
  server = await openIngestServer();
});
afterEach(() => server.close());

/** For a machine that has other work too. */
const PATIENTLY = { timeout: 10_000, interval: 5 };
const LONG_MS = 3_600_000;
/** Waits of our own end at once, so that a flush goes on to its next attempt; deadlines never pass. */
const atOnce = (delayMs: number, run: () => void): (() => void) => {
  if (delayMs < LONG_MS) queueMicrotask(run);
  return () => {};
};

test('spans wait for company, then leave together without being asked', async () => {
  const { tracer, clock } = openTestTracer({ endpoint: server.endpoint, flushIntervalMs: 1_000 });
  for (let at = 0; at < 5; at += 1) tracer.span(`span ${at}`, () => {});
  clock.advance(999);
  expect(server.arrivals).toHaveLength(0);
  clock.advance(1);
  await vi.waitFor(() => expect(server.arrivals).toHaveLength(1), PATIENTLY);
  expect(server.spans()).toHaveLength(5);
});

test('enough for a batch leaves at once, and a lot of it in several batches', async () => {
  const { tracer, clock } = openTestTracer({ endpoint: server.endpoint, batchBytes: 50_000 });
  for (let at = 0; at < 30; at += 1) tracer.span('big', () => {}, { input: 'x'.repeat(5_000) });
  clock.advance(0);
  await vi.waitFor(() => expect(server.spans()).toHaveLength(30), PATIENTLY);
  expect(server.arrivals.length).toBeGreaterThanOrEqual(6);
});

test('a body is compressed when that pays', async () => {
  const { tracer } = openTestTracer({ endpoint: server.endpoint });
  tracer.span('small', () => {});
  await tracer.flush();
  tracer.span('large', () => {}, { input: 'again and '.repeat(1_000) });
  await tracer.flush();
  expect(server.arrivals.map(({ headers }) => headers['content-encoding'])).toEqual([undefined, 'gzip']);
});

test.each([408, 429, 500, 503])(
  'a batch that is answered %i is sent again and arrives once',
  async (status) => {
    const { tracer } = openTestTracer({ endpoint: server.endpoint }, { hold: atOnce });
    server.script(answerStatus(status));
    tracer.span('one', () => {});
    expect(await tracer.flush({ timeoutMs: LONG_MS })).toBe(true);
    expect(server.arrivals).toHaveLength(2);
    expect(tracer.stats()).toMatchObject({ accepted: 1, dropped: {} });
  },
);

test('Retry-After is kept to, also by a flush', async () => {
  const { tracer, clock } = openTestTracer({ endpoint: server.endpoint });
  server.script(answerStatus(503, { 'retry-after': '120' }));
  tracer.span('one', () => {});
  expect(await tracer.flush()).toBe(false);
  expect(await tracer.flush()).toBe(false);
  expect(server.arrivals).toHaveLength(1);
  clock.advance(120_000);
  expect(await tracer.flush()).toBe(true);
  expect(server.arrivals).toHaveLength(2);
});

test('after five failures in a row the server is left alone for a while', async () => {
  const { tracer, clock } = openTestTracer({ endpoint: server.endpoint }, { hold: atOnce });
  server.script(...Array.from({ length: 20 }, () => answerStatus(500)));
  tracer.span('one', () => {});
  for (let at = 0; at < 10; at += 1) {
    expect(await tracer.flush({ timeoutMs: 1 })).toBe(false);
    clock.advance(100);
  }
  expect(server.arrivals.length).toBeLessThanOrEqual(5);
});

test.each([400, 404, 422, 302])(
  'a batch that is refused with %i is not sent again and counted',
  async (status) => {
    const { tracer } = openTestTracer({ endpoint: server.endpoint });
    server.script(answerStatus(status));
    tracer.span('one', () => {});
    tracer.span('two', () => {});
    await tracer.flush();
    expect(server.arrivals).toHaveLength(1);
    expect(tracer.stats()).toMatchObject({ accepted: 0, dropped: { rejected: 2 }, queued: 0 });
  },
);

test('with a refused key there is no second attempt for a minute', async () => {
  const { tracer, clock } = openTestTracer({ endpoint: server.endpoint });
  server.script(answerStatus(401));
  tracer.span('one', () => {});
  await tracer.flush();
  tracer.span('two', () => {});
  expect(await tracer.flush()).toBe(false);
  expect(server.arrivals).toHaveLength(1);
  clock.advance(60_000);
  expect(await tracer.flush()).toBe(true);
});

test('what the server rejects of a batch is counted and told with the next batch, once', async () => {
  const errors: ErrorReport[] = [];
  const { tracer } = openTestTracer({
    endpoint: server.endpoint,
    onError: (error) => void errors.push(error),
  });
  server.script((_arrival, response) => {
    const rejected = [{ index: 1, id: 'x', reason: 'too deep' }];
    response.writeHead(200).end(JSON.stringify({ accepted: 1, rejected }));
  });
  for (let at = 0; at < 2; at += 1) tracer.span('one', () => {});
  await tracer.flush();
  expect(tracer.stats()).toMatchObject({ accepted: 1, dropped: { rejected: 1 } });
  expect(errors).toEqual([{ code: 'rejected', message: '1 spans or scores were lost: too deep' }]);
  for (let at = 0; at < 2; at += 1) {
    tracer.span('next', () => {});
    await tracer.flush();
  }
  expect(server.arrivals.map(({ batch }) => batch.dropped)).toEqual([undefined, { rejected: 1 }, undefined]);
});

test('an answer that is no receipt is a refusal: nothing was stored there', async () => {
  const { tracer } = openTestTracer({ endpoint: server.endpoint });
  server.script((_arrival, response) => response.writeHead(200).end('<html>welcome to the hotel</html>'));
  tracer.span('one', () => {});
  await tracer.flush();
  expect(tracer.stats().dropped).toEqual({ rejected: 1 });
});

test('a batch that is too large for the server goes in halves, and what is too large alone is counted', async () => {
  const { tracer } = openTestTracer({ endpoint: server.endpoint });
  const refuseMany = (count: number): void =>
    server.script((arrival, response) => {
      if (arrival.batch.spans.some(({ name }) => name === 'huge')) response.writeHead(413).end();
      else
        response.writeHead(200).end(JSON.stringify({ accepted: arrival.batch.spans.length, rejected: [] }));
      if (count > 0) refuseMany(count - 1);
    });
  refuseMany(10);
  for (const name of ['a', 'b', 'huge', 'c']) tracer.span(name, () => {});
  await tracer.flush();
  await tracer.flush();
  expect(tracer.stats()).toMatchObject({ accepted: 3, dropped: { too_large: 1 }, queued: 0 });
});

test('a full queue drops what is new, holds no more than its bound and says how much was lost', async () => {
  const { tracer } = openTestTracer({ endpoint: server.endpoint, maxQueueBytes: 100_000 });
  for (let at = 0; at < 1_000; at += 1) tracer.span('s', () => {}, { input: 'y'.repeat(500) });
  const { queuedBytes, queued, dropped } = tracer.stats();
  expect(queuedBytes).toBeLessThanOrEqual(100_000);
  expect(queued + (dropped.queue_full ?? 0)).toBe(1_000);
  await tracer.flush();
  expect(server.arrivals[0]?.batch.dropped).toEqual({ queue_full: dropped.queue_full });
});

test('the content of one span is bounded, and its figures arrive all the same', async () => {
  const { tracer } = openTestTracer({ endpoint: server.endpoint, maxSpanBytes: 10_000 });
  const call = tracer.generation({ input: 'z'.repeat(100_000) });
  call.end({ output: 'short', usage: { outputText: 2 } });
  await tracer.flush();
  expect(server.spans()[0]).toMatchObject({
    input: '[cut, 100000 characters]',
    output: 'short',
    usage: { output_text: 2 },
  });
});

test('a server that is away costs the app nothing but counted spans', async () => {
  await server.close();
  const { tracer } = openTestTracer({ endpoint: server.endpoint }, { hold: atOnce });
  for (let at = 0; at < 3; at += 1) tracer.span('s', () => {});
  expect(await tracer.flush({ timeoutMs: 1 })).toBe(false);
  expect(await tracer.shutdown({ timeoutMs: 1 })).toBe(false);
  expect(tracer.stats()).toMatchObject({ dropped: { unreachable: 3 }, queued: 0, queuedBytes: 0 });
  server = await openIngestServer();
});

test('a server that never answers is left after the time for a request', async () => {
  const options = { endpoint: server.endpoint, requestTimeoutMs: 2_000 };
  const { tracer, clock } = openTestTracer(options, { hold: atOnce });
  server.script(() => {});
  tracer.span('one', () => {});
  const flushed = tracer.flush({ timeoutMs: LONG_MS });
  await vi.waitFor(() => expect(server.arrivals).toHaveLength(1), PATIENTLY);
  clock.advance(2_000);
  expect(await flushed).toBe(true);
  expect(server.arrivals).toHaveLength(2);
});

test('in immediate mode a span leaves at once, and the platform is told to wait for it', async () => {
  const waited: Promise<unknown>[] = [];
  const { tracer, clock } = openTestTracer({
    endpoint: server.endpoint,
    flushMode: 'immediate',
    waitUntil: (promise) => void waited.push(promise),
  });
  tracer.span('one', () => {});
  tracer.span('two', () => {});
  expect(waited).toHaveLength(1);
  clock.advance(0);
  await Promise.all(waited);
  expect(server.spans()).toHaveLength(2);
});

test('the key travels in its header only', async () => {
  const { tracer } = openTestTracer({ endpoint: server.endpoint });
  tracer.span('one', () => {});
  await tracer.flush();
  expect(server.arrivals[0]?.url).toBe('/v1/ingest');
  expect(wireOf(server.arrivals).split('tt_test_')).toHaveLength(2);
});
