import type { ProviderRequest, Send, Sending } from '@app/gateway';
import { GatewayError } from '@app/protocol';
import { Secret } from '@app/providers';
import {
  answersJson,
  type FakeUpstream,
  hangsUp,
  openFakeUpstream,
  redirectsTo,
  sendsBodyBytes,
  sendsHeaderBytes,
  speaksGibberish,
  staysSilent,
  streamsText,
} from '@app/testkit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Resolve } from './create-connector.ts';
import { createOutbound, type Outbound, type OutboundDeps } from './create-outbound.ts';

let upstream: FakeUpstream;
let outbound: Outbound;

beforeEach(async () => {
  upstream = await openFakeUpstream(answersJson({ ok: true }));
  outbound = openOutbound();
});

afterEach(async () => {
  await outbound.destroy();
  await upstream.close();
});

const neverResolves: Resolve = (hostname) => {
  throw new Error(`nothing should ask for ${hostname}`);
};
const sandboxMissing: Send = () => {
  throw new Error('nothing should reach the sandbox');
};

function openOutbound(deps: Partial<OutboundDeps> = {}): Outbound {
  return createOutbound({
    allowPrivateHosts: ['127.0.0.1'],
    resolve: neverResolves,
    sandboxSend: sandboxMissing,
    nowMs: () => 0,
    ...deps,
  });
}

function requestTo(baseUrl: string, change: Partial<ProviderRequest> = {}): ProviderRequest {
  return {
    provider: {
      id: 'acme',
      dialect: 'openai-chat',
      baseUrl,
      auth: { kind: 'bearer', secret: new Secret('canary-secret') },
      headers: { 'x-operator': 'yes' },
    },
    mode: 'live',
    path: '/chat/completions',
    headers: { 'content-type': 'application/json' },
    body: '{"hello":"wörld"}',
    ...change,
  };
}

type Answer = { status: number | undefined; body: string; error: GatewayError | undefined };

/** Sends and waits for the end, whichever it is. */
function ask(send: Send, request: ProviderRequest, onChunk?: (sending: Sending) => void): Promise<Answer> {
  return new Promise((resolve) => {
    let status: number | undefined;
    const chunks: Uint8Array[] = [];
    const body = () => Buffer.concat(chunks).toString();
    const sending = send(request, {
      onHead: (code) => {
        status = code;
      },
      onChunk: (bytes) => {
        chunks.push(Uint8Array.from(bytes));
        onChunk?.(sending);
      },
      onEnd: () => resolve({ status, body: body(), error: undefined }),
      onError: (error) => resolve({ status, body: body(), error }),
    });
  });
}

test('a request reaches the provider with its path, its body, its credential and nothing of the connection', async () => {
  const request = requestTo(`${upstream.url}/v1`, {
    headers: {
      'content-type': 'application/json',
      Authorization: 'Bearer callers-own',
      cookie: 'session=1',
      host: 'elsewhere.example',
      'transfer-encoding': 'chunked',
      'x-forwarded-for': '10.0.0.1',
    },
  });
  const answer = await ask(outbound.send, request);
  expect(answer).toEqual({ status: 200, body: '{"ok":true}', error: undefined });
  const got = await upstream.received(0);
  expect(got).toMatchObject({ method: 'POST', path: '/v1/chat/completions', body: '{"hello":"wörld"}' });
  expect(got.headers).toEqual({
    host: upstream.url.slice('http://'.length),
    connection: 'keep-alive',
    'accept-encoding': 'identity',
    'user-agent': 'tokenrouter',
    'content-type': 'application/json',
    'content-length': '18',
    'x-operator': 'yes',
    authorization: 'Bearer canary-secret',
  });
});

test('a base URL may have a query, which follows the path', async () => {
  await ask(outbound.send, requestTo(`${upstream.url}/v1/?api-version=7`));
  expect((await upstream.received(0)).path).toBe('/v1/chat/completions?api-version=7');
  await ask(outbound.send, requestTo(`${upstream.url}/v1?key=7`, { path: '/x:stream?alt=sse' }));
  expect((await upstream.received(1)).path).toBe('/v1/x:stream?alt=sse&key=7');
});

test('a path that climbs out of the base path is never sent', async () => {
  const answer = await ask(outbound.send, requestTo(`${upstream.url}/v1`, { path: '/../admin' }));
  expect(answer.error?.code).toBe('internal_error');
  expect(upstream.requests).toHaveLength(0);
});

test('connections are kept and used again', async () => {
  for (let count = 0; count < 20; count += 1) await ask(outbound.send, requestTo(upstream.url));
  expect(upstream.requests).toHaveLength(20);
  // Two, because a request sent from within the end of another finds that connection not yet free.
  expect(upstream.connectionCount()).toBeLessThanOrEqual(2);
});

