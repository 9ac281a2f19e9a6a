import {
  answersJson,
  answersText,
  type FakeUpstream,
  hangsUp,
  openFakeUpstream,
  playsOpenAi,
  type Script,
  speaksGibberish,
  staysSilent,
  streamsText,
} from '@app/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { providerConfig } from '../provider-config.ts';
import { openRawSocket } from '../raw-socket.ts';
import { findTraceOfCall, readAllTraces, untilLoaded } from '../read-all-traces.ts';
import { sendCall } from '../send-call.ts';
import { createKey, makePlace, type Place, type ServerProcess, startProcess } from '../start-process.ts';

const HTML = '<!doctype html><h1>502 Bad Gateway</h1><script>alert(1)</script>';
const TEXT = 'Hällo 👋🏽 wörld';
const BODY_BYTES = 50_000;
const CHAT = '/v1/chat/completions';

let upstream: FakeUpstream;
let place: Place;
let server: ServerProcess;
let key: string;

beforeAll(async () => {
  upstream = await openFakeUpstream();
  const seconds = ['first_byte', 'whole_reply', 'idle'].map((name) => `${name}_timeout_seconds: 1`);
  place = makePlace(
    providerConfig(upstream.url, {
      key: 'sk-of-the-provider',
      defaults: [...seconds, `body_bytes: ${BODY_BYTES}`],
    }),
  );
  server = await startProcess(place);
  key = await createKey(place, 'live');
}, 180_000);

afterEach(async () => {
  // Whatever was sent or answered, the server is there, and it was foreseen.
  expect((await fetch(`${server.url}/health`)).status).toBe(200);
  expect(server.output()).not.toContain('nobody foresaw');
});

afterAll(async () => {
  await server?.stop();
  await upstream?.close();
  place?.remove();
});

const messages = [{ role: 'user', content: 'Hello?' }];
const send = (body: object | string) => sendCall({ url: server.url, path: CHAT, key, body });
const traceOf = (requestId: string) => findTraceOfCall({ url: server.url, key }, requestId);

type Reply = Awaited<ReturnType<typeof send>>;

/** Makes the calls of every row before the first test looks at a trace, so that all wait for the trace store once. */
function callBeforehand<Row extends readonly [name: string, ...unknown[]]>(
  rows: readonly Row[],
  call: (row: Row) => Promise<Reply[]>,
): (name: string) => Reply[] {
  const replies = new Map<string, Reply[]>();
  beforeAll(async () => {
    for (const row of rows) replies.set(row[0], await call(row));
    await untilLoaded({ url: server.url, key });
  }, 60_000);
  return (name) => replies.get(name) ?? [];
}

