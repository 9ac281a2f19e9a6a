import Anthropic from '@anthropic-ai/sdk';
import {
  answersJson,
  answersText,
  type FakeUpstream,
  hangsUp,
  openFakeUpstream,
  playsAnthropic,
  playsOpenAi,
  type Script,
  sendsBodyBytes,
  staysSilent,
  streamsText,
} from '@app/testkit';
import OpenAI from 'openai';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTestServer, providerSecret, type TestServer } from '../create-test-server.ts';
import { testKeys } from '../test-keys.ts';

const HTML = '<!doctype html><h1>502 Bad Gateway</h1><script>alert(1)</script>';
const TEXT = 'Hällo 👋🏽 wörld';

let primary: FakeUpstream;
let backup: FakeUpstream;
let server: TestServer;
let openai: OpenAI;
let anthropic: Anthropic;

beforeEach(async () => {
  primary = await openFakeUpstream();
  backup = await openFakeUpstream(playsAnthropic({ text: TEXT }));
  await openServer(300);
});

async function openServer(waitMs: number): Promise<void> {
  server = await createTestServer({
    providers: [
      { id: 'primary', dialect: 'openai-chat', baseUrl: primary.url, models: ['solo', 'shared'] },
      { id: 'backup', dialect: 'anthropic-messages', baseUrl: backup.url, models: ['shared'] },
    ],
    settings: { firstByteMs: waitMs, wholeFirstByteMs: waitMs, idleMs: waitMs, replyBytesMax: 1_000_000 },
  });
  openai = new OpenAI({ apiKey: testKeys.live, baseURL: `${server.url}/v1`, maxRetries: 0 });
  anthropic = new Anthropic({ apiKey: testKeys.live, baseURL: server.url, maxRetries: 0 });
}

afterEach(async () => {
  expect(server.defects).toEqual([]);
  await server.close();
  await primary.close();
  await backup.close();
});

const hello = [{ role: 'user' as const, content: 'Hello?' }];
const call = (model: string) => openai.chat.completions.create({ model, messages: hello });

/** Everything a stream gave until it ended or broke. */
async function drain(model: string): Promise<{ text: string; error: unknown; headers: Headers }> {
  const { data: stream, response } = await openai.chat.completions
    .create({ model, messages: hello, stream: true })
    .withResponse();
  let text = '';
  try {
    for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? '';
    return { text, error: undefined, headers: response.headers };
  } catch (error) {
    return { text, error, headers: response.headers };
  }
}

const failures: readonly (readonly [string, Script, number, string])[] = [
  ['answers HTML with 200', answersText(HTML, 200, 'text/html'), 502, 'provider_bad_response'],
  ['answers HTML with 502', answersText(HTML, 502, 'text/html'), 502, 'provider_failed'],
  ['answers 500', answersJson({ error: { message: 'boom' } }, 500), 502, 'provider_failed'],
  ['answers JSON that is no reply', answersJson({ hello: 1 }), 502, 'provider_bad_response'],
  ['hangs up', hangsUp, 502, 'provider_failed'],
  ['stays silent', staysSilent, 504, 'provider_timeout'],
  ['sends more than is read', sendsBodyBytes(2_000_000), 502, 'provider_bad_response'],
];

test.each(failures)(
  'a provider that %s is a typed error in both SDKs, and the trace tells',
  async (...given) => {
    const [, script, status, code] = given;
    primary.play(script);
    const error = await call('solo').catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(OpenAI.APIError);
    expect(error).toMatchObject({ status, code });
    expect(JSON.stringify(error)).not.toMatch(/<script>|canary/);

    const other = await anthropic.messages
      .create({ model: 'solo', max_tokens: 9, messages: hello })
      .catch((thrown: unknown) => thrown);
    expect(other).toBeInstanceOf(Anthropic.APIError);
    expect(other).toMatchObject({ status });
    expect(server.records).toHaveLength(2);
    expect(server.records[0]).toMatchObject({ status, errorCode: code, provider: 'primary' });
    expect(server.records[0]?.attempts).toMatchObject([{ outcome: 'failed', errorCode: code }]);
  },
);

test.each(failures)(
  'when another provider serves the model, one that %s is never noticed',
  async (...given) => {
    primary.play(given[1]);
    const { data, response } = await openai.chat.completions
      .create({ model: 'shared', messages: hello })
      .withResponse();
    expect(data.choices[0]?.message.content).toBe(TEXT);
    expect(response.headers.get('x-tokenrouter-provider')).toBe('backup');
    expect(response.headers.get('x-tokenrouter-attempts')).toBe('2');
    expect(data).toMatchObject({
      tokenrouter: { attempts: [{ provider: 'primary' }, { provider: 'backup', outcome: 'ok' }] },
    });
    expect(server.records[0]).toMatchObject({ status: 200, errorCode: undefined, provider: 'backup' });
    expect(server.records[0]?.attempts).toMatchObject([{ outcome: 'failed' }, { outcome: 'ok' }]);
  },
);

test('a stream that fails before its first part is replaced, and the caller gets one whole stream', async () => {
  primary.play(answersText(HTML, 200, 'text/html'));
  const { text, error, headers } = await drain('shared');
  expect({ text, error }).toEqual({ text: TEXT, error: undefined });
  expect(headers.get('x-tokenrouter-provider')).toBe('backup');
});

