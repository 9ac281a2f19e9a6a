import { deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type IngestLab, openIngestLab } from '../open-ingest-lab.ts';
import { otlpBody, spanIdOf } from '../otlp-body.ts';
import { openRawSocket } from '../raw-socket.ts';
import { testKeys } from '../test-keys.ts';

let lab: IngestLab;
let keptBefore = 0;
const kept = () => lab.kept().slice(keptBefore);

beforeAll(async () => {
  lab = await openIngestLab({
    limits: { bodyBytesMax: 2 ** 20, batchBytesMax: 8 * 2 ** 20, valueCharsMax: 100_000 },
    edge: { requestTimeoutMs: 400, headersTimeoutMs: 200, checkEveryMs: 20, lingerMs: 50 },
  });
});
beforeEach(() => {
  keptBefore = lab.kept().length;
});
afterAll(async () => {
  expect(lab.defects).toEqual([]);
  expect(lab.deaths).toEqual([]);
  await lab.close();
});

type Headers = { [name: string]: string };

async function post(path: string, body: string | Uint8Array<ArrayBuffer>, headers: Headers = {}) {
  const reply = await fetch(lab.url + path, {
    method: 'POST',
    body,
    headers: {
      authorization: `Bearer ${testKeys.ingest}`,
      'content-type': 'application/json',
      ...headers,
    },
  });
  return { status: reply.status, headers: reply.headers, text: await reply.text() };
}

const good = () => otlpBody([{}]);
const protobuf = { 'content-type': 'application/x-protobuf' };

async function expectUnharmed(): Promise<void> {
  expect(kept()).toEqual([]);
  expect((await post('/v1/traces', good())).status).toBe(200);
  expect(kept()).toHaveLength(1);
}

describe('a body that is larger than it looks', () => {
  const zeros = Buffer.alloc(64 * 2 ** 20, '0');
  test.each([
    ['gzip', () => gzipSync(zeros)],
    ['deflate', () => deflateSync(zeros)],
    ['zstd', () => zstdCompressSync(zeros)],
  ])('%s: is let go of at the bound, and the next batch is taken', async (encoding, bomb) => {
    const { status, text } = await post('/v1/traces', new Uint8Array(bomb()), {
      'content-encoding': encoding,
    });
    expect(status).toBe(413);
    expect(JSON.parse(text)).toMatchObject({ code: 3, details: [{ reason: 'body_too_large' }] });
    await expectUnharmed();
  });

  test('a bomb in a bomb is no batch', async () => {
    const inner = gzipSync(gzipSync(zeros));
    const { status } = await post('/v1/traces', new Uint8Array(inner), { 'content-encoding': 'gzip' });
    expect(status).toBe(400);
    await expectUnharmed();
  });

  test('what is announced as too large is refused before it comes', async () => {
    const raw = openRawSocket(lab.url);
    raw.send(head('/v1/traces', ['content-length: 9000000']));
    await raw.received('body_too_large');
    raw.socket.destroy();
    await expectUnharmed();
  });

  test('what comes in pieces without a length is cut off at the bound', async () => {
    const raw = openRawSocket(lab.url);
    raw.send(head('/v1/traces', ['transfer-encoding: chunked']));
    for (let piece = 0; piece < 5; piece += 1) raw.send(`40000\r\n${'x'.repeat(0x40000)}\r\n`);
    expect((await raw.closed).status).toBe(413);
    await expectUnharmed();
  });
});

const head = (path: string, lines: readonly string[]) =>
  [
    ...[`POST ${path} HTTP/1.1`, 'host: a', 'content-type: application/json'],
    ...[`authorization: Bearer ${testKeys.ingest}`, ...lines, '', ''],
  ].join('\r\n');