const frame = (delta: object, finish: string | null = null) =>
  `data: ${JSON.stringify({ choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
/** Ends with the connection in the middle of a character of two bytes. */
const halfCharacter: Script = (response) => {
  const whole = Buffer.from(frame({ role: 'assistant', content: 'Grüß' }));
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.end(whole.subarray(0, whole.indexOf('ü') + 1));
};
const badBytes: Script = (response) => {
  const text = JSON.stringify({ choices: [{ index: 0, message: { role: 'assistant', content: 'GrXX' } }] });
  const body = Buffer.from(text);
  body.fill(0xc3, body.indexOf('XX'), body.indexOf('XX') + 2);
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(body);
};

const failures: readonly (readonly [string, Script, number, RegExp])[] = [
  ['answers HTML with 200', answersText(HTML, 200, 'text/html'), 502, /provider_bad_response/],
  ['answers HTML with 500', answersText(HTML, 500, 'text/html'), 502, /provider_failed/],
  [
    'answers with no JSON',
    answersText('{"choices": [', 200, 'application/json'),
    502,
    /provider_bad_response/,
  ],
  ['answers with wrong types', answersJson({ choices: 'none', usage: 7 }), 502, /provider_bad_response/],
  ['hangs up', hangsUp, 502, /provider_failed/],
  ['speaks no HTTP', speaksGibberish, 502, /provider_(failed|bad_response)/],
  ['stays silent', staysSilent, 504, /provider_timeout/],
];

describe('a provider', () => {
  const repliesOf = callBeforehand(failures, ([, script]) => {
    upstream.play(script);
    return Promise.all([false, true].map((stream) => send({ model: 'load', messages, stream })));
  });

  test.each(failures)(
    'that %s is a typed error, whole and streamed, and the stored trace says so',
    async (...given) => {
      const [name, , status, code] = given;
      const replies = repliesOf(name);
      expect(replies).toHaveLength(2);
      for (const [at, reply] of replies.entries()) {
        expect(reply).toMatchObject({ status, isComplete: true });
        const { error } = JSON.parse(reply.text);
        expect(error).toMatchObject({ code: expect.stringMatching(code), request_id: reply.requestId });
        expect(reply.text).not.toMatch(/<script>|sk-of-the-provider/);
        const { summary, spans } = await traceOf(reply.requestId);
        const asked = { provider: 'local', model: 'load', stream: at === 1 };
        expect(summary).toMatchObject({ status, error_code: error.code, ...asked });
        expect(spans.map(({ kind, outcome }) => [kind, outcome])).toEqual([
          ['call', 'failed'],
          ['attempt', 'failed'],
        ]);
        expect(spans[0]?.error_message).not.toBe('');
      }
    },
    60_000,
  );
});

const broken: readonly (readonly [string, Script, RegExp, string])[] = [
  ['is cut', playsOpenAi({ text: TEXT }, { ending: 'cut' }), /provider_/, TEXT],
  ['stalls', playsOpenAi({ text: TEXT }, { ending: 'stall' }), /provider_timeout/, TEXT],
  [
    'turns into no JSON',
    streamsText(`${frame({ content: 'ab' })}data: {"choices": [\n\n`),
    /provider_/,
    'ab',
  ],
  ['turns into HTML', streamsText(`${frame({ content: 'ab' })}${HTML}`), /provider_/, 'ab'],
];

describe('a stream', () => {
  const repliesOf = callBeforehand(broken, async ([, script]) => {
    upstream.play(script);
    return [await send({ model: 'load', messages, stream: true })];
  });

  test.each(broken)(
    'that %s after its first part carries one typed error and no end mark, and the trace has what came',
    async (...given) => {
      const [name, , code, text] = given;
      const [reply] = repliesOf(name);
      if (reply === undefined) throw new Error('There is no reply.');
      expect(reply.status).toBe(200);
      expect(reply.isComplete).toBe(false);
      expect(reply.text.match(/^data: \{"error"/gm)).toHaveLength(1);
      const trace = await traceOf(reply.requestId);
      expect(trace.summary).toMatchObject({ status: 200, error_code: expect.stringMatching(code) });
      expect(trace.spans[0]).toMatchObject({ outcome: 'failed' });
      expect(JSON.stringify(trace.reply)).toContain(text);
    },
    60_000,
  );
});

test('a stream that ends in the middle of a character is a failure, not a shorter text', async () => {
  upstream.play(halfCharacter);
  const reply = await send({ model: 'load', messages, stream: true });
  expect(reply.text).not.toContain('[DONE]');
  expect(reply.text).toContain('"error"');
  const { summary } = await traceOf(reply.requestId);
  expect(summary.error_code).toMatch(/^provider_/);
}, 60_000);

test('a reply with bytes that are no text is passed on or refused, and can be read in the trace', async () => {
  upstream.play(badBytes);
  const reply = await send({ model: 'load', messages });
  expect([200, 502]).toContain(reply.status);
  expect((await traceOf(reply.requestId)).summary.status).toBe(reply.status);
}, 60_000);

test.each([1, 3])(
  'a stream in pieces of %i bytes, through characters, is stored as it was said',
  async (pieceBytes) => {
    upstream.play(playsOpenAi({ text: TEXT }, { pieceBytes }));
    const reply = await send({ model: 'load', messages, stream: true });
    expect(reply).toMatchObject({ status: 200, isComplete: true, problem: undefined });
    const said = [...reply.text.matchAll(/^data: (\{.*)$/gm)].map(
      ([, json]) => JSON.parse(json ?? '').choices[0]?.delta.content ?? '',
    );
    expect(said.join('')).toBe(TEXT);
    const trace = await traceOf(reply.requestId);
    expect(trace.summary).toMatchObject({ status: 200, error_code: null, output_preview: TEXT });
    expect(JSON.stringify(trace.reply)).toContain(TEXT);
  },
  60_000,
);

const chat = (change: object = {}) => JSON.stringify({ model: 'load', messages, ...change });

const refused: readonly (readonly [string, string, number, string])[] = [
  ['invalid JSON', '{"model":', 400, 'invalid_json'],
  ['wrong types', chat({ messages: 7 }), 400, 'invalid_parameter'],
  ['JSON 20,000 levels deep', `${'['.repeat(20_000)}${']'.repeat(20_000)}`, 400, 'invalid_json'],
  ['an unknown model', chat({ model: 'nobody-has-this' }), 404, 'model_not_found'],
  ['a body over the limit', chat({ x: 'x'.repeat(BODY_BYTES) }), 413, 'body_too_large'],
];

describe('what a provider never sees', () => {
  const repliesOf = callBeforehand(refused, async ([, body]) => {
    const before = upstream.requests.length;
    const reply = await send(body);
    expect(upstream.requests).toHaveLength(before);
    return [reply];
  });

  test.each(refused)('%s is a typed error, and the stored trace says so', async (...given) => {
    const [name, , status, code] = given;
    const [reply] = repliesOf(name);
    if (reply === undefined) throw new Error('There is no reply.');
    expect(reply.status).toBe(status);
    const { requestId } = reply;
    expect(JSON.parse(reply.text).error).toMatchObject({ code, http_status: status, request_id: requestId });
    const { summary, spans } = await traceOf(requestId);
    expect(summary).toMatchObject({ status, error_code: code, provider: null });
    expect(spans).toHaveLength(1);
  });
});

test('without a valid key, and with headers beyond measure, nothing is recorded for anybody', async () => {
  const access = { url: server.url, key };
  await untilLoaded(access);
  const before = (await readAllTraces(access)).length;
  for (const wrong of ['', 'tr_live_wrong', `${key.slice(0, -1)}_`]) {
    const reply = await sendCall({ url: server.url, path: CHAT, key: wrong, body: chat() });
    expect(reply.status).toBe(401);
    expect(JSON.parse(reply.text).error).toMatchObject({
      code: 'invalid_api_key',
      type: 'authentication_error',
    });
  }
  for (const bomb of [`x-bomb: ${'x'.repeat(100_000)}\r\n`, 'a: b\r\n'.repeat(20_000)]) {
    const raw = openRawSocket(server.url);
    raw.send(`POST ${CHAT} HTTP/1.1\r\nhost: a\r\nauthorization: Bearer ${key}\r\n${bomb}\r\n`);
    expect((await raw.closed).status).toBe(431);
  }
  await untilLoaded(access);
  expect(await readAllTraces(access)).toHaveLength(before);
}, 60_000);

test('a caller that leaves in the middle of a stream is in the trace as such', async () => {
  upstream.play(playsOpenAi({ text: TEXT }, { ending: 'stall' }));
  const raw = openRawSocket(server.url);
  const body = chat({ stream: true });
  raw.send(
    `POST ${CHAT} HTTP/1.1\r\nhost: a\r\nauthorization: Bearer ${key}\r\ncontent-type: application/json\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
  await raw.received('data: ');
  raw.socket.destroy();
  const requestId = /x-request-id: (\S+)/i.exec((await raw.closed).text)?.[1] ?? '';
  const { summary, spans } = await traceOf(requestId);
  expect(summary.status).toBe(499);
  expect(spans[0]).toMatchObject({ outcome: 'cancelled' });
}, 60_000);