test.each(['cut', 'stall'] as const)(
  'a stream that is %s in the middle ends in a typed error, not like a success',
  async (ending) => {
    primary.play(playsOpenAi({ text: TEXT }, { ending }));
    const { text, error } = await drain('shared');
    expect(text).toBe(TEXT);
    expect(error).toBeInstanceOf(OpenAI.APIError);
    expect(backup.requests).toHaveLength(0);
    const errorCode = ending === 'cut' ? expect.stringMatching(/^provider_/) : 'provider_timeout';
    expect(server.records[0]).toMatchObject({ status: 200, errorCode, reply: { parts: [{ text: TEXT }] } });
  },
);

test('the bytes of a broken stream: a typed error event, then a close without the end marks', async () => {
  primary.play(playsOpenAi({ text: TEXT }, { ending: 'cut' }));
  const response = await fetch(`${server.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${testKeys.live}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'solo', messages: hello, stream: true }),
  });
  const seen: string[] = [];
  const readAll = async () => {
    for await (const bytes of response.body ?? []) seen.push(Buffer.from(bytes).toString());
  };
  await expect(readAll()).rejects.toThrow();
  const text = seen.join('');
  expect(text).toMatch(/data: \{"error":\{"type":"provider_error"/);
  expect(text).not.toContain('[DONE]');
});

test('a broken stream in the Anthropic SDK is an error as well, without message_stop', async () => {
  backup.play(playsAnthropic({ text: TEXT }, { ending: 'cut' }));
  primary.play(hangsUp);
  const stream = anthropic.messages.stream({ model: 'shared', max_tokens: 9, messages: hello });
  const types: string[] = [];
  stream.on('streamEvent', (event) => types.push(event.type));
  await expect(stream.finalMessage()).rejects.toThrow();
  expect(types).toContain('content_block_delta');
  expect(types).not.toContain('message_stop');
});

test.each([1, 2, 3, 7, 64])(
  'a stream cut into pieces of %i bytes, through characters and frames, says the same',
  async (pieceBytes) => {
    primary.play(playsOpenAi({ text: TEXT }, { pieceBytes }));
    expect(await drain('solo')).toMatchObject({ text: TEXT, error: undefined });
    primary.play(hangsUp);
    backup.play(playsAnthropic({ text: TEXT }, { pieceBytes }));
    expect(await drain('shared')).toMatchObject({ text: TEXT, error: undefined });
  },
);

test("a provider's own 400 keeps its status and says who spoke; its secret-bearing body stays here", async () => {
  primary.play(
    answersJson({ error: { message: `bad key ${providerSecret}`, type: 'invalid_request_error' } }, 400),
  );
  const error = await call('solo').catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(OpenAI.BadRequestError);
  expect(error).toMatchObject({ status: 400, error: { provider: 'primary' } });
  expect(JSON.stringify(error)).not.toContain('canary');
});

test("a provider's 401 is our failure and not the caller's", async () => {
  primary.play(answersJson({ error: { message: `Incorrect API key: ${providerSecret}` } }, 401));
  const error = await call('solo').catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ status: 502, code: 'provider_failed' });
  expect(String(error)).not.toContain('canary');
});

test("a provider's 429 is passed on with a retry-after that clients follow", async () => {
  primary.play(
    answersJson({ error: { message: 'slow down', type: 'rate_limit_error' } }, 429, { 'retry-after': '7' }),
  );
  const error = await call('solo').catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(OpenAI.APIError);
  const { status, headers } = error as InstanceType<typeof OpenAI.APIError>;
  expect([429, 503]).toContain(status);
  expect(headers?.get('retry-after')).toBe('7');
});

test('a caller that does not read makes the provider wait, and gets every byte in the end', async () => {
  const frame = (content: string) =>
    `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content } }] })}\n\n`;
  const end = `data: ${JSON.stringify({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] })}\n\n`;
  const frames = frame('work '.repeat(2_000)).repeat(3_000);
  primary.play(streamsText(`${frames}${end}data: [DONE]\n\n`, { pieceBytes: 65_536 }));
  const response = await fetch(`${server.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${testKeys.live}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'solo', messages: hello, stream: true }),
  });
  let before = -1;
  const stands = () => {
    const now = primary.bytesTaken();
    const isSame = now === before;
    before = now;
    return isSame;
  };
  await expect.poll(stands, { interval: 100 }).toBe(true);
  expect(primary.bytesTaken()).toBeLessThan(frames.length / 2);
  const body = await response.text();
  expect(body.length).toBe(frames.length + end.length + 'data: [DONE]\n\n'.length);
  expect(body.trimEnd().endsWith('data: [DONE]')).toBe(true);
});

test('fifty callers that leave at once leave no connection to the provider behind', async () => {
  // A machine that is busy with all fifty may be silent itself for as long as the other tests wait.
  await server.close();
  await openServer(15_000);
  primary.play(playsOpenAi({ text: TEXT }, { ending: 'stall' }));
  await Promise.all(
    Array.from({ length: 50 }, async () => {
      const stream = await openai.chat.completions.create({ model: 'solo', messages: hello, stream: true });
      for await (const chunk of stream) if (chunk.choices[0]?.delta.content) break;
    }),
  );
  const ends = await Promise.all(primary.requests.map((request) => request.closed));
  expect(ends).toEqual(Array.from({ length: 50 }, () => 'aborted'));
  await expect.poll(() => primary.connectionCount()).toBe(0);
  await expect.poll(() => server.records.length).toBe(50);
  expect(new Set(server.records.map((record) => record.status))).toEqual(new Set([499]));
});