describe('a body that is no batch', () => {
  const nested = (depth: number) => '{"resourceSpans":'.concat('['.repeat(depth), ']'.repeat(depth), '}');
  const anyValue = (depth: number): string =>
    depth === 0 ? '{"intValue":1}' : `{"arrayValue":{"values":[${anyValue(depth - 1)}]}}`;
  test.each<[string, string]>([
    ['nothing', ''],
    ['no JSON', '{'],
    ['a list', '[]'],
    ['lists in lists', nested(100_000)],
    ['half of one', good().slice(0, -20)],
    ['bytes that are no text', '\u0000\u0001'],
  ])('%s: is refused with the reason, and never again sent', async (_what, body) => {
    for (const path of ['/v1/traces', '/v1/ingest', '/api/public/ingestion', '/api/public/scores']) {
      const { status, text, headers } = await post(path, body);
      expect(status, path).toBe(400);
      expect(headers.get('x-should-retry'), path).toBe('false');
      expect(text, path).not.toMatch(/JSON\.parse|at position|node:|\.ts/);
    }
    await expectUnharmed();
  });

  test('values in values within a span cost that span alone', async () => {
    const deep = `[{"key":"a","value":${anyValue(60)}}]`;
    const body = otlpBody([{}, {}, {}]).replace('"attributes":[],"status"', `"attributes":${deep},"status"`);
    const { status, text } = await post('/v1/traces', body);
    expect(status).toBe(200);
    expect(JSON.parse(text).partialSuccess).toMatchObject({ rejectedSpans: '1' });
    expect(kept()[0]?.batch.spans).toHaveLength(2);
  });

  test.each<[string, Buffer]>([
    ['cut off in the middle', Buffer.from([0x0a, 0x40, 0x12, 0x01])],
    ['a number without an end', Buffer.alloc(40, 0xff)],
    ['a number beyond 64 bits', Buffer.concat([Buffer.from([0x08]), Buffer.alloc(11, 0x81)])],
    ['a length beyond the body', Buffer.from([0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f])],
    ['a field of a kind that is none', Buffer.from([0x0f, 0x01])],
  ])('protobuf, %s: is refused in protobuf', async (_what, body) => {
    const { status, headers, text } = await post('/v1/traces', new Uint8Array(body), protobuf);
    expect(status).toBe(400);
    expect(headers.get('content-type')).toBe('application/x-protobuf');
    expect(text).toContain('invalid_parameter');
    await expectUnharmed();
  });

  test.each<[string, Headers]>([
    ['a content type that it is not', { 'content-type': 'text/plain' }],
    ['two content types', { 'content-type': 'application/json, application/x-protobuf' }],
    ['an encoding that nobody knows', { 'content-encoding': 'br' }],
    ['two encodings', { 'content-encoding': 'gzip, gzip' }],
  ])('%s: is refused', async (_what, headers) => {
    expect((await post('/v1/traces', good(), headers)).status).toBe(415);
    await expectUnharmed();
  });

  test.each(['gzip', 'deflate', 'zstd'])('%s that it is not: is refused', async (encoding) => {
    expect((await post('/v1/traces', good(), { 'content-encoding': encoding })).status).toBe(400);
    await expectUnharmed();
  });
});

describe('a span that holds too much', () => {
  test('of attributes costs itself alone', async () => {
    const many = Object.fromEntries(Array.from({ length: 10_001 }, (_, number) => [`a${number}`, 1]));
    const { status, text } = await post('/v1/traces', otlpBody([{}, { attributes: many }, {}]));
    expect(status).toBe(200);
    const { partialSuccess } = JSON.parse(text);
    expect(partialSuccess.rejectedSpans).toBe('1');
    expect(partialSuccess.errorMessage).toContain('attributes');
    expect(kept()[0]?.batch.spans.map(({ spanId }) => spanId)).toEqual([spanIdOf(1), spanIdOf(3)]);
  });

  test('of text is kept, with a mark where it was cut', async () => {
    const body = otlpBody([{ attributes: { 'gen_ai.prompt': `begin${'x'.repeat(200_000)}` } }]);
    expect((await post('/v1/traces', body)).text).toBe('{}');
    const [span] = kept()[0]?.batch.spans ?? [];
    const text = String(span?.source === 'otlp' && span.attributes['gen_ai.prompt']);
    expect(text).toMatch(/^beginx+ \[cut here: 100005 more characters were sent\]$/);
    expect(text.length).toBeLessThan(100_100);
  });

  test('more spans than a batch may have are refused', async () => {
    const spans = Array.from({ length: 10_001 }, () => ({}));
    const compressed = new Uint8Array(gzipSync(otlpBody(spans)));
    const { status, text } = await post('/v1/traces', compressed, { 'content-encoding': 'gzip' });
    expect(status).toBe(400);
    expect(text).toContain('10000 spans');
    await expectUnharmed();
  });
});