test('a redirect is not followed and its target never hears of the credential', async () => {
  const target = await openFakeUpstream(answersJson({}));
  for (const status of [301, 302, 303, 307, 308]) {
    upstream.play(redirectsTo(`${target.url}/stolen`, status));
    const answer = await ask(outbound.send, requestTo(upstream.url));
    expect(answer).toMatchObject({ status: undefined, body: '', error: { code: 'provider_bad_response' } });
  }
  expect(target.requests).toHaveLength(0);
  await target.close();
});

test.each([
  ['hangs up', hangsUp, 'provider_failed'],
  ['speaks no HTTP', speaksGibberish, 'provider_bad_response'],
  ['sends 40 KB of headers', sendsHeaderBytes(40_000), 'provider_bad_response'],
  ['sends a body over the limit', sendsBodyBytes(300_000), 'provider_bad_response'],
  ['cuts the answer', streamsText('data: {}\n\n', { ending: 'cut' }), 'provider_failed'],
  ['stays silent', staysSilent, 'provider_timeout'],
  ['stalls', streamsText('data: {}\n\n', { ending: 'stall' }), 'provider_timeout'],
] as const)('a provider that %s gives a typed error without a secret', async (_, script, code) => {
  await outbound.destroy();
  outbound = openOutbound({ limits: { silenceTimeoutMs: 200, responseBytesMax: 262_144 } });
  upstream.play(script);
  const { error } = await ask(outbound.send, requestTo(upstream.url));
  expect(error).toBeInstanceOf(GatewayError);
  expect(error).toMatchObject({ code, detail: { provider: 'acme' } });
  expect(error?.message).toMatch(/^The provider acme /);
  expect(JSON.stringify(error) + String(error?.stack)).not.toContain('canary');
});

test('a compressed answer, which nobody asked for, is refused', async () => {
  upstream.play(answersJson({}, 200, { 'content-encoding': 'gzip' }));
  const { error } = await ask(outbound.send, requestTo(upstream.url));
  expect(error?.code).toBe('provider_bad_response');
});

test('a port where nobody listens is a provider that failed', async () => {
  const { url } = upstream;
  await upstream.close();
  const { error } = await ask(outbound.send, requestTo(url));
  expect(error).toMatchObject({
    code: 'provider_failed',
    message: 'The provider acme refused the connection.',
  });
});

test('a credential that cannot be a header is refused without being shown', async () => {
  const request = requestTo(upstream.url);
  const auth = { kind: 'bearer', secret: new Secret('canary\r\nx-evil: 1') } as const;
  const { error } = await ask(outbound.send, { ...request, provider: { ...request.provider, auth } });
  expect(error?.message).not.toContain('canary');
  expect(upstream.requests).toHaveLength(0);
});

test('cancel closes the connection and nothing is called afterwards', async () => {
  upstream.play(streamsText('data: {}\n\n', { ending: 'stall' }));
  const calls: string[] = [];
  await new Promise<void>((resolve) => {
    const sending = outbound.send(requestTo(upstream.url), {
      onHead: () => calls.push('head'),
      onChunk: () => {
        calls.push('chunk');
        sending.cancel();
        resolve();
      },
      onEnd: () => calls.push('end'),
      onError: () => calls.push('error'),
    });
  });
  expect(await (await upstream.received(0)).closed).toBe('aborted');
  expect(calls).toEqual(['head', 'chunk']);
});

test('cancel before the connection is made sends nothing', async () => {
  const fail = () => {
    throw new Error('nothing is called after cancel');
  };
  outbound
    .send(requestTo(upstream.url), { onHead: fail, onChunk: fail, onEnd: fail, onError: fail })
    .cancel();
  await ask(outbound.send, requestTo(upstream.url));
  expect(upstream.requests).toHaveLength(1);
});

test('a paused answer stops the provider from writing, and goes on unchanged after resume', async () => {
  const size = 20_000_000;
  upstream.play(sendsBodyBytes(size));
  let chunkCount = 0;
  const { body } = await ask(outbound.send, requestTo(upstream.url), (sending) => {
    chunkCount += 1;
    if (chunkCount !== 1) return;
    sending.pause();
    const seen = chunkCount;
    setImmediate(() => {
      expect(chunkCount).toBe(seen);
      sending.resume();
    });
  });
  expect(body).toHaveLength(size);
});

test('a test request reaches the sandbox and no provider, whatever the provider is', async () => {
  await outbound.destroy();
  const seen: string[] = [];
  outbound = openOutbound({
    sandboxSend: (request, reply) => {
      seen.push(request.provider.id);
      queueMicrotask(() => reply.onEnd());
      return { pause() {}, resume() {}, cancel() {} };
    },
  });
  await ask(outbound.send, requestTo(upstream.url, { mode: 'test' }));
  expect(seen).toEqual(['acme']);
  expect(upstream.requests).toHaveLength(0);
});

test('a live request for the sandbox is refused', async () => {
  const request = requestTo(upstream.url);
  const provider = { ...request.provider, id: 'sandbox' };
  const { error } = await ask(outbound.send, { ...request, provider });
  expect(error?.code).toBe('provider_not_allowed');
  expect(upstream.requests).toHaveLength(0);
});
