import { generateKeyPairSync } from 'node:crypto';
import type { ProviderReply, Sending } from '@app/gateway';
import type { GatewayError } from '@app/protocol';
import { type Auth, Secret } from '@app/providers';
import {
  type AwsKeys,
  answersJson,
  type FakeUpstream,
  openFakeUpstream,
  playsBedrock,
  type Script,
} from '@app/testkit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createOutbound, type Outbound } from './create-outbound.ts';

const NOW = Date.UTC(2026, 4, 1, 12, 0, 0);
const keys: AwsKeys = { region: 'eu-west-1', accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'canary-secret' };
const signed: Auth = {
  kind: 'aws-sigv4',
  region: 'eu-west-1',
  service: 'bedrock',
  accessKeyId: 'AKIDEXAMPLE',
  secret: new Secret('canary-secret'),
};
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

let upstream: FakeUpstream;
let tokens: FakeUpstream;
let outbound: Outbound;

beforeEach(async () => {
  upstream = await openFakeUpstream(answersJson({ ok: true }));
  tokens = await openFakeUpstream(answersJson({ access_token: 'ya29.canary', expires_in: 3_600 }));
  outbound = createOutbound({
    allowPrivateHosts: ['127.0.0.1'],
    resolve: (hostname, done) => done(new Error(`nothing should ask for ${hostname}`), []),
    sandboxSend: () => {
      throw new Error('nothing should reach the sandbox');
    },
    nowMs: () => NOW,
  });
});

afterEach(async () => {
  await outbound.destroy();
  await upstream.close();
  await tokens.close();
});

function google(): Auth {
  const file = {
    type: 'service_account',
    client_email: 'a@b',
    private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
    token_uri: `${tokens.url}/token`,
  };
  return { kind: 'google-oauth', credentials: new Secret(JSON.stringify(file)), scopes: ['cloud'] };
}

type Answer = { status: number; body: string; error: GatewayError | undefined };

function send(auth: Auth, path: string, reply: ProviderReply): Sending {
  const provider = { id: 'cloud', dialect: 'gemini', baseUrl: upstream.url, auth, headers: {} } as const;
  const headers = { 'content-type': 'application/json' };
  return outbound.send({ provider, mode: 'live', path, headers, body: '{"text":"Grüße"}' }, reply);
}

function ask(auth: Auth, path = '/model/a.b%3A0/converse'): Promise<Answer> {
  return new Promise((resolve) => {
    const answer: Answer = { status: 0, body: '', error: undefined };
    send(auth, path, {
      onHead: (status) => {
        answer.status = status;
      },
      onChunk: (bytes) => {
        answer.body += Buffer.from(bytes).toString();
      },
      onEnd: () => resolve(answer),
      onError: (error) => resolve({ ...answer, error }),
    });
  });
}

test('a signature covers what goes over the wire, at the time of the clock', async () => {
  upstream.play(playsBedrock({ text: 'Hi' }, { keys }));
  expect(await ask(signed)).toMatchObject({ status: 200, error: undefined });
  const [request] = upstream.requests;
  expect(request?.headers['x-amz-date']).toBe('20260501T120000Z');
  expect(request?.headers.authorization).toContain('/20260501/eu-west-1/bedrock/aws4_request');
  expect(JSON.stringify(request)).not.toContain('canary');
});

test('what AWS says of a wrong signature comes back without the keys', async () => {
  upstream.play((response) => {
    response.writeHead(403, { 'content-type': 'application/json' });
    response.end('{"message":"no: AKIDEXAMPLE, canary\\u002dsecret"}');
  });
  const { status, body } = await ask(signed);
  expect(status).toBe(403);
  expect(body).toBe('{"message":"no: [secret], [secret]"}');
});

test('a call that needs a token waits for it, and the next one goes at once', async () => {
  const auth = google();
  expect(await ask(auth)).toMatchObject({ status: 200 });
  expect(upstream.requests[0]?.headers.authorization).toBe('Bearer ya29.canary');
  await ask(auth);
  expect(tokens.requests).toHaveLength(1);
});

test('a call that is given up while it waits for its token is never sent, and hears nothing', async () => {
  let release = (): void => {};
  const held: Script = (response) =>
    new Promise((resolve) => {
      release = () => {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end('{"access_token":"ya29.canary","expires_in":3600}', () => resolve());
      };
    });
  tokens.play(held);
  const auth = google();
  const heard: string[] = [];
  const given = send(auth, '/a', {
    onHead: () => heard.push('head'),
    onChunk: () => heard.push('chunk'),
    onEnd: () => heard.push('end'),
    onError: () => heard.push('error'),
  });
  given.pause();
  given.resume();
  await tokens.received(0);
  given.cancel();
  const second = ask(auth, '/b');
  release();
  expect(await second).toMatchObject({ status: 200 });
  expect(upstream.requests.map(({ path }) => path)).toEqual(['/b']);
  expect(heard).toEqual([]);
});

test('a token that the provider quotes in its refusal is not shown', async () => {
  upstream.play(answersJson({ error: { message: 'bad token ya29.canary' } }, 401));
  const { status, body } = await ask(google());
  expect(status).toBe(401);
  expect(body).not.toContain('ya29');
});

test('a provider that is not Google’s never sees a key file', async () => {
  await ask(google());
  for (const request of [...upstream.requests, ...tokens.requests]) {
    expect(JSON.stringify(request)).not.toContain('PRIVATE KEY');
  }
});