test('of a name that is there twice both readers take the same, and names of prototypes are names', async () => {
  const twice = good().replace('"name":"chat gpt-4o"', '"name":"first","name":"second","__proto__":{"x":1}');
  expect((await post('/v1/traces', twice)).status).toBe(200);
  const [record] = kept();
  expect(record?.batch.spans[0]?.name).toBe('second');
  expect(Reflect.get({}, 'x')).toBeUndefined();
});

describe('a sender that dawdles', () => {
  test('over its body is let go of', async () => {
    const raw = openRawSocket(lab.url);
    raw.send(head('/v1/traces', ['content-length: 100']));
    raw.send('{"resource');
    expect((await raw.closed).status).toBe(408);
    await expectUnharmed();
  });

  test('and leaves in the middle leaves nothing', async () => {
    const raw = openRawSocket(lab.url);
    raw.send(`${head('/v1/traces', [`content-length: ${good().length}`])}${good().slice(0, 100)}`);
    raw.socket.destroy();
    await raw.closed;
    await expectUnharmed();
  });
});

describe('a key', () => {
  const bad = {
    unknown: 'tt_live_nobody',
    malformed: 'tt_live_~',
    empty: '',
    huge: `tt_live_${'x'.repeat(8_000)}`,
    expired: testKeys.expired,
  };
  const basic = (secret: string) => ({
    authorization: `Basic ${Buffer.from(`pk:${secret}`).toString('base64')}`,
  });
  const paths = ['/v1/traces', '/v1/ingest', '/api/public/ingestion', '/api/public/otel/v1/traces'];

  test('that is none meets the same 401 however it is shown, and its body is not read', async () => {
    for (const path of paths) {
      const answers = new Set<string>();
      for (const secret of Object.values(bad)) {
        const shown = [{ authorization: `Bearer ${secret}` }, basic(secret)];
        for (const headers of shown) {
          const { status, text } = await post(path, 'x'.repeat(1_000), headers);
          answers.add(`${status} ${text.replace(/req_\w+/, 'id')}`);
        }
      }
      const withoutKey = await post(path, good(), { authorization: '' });
      answers.add(`${withoutKey.status} ${withoutKey.text.replace(/req_\w+/, 'id')}`);
      expect([...answers], path).toHaveLength(1);
      expect([...answers][0], path).toMatch(/^401 .*Invalid API key provided/);
    }
    expect(kept()).toEqual([]);
  });

  test('that may call models may not send spans unless it was given that', async () => {
    for (const path of paths) {
      const { status, text } = await post(path, good(), { authorization: `Bearer ${testKeys.live}` });
      expect(status).toBe(403);
      expect(text).toContain('insufficient_permissions');
    }
    expect(kept()).toEqual([]);
  });

  test('that sends spans is told nothing of what there is', async () => {
    const headers = { authorization: `Bearer ${testKeys.ingest}` };
    const told = await Promise.all(
      ['/v1/ping', '/api/public/projects', '/api/public/health'].map(async (path) =>
        (await fetch(lab.url + path, { headers })).text(),
      ),
    );
    expect(told.join()).not.toMatch(/proj_|org_|key_/);
  });

  test('is taken from Bearer, from x-api-key and from Basic, and not from the address', async () => {
    const shown: Headers[] = [
      { authorization: `Bearer ${testKeys.ingest}` },
      { authorization: '', 'x-api-key': testKeys.ingest },
      basic(testKeys.ingest),
    ];
    for (const headers of shown) expect((await post('/v1/traces', good(), headers)).status).toBe(200);
    const inAddress = await post(`/v1/traces?key=${testKeys.ingest}`, good(), { authorization: '' });
    expect(inAddress.status).toBe(401);
  });
});
