import { readBatch } from '@app/tracing';
import { Langfuse } from 'langfuse';
import { afterEach, describe, expect, test } from 'vitest';
import { type IngestLab, type IngestLabOptions, openIngestLab } from '../open-ingest-lab.ts';
import { otlpBody, spanIdOf } from '../otlp-body.ts';
import { openRawSocket } from '../raw-socket.ts';
import { testKeys } from '../test-keys.ts';

const opened: IngestLab[] = [];
afterEach(async () => {
  for (const lab of opened.splice(0)) {
    expect(lab.defects).toEqual([]);
    await lab.close();
  }
});

async function openLab(options: IngestLabOptions = {}) {
  const lab = await openIngestLab(options);
  opened.push(lab);
  const post = async (path: string, body: string, headers: { [name: string]: string } = {}) => {
    const auth = { authorization: `Bearer ${testKeys.ingest}`, 'content-type': 'application/json' };
    const reply = await fetch(lab.url + path, { method: 'POST', body, headers: { ...auth, ...headers } });
    return { status: reply.status, headers: reply.headers, text: await reply.text() };
  };
  return { lab, post };
}

const traceId = 'b'.repeat(32);
const now = () => Date.now() - 1_000;

function sdkBody(more: object = {}) {
  const span = {
    ...{ trace_id: traceId, span_id: spanIdOf(1), type: 'generation', name: 'chat', outcome: 'ok' },
    ...{ start_ms: now(), end_ms: now() + 500, provider: 'openai', model: 'gpt-4o', dialect: 'json' },
    ...{ input: 'canary-question', output: 'canary-answer', metadata: { note: 'canary-note' } },
    ...{ user_id: 'u1', session_id: 's1', tags: ['t1'], usage: { input_uncached: 3, output_text: 4 } },
  };
  return JSON.stringify({ sdk: { name: 'tokentrace', version: '2.0.0' }, spans: [{ ...span, ...more }] });
}

describe('a batch', () => {
  test('is on the disk when it is answered, under its project and key, byte for byte', async () => {
    const { lab, post } = await openLab();
    const body = otlpBody([{ attributes: { 'gen_ai.request.model': 'gpt-4o' } }]);
    expect(await post('/v1/traces', body)).toMatchObject({ status: 200, text: '{}' });
    const [record] = lab.kept();
    expect(record?.head).toMatchObject({
      ...{ kind: 'batch', batchSource: 'otlp-json', projectId: 'proj_test', keyId: 'key_ingest' },
      ...{ mode: 'live', capture: 'full', organizationId: 'org_test', environment: 'development' },
    });
    expect(record?.bytes.toString()).toBe(body);
    // Nobody reads it off the disk.
    expect(Buffer.concat(lab.segments()).includes('gpt-4o')).toBe(false);
  });

  test('of our own SDK has a receipt that names what was not taken', async () => {
    const { lab, post } = await openLab();
    const { spans, sdk } = JSON.parse(sdkBody());
    const body = JSON.stringify({
      sdk,
      spans: [spans[0], { ...spans[0], span_id: 'x' }],
      dropped: { queue_full: 3 },
    });
    const { status, text } = await post('/v1/ingest', body);
    expect(status).toBe(200);
    const receipt = JSON.parse(text);
    expect(receipt).toMatchObject({ accepted: 1, rejected: [{ index: 1 }] });
    expect(receipt.rejected[0].reason).toContain('span_id');
    expect(lab.counts.read('proj_test')).toEqual({
      receivedSpans: 2,
      rejectedSpans: 1,
      dropped: [{ reason: 'queue_full', spans: 3 }],
    });
  });

  test.each(['full', 'redacted', 'metadata'] as const)(
    'is among the losses with how many of it were refused, whatever is kept of it: %s',
    async (spanCapture) => {
      const capture = { 'x-tokenrouter-capture': spanCapture };
      const { lab, post } = await openLab();
      const { spans, sdk } = JSON.parse(sdkBody());
      const wrong = { ...spans[0], span_id: 'x', name: 'canary' };
      await post('/v1/ingest', JSON.stringify({ sdk, spans: [spans[0], wrong] }), capture);
      await post('/v1/ingest', JSON.stringify({ sdk, spans: [wrong, wrong] }), capture);
      const refused = lab.kept().map(({ head, bytes }) => readBatch(head.batchSource, bytes, head).rejected);
      expect(refused.map((each) => each.length)).toEqual([1, 2]);
      // Of what is not taken nothing is kept but that it was there.
      expect(lab.kept()[1]?.bytes.toString()).not.toContain('canary');
    },
  );

  test('that holds nothing is taken, and leaves nothing', async () => {
    const { lab, post } = await openLab();
    expect((await post('/v1/traces', '{}')).text).toBe('{}');
    expect((await post('/v1/traces', '', { 'content-type': 'application/x-protobuf' })).text).toBe('');
    expect(lab.kept()).toEqual([]);
  });

  test('of tokentrace-sdk 1 is taken as it is sent', async () => {
    const { lab, post } = await openLab();
    const event = {
      ...{ id: 'e1', ts: now(), provider: 'openai', model: 'gpt-4o', output: 'hi', promptHash: '0a' },
      ...{ input: [{ role: 'user', content: 'hello' }], inputTokens: 3, outputTokens: 4, latencyMs: 500 },
      ...{ cachedInputTokens: 0, meta: { env: 'production' } },
    };
    const headers = { authorization: '', 'x-api-key': testKeys.ingest };
    const ping = await fetch(`${lab.url}/v1/ping`, { headers: { 'x-api-key': testKeys.ingest } });
    expect(await ping.json()).toEqual({ ok: true });
    const { status, text } = await post('/v1/ingest', JSON.stringify({ events: [event] }), headers);
    expect([status, JSON.parse(text)]).toEqual([200, { accepted: 1, rejected: [] }]);
    expect(lab.kept()[0]?.head.batchSource).toBe('events');
  });

  test('of the langfuse SDK is taken with only its address and keys changed, and scores too', async () => {
    const { lab, post } = await openLab();
    const langfuse = new Langfuse({ publicKey: 'pk-any', secretKey: testKeys.ingest, baseUrl: lab.url });
    const errors: unknown[] = [];
    langfuse.on('error', (error) => errors.push(error));
    const trace = langfuse.trace({ name: 'asked', userId: 'u1' });
    trace.generation({ name: 'answered', model: 'gpt-4o', input: 'a', output: 'b' }).end();
    await langfuse.shutdownAsync();
    expect(errors).toEqual([]);
    const names = lab.kept().flatMap(({ batch }) => batch.spans.map(({ name }) => name));
    expect(names).toContain('answered');
    const score = JSON.stringify({ traceId: trace.id, name: 'good', value: 1 });
    const basic = { authorization: `Basic ${btoa(`pk-any:${testKeys.ingest}`)}` };
    const first = await post('/api/public/scores', score, basic);
    const second = await post('/api/public/scores', score, basic);
    expect([first.status, first.text]).toEqual([200, second.text]);
    expect(lab.kept().at(-1)?.batch.scores[0]).toMatchObject({ name: 'good', value: 1 });
  });

  test('of langfuse is told the fate of each event', async () => {
    const { post } = await openLab();
    const timestamp = new Date(now()).toISOString();
    const body = { id: 'o1', traceId, name: 'a', startTime: timestamp };
    const batch = [
      { id: 'e1', type: 'span-create', timestamp, body },
      { id: 'e2', type: 'span-create', timestamp, body: 5 },
    ];
    const { status, text } = await post('/api/public/ingestion', JSON.stringify({ batch }));
    expect(status).toBe(207);
    const { successes, errors } = JSON.parse(text);
    expect(successes).toEqual([{ id: 'e1', status: 201 }]);
    expect(errors).toEqual([
      { id: 'e2', status: 400, message: 'Invalid request data', error: expect.any(String) },
    ]);
  });
});

