import { createHash, createHmac } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Secret } from '../secret.ts';
import { authHeaders } from './auth-headers.ts';
import { secretsOf } from './secrets-of.ts';
import { signAws } from './sign-aws.ts';

const SECRET = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';
const auth = {
  kind: 'aws-sigv4',
  region: 'us-east-1',
  service: 'service',
  accessKeyId: 'AKIDEXAMPLE',
  secret: new Secret(SECRET),
} as const;
const request = {
  method: 'POST',
  host: 'example.amazonaws.com',
  path: '/',
  contentType: 'application/x-www-form-urlencoded',
  body: 'Param1=value1',
  atMs: Date.UTC(2015, 7, 30, 12, 36, 0),
};

test('the signature is the one that AWS publishes in its test suite', () => {
  expect(signAws(auth, request)).toEqual({
    authorization:
      'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, ' +
      'SignedHeaders=content-type;host;x-amz-date, ' +
      'Signature=ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a',
    'x-amz-date': '20150830T123600Z',
  });
});

test('every model name and body is signed as the specification says, session token included', () => {
  const session = { ...auth, service: 'bedrock', region: 'eu-west-1', sessionToken: new Secret('token==') };
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.string({ unit: 'binary' }),
      (model, body) => {
        const path = `/model/${encodeURIComponent(model.toWellFormed())}x/converse`;
        const covered = { ...request, path, contentType: 'application/json', body: body.toWellFormed() };
        const { authorization } = signAws(session, covered);
        expect(authorization).toMatch(new RegExp(`Signature=${recompute(covered)}$`));
      },
    ),
    { seed: 7, numRuns: 200 },
  );
});

test('bytes are signed like the text that they are, and a request without a body by AWS’s own vector', () => {
  const bytes = Buffer.from(`..${request.body}`).subarray(2);
  expect(signAws(auth, { ...request, body: bytes })).toEqual(signAws(auth, request));
  const bare = { ...request, method: 'GET', contentType: undefined, body: '' };
  expect(signAws(auth, bare).authorization).toContain(
    'SignedHeaders=host;x-amz-date, Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31',
  );
});

test('a change of anything that is signed changes the signature', () => {
  const signed = signAws(auth, request).authorization;
  const changes = [{ body: 'Param1=value2' }, { path: '/x' }, { host: 'evil.example' }, { atMs: 0 }];
  for (const change of changes) {
    expect(signAws(auth, { ...request, ...change }).authorization).not.toBe(signed);
  }
});

test('no header of a signed request holds the secret, and every secret text is known for removal', () => {
  const session = { ...auth, sessionToken: new Secret('a-session-token') };
  const headers = authHeaders(session, request);
  expect(JSON.stringify(headers)).not.toContain(SECRET);
  expect(headers['x-amz-security-token']).toBe('a-session-token');
  expect(secretsOf(session)).toEqual([SECRET, 'a-session-token', 'AKIDEXAMPLE']);
  expect(JSON.stringify(session)).not.toMatch(/wJalr|a-session/);
  expect(() => authHeaders(session)).toThrow('needs the request');
});

/** The algorithm once more, step by step as AWS's page tells it. */
function recompute({ path, body, host }: typeof request): string {
  const hash = (text: string) => createHash('sha256').update(text).digest('hex');
  const hmac = (key: Buffer | string, text: string) => createHmac('sha256', key).update(text).digest();
  const uri = path
    .split('/')
    .map((part) =>
      encodeURIComponent(part).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`),
    )
    .join('/');
  const canonical = [
    'POST',
    uri,
    '',
    'content-type:application/json',
    `host:${host}`,
    'x-amz-date:20150830T123600Z',
    'x-amz-security-token:token==',
    '',
    'content-type;host;x-amz-date;x-amz-security-token',
    hash(body),
  ].join('\n');
  const scope = '20150830/eu-west-1/bedrock/aws4_request';
  const text = ['AWS4-HMAC-SHA256', '20150830T123600Z', scope, hash(canonical)].join('\n');
  const key = ['20150830', 'eu-west-1', 'bedrock', 'aws4_request'].reduce<Buffer | string>(
    (current, step) => hmac(current, step),
    `AWS4${SECRET}`,
  );
  return hmac(key, text).toString('hex');
}