describe('what is not to be kept', () => {
  const attributes = {
    ...{ 'gen_ai.request.model': 'gpt-4o', 'gen_ai.usage.input_tokens': 3, 'user.id': 'u1' },
    ...{ 'gen_ai.input.messages': 'canary-question', 'llm.input_messages.0.message.content': 'canary-0' },
    ...{ 'gen_ai.response.text': 'canary-text', 'my.own': 'canary-own', 'input.value': 'canary-input' },
  };

  test('is in no byte of the record where a project keeps metadata, and the rest is', async () => {
    const { lab, post } = await openLab({ principal: { capture: 'metadata' } });
    expect((await post('/v1/traces', otlpBody([{ attributes }]))).status).toBe(200);
    expect((await post('/v1/ingest', sdkBody({ error: { code: 'x', message: 'canary-m' } }))).status).toBe(
      200,
    );
    const [otlp, own] = lab.kept();
    for (const record of [otlp, own]) {
      expect(record?.head).toMatchObject({ batchSource: 'received', capture: 'metadata' });
      expect(record?.bytes.toString()).not.toContain('canary');
    }
    expect(otlp?.batch.spans[0]).toMatchObject({
      attributes: { 'gen_ai.request.model': 'gpt-4o', 'gen_ai.usage.input_tokens': 3, 'user.id': 'u1' },
      resource: { 'service.name': 'lab' },
    });
    expect(own?.batch.spans[0]).toMatchObject({
      source: 'sdk',
      span: {
        model: 'gpt-4o',
        session_id: 's1',
        tags: ['t1'],
        error: { code: 'x' },
        usage: { output_text: 4 },
      },
    });
  });

  test('may be more by the wish of a request, and never less', async () => {
    const { lab, post } = await openLab();
    const tighter = ['metadata', 'METADATA', 'nothing at all'];
    for (const wish of tighter) await post('/v1/ingest', sdkBody(), { 'x-tokenrouter-capture': wish });
    await post('/v1/ingest', sdkBody(), { 'x-tokenrouter-capture': 'full' });
    const captures = lab.kept().map(({ head }) => head.capture);
    expect(captures).toEqual(['metadata', 'metadata', 'metadata', 'full']);
    const quiet = await openLab({ principal: { capture: 'metadata' } });
    await quiet.post('/v1/ingest', sdkBody(), { 'x-tokenrouter-capture': 'full' });
    expect(quiet.lab.kept()[0]?.bytes.toString()).not.toContain('canary');
  });

  test('has no address in it where a project redacts, also when less than that is asked to be kept', async () => {
    const { lab, post } = await openLab({ principal: { capture: 'redacted' } });
    const body = sdkBody({ user_id: 'ada@example.com', tags: ['eve@example.com'] });
    await post('/v1/ingest', body);
    await post('/v1/ingest', body, { 'x-tokenrouter-capture': 'metadata' });
    const kept = lab.kept();
    expect(kept.map(({ head }) => head.capture)).toEqual(['redacted', 'metadata']);
    for (const { bytes } of kept) expect(bytes.toString()).not.toContain('@example.com');
    const [first, second] = kept.map(({ batch }) => batch.spans[0]);
    const user = first?.source === 'sdk' ? first.span.user_id : undefined;
    expect(user).toMatch(/^\[EMAIL_/);
    expect(second).toMatchObject({ span: { user_id: user } });
  });
});

describe('a sender that sends too much', () => {
  test('of requests is told when to come back, and its spans are not lost on the way', async () => {
    const { lab, post } = await openLab({ principal: { requestsPerMinuteMax: 2 } });
    const statuses = [];
    for (let sent = 0; sent < 3; sent += 1) statuses.push((await post('/v1/traces', otlpBody([{}]))).status);
    const refused = await post('/v1/traces', otlpBody([{}]));
    expect([...statuses, refused.status]).toEqual([200, 200, 429, 429]);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(JSON.parse(refused.text)).toMatchObject({ code: 8, details: [{ reason: 'rate_limit_exceeded' }] });
    expect(lab.kept()).toHaveLength(2);
  });

  test('has as many requests at once as its key may, and each that ends makes room', async () => {
    const { lab, post } = await openLab({ principal: { concurrencyMax: 1 } });
    const raw = openRawSocket(lab.url);
    const head = ['POST /v1/traces HTTP/1.1', 'host: lab', `authorization: Bearer ${testKeys.ingest}`];
    raw.send(`${[...head, 'content-type: application/json', 'content-length: 100'].join('\r\n')}\r\n\r\n{`);
    const deadline = performance.now() + 5_000;
    let refused = await post('/v1/traces', otlpBody([{}]));
    while (refused.status === 200 && performance.now() < deadline)
      refused = await post('/v1/traces', otlpBody([{}]));
    expect(JSON.parse(refused.text)).toMatchObject({ details: [{ reason: 'concurrency_limit_exceeded' }] });
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1']);
    raw.socket.destroy();
    let next = refused;
    while (next.status !== 200 && performance.now() < deadline)
      next = await post('/v1/traces', otlpBody([{}]));
    expect(next.status).toBe(200);
  });

  test.each([
    ['spans', { spansPerMinuteMax: 2 }],
    ['bytes', { bytesPerMinuteMax: 500 }],
  ])('of %s may finish the batch with which it goes beyond, and no other', async (unit, limits) => {
    const { post } = await openLab({ limits });
    expect((await post('/v1/traces', otlpBody([{}, {}, {}]))).status).toBe(200);
    const refused = await post('/v1/traces', otlpBody([{}]));
    expect(refused.status).toBe(429);
    expect(refused.text).toContain(`${unit} per minute`);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  });
});

describe('a server without room', () => {
  test('on the disk refuses the batch whole, to be sent again', async () => {
    const { lab, post } = await openLab({ spoolBytesMax: 20_000 });
    const statuses: number[] = [];
    const body = otlpBody([{ attributes: { 'input.value': 'x'.repeat(5_000) } }]);
    let last = await post('/v1/traces', body);
    for (; last.status === 200; last = await post('/v1/traces', body)) statuses.push(last.status);
    expect(last.status).toBe(503);
    expect(last.headers.get('retry-after')).toBe('10');
    expect(lab.kept()).toHaveLength(statuses.length);
    expect(lab.kept().every(({ bytes }) => bytes.toString() === body)).toBe(true);
  });

  test('in memory refuses, and takes the next when there is some', async () => {
    const { post } = await openLab({ limits: { inFlightBytesMax: 10_000 } });
    const large = otlpBody([{ attributes: { 'input.value': 'x'.repeat(6_000) } }]);
    const refused = await post('/v1/traces', large);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
    expect((await post('/v1/traces', otlpBody([{}]))).status).toBe(200);
  });
});

test('a thread that dies over a batch costs that batch alone, which is not asked for again', async () => {
  const { lab, post } = await openLab({ threadEntry: new URL('../dying-worker.ts', import.meta.url) });
  const answers = await Promise.all([
    post('/v1/traces', '"die"'),
    post('/v1/traces', '"live"'),
    post('/v1/traces', '"die"'),
    post('/v1/traces', '"live"'),
  ]);
  expect(answers.map(({ status }) => status)).toEqual([500, 200, 500, 200]);
  expect(lab.deaths).toHaveLength(2);
  expect(answers[0]?.headers.get('x-should-retry')).toBe('false');
});
