import type { KeyModeAsked, Outcome, Principal } from '@app/gateway';
import { Secret } from '@app/providers';
import { expect, test } from 'vitest';
import { digest, findTestPrincipal, testKeys } from '../../test/test-keys.ts';
import { type Brought, createTakeKeys } from './create-take-keys.ts';

const byProvider = new Map([['openai', new Secret('sk-theirs')]]);
const opening = { open: async () => ({ ok: true as const, value: byProvider }) };
const HEADER = 'x-tr-provider-keys';

function principalOf(key: keyof typeof testKeys): Principal {
  const found = findTestPrincipal(digest(testKeys[key]));
  if (found === undefined) throw new Error('There is no such key.');
  return found;
}

type Request = { headers?: Record<string, string>; keyMode?: KeyModeAsked; key?: keyof typeof testKeys };

function take(takeKeys: ReturnType<typeof createTakeKeys>, { headers = {}, keyMode, key = 'live' }: Request) {
  const request = { headers, keyMode, principal: principalOf(key), hasLeft: () => false };
  return new Promise<Outcome<Brought>>((done) => takeKeys(request, done));
}

test('a call that says nothing of keys is answered at once, with nothing', () => {
  let brought: Outcome<Brought> | undefined;
  const request = { headers: {}, principal: principalOf('live'), hasLeft: () => false };
  createTakeKeys(opening)(request, (outcome) => {
    brought = outcome;
  });
  expect(brought).toEqual({ ok: true, value: {} });
});

test.each(['inline', 'mixed', 'auto', undefined] as const)(
  'mode %s brings the keys along',
  async (keyMode) => {
    const outcome = await take(createTakeKeys(opening), {
      headers: { [HEADER]: 'envelope' },
      ...(keyMode && { keyMode }),
    });
    expect(outcome).toEqual({ ok: true, value: { callerKeys: { mode: keyMode ?? 'auto', byProvider } } });
  },
);

test('the mode may come in a header of its own, and must not contradict the body', async () => {
  const headers = { [HEADER]: 'envelope', 'x-tr-key-mode': 'inline' };
  const takeKeys = createTakeKeys(opening);
  expect(await take(takeKeys, { headers })).toMatchObject({ value: { callerKeys: { mode: 'inline' } } });
  expect(await take(takeKeys, { headers, keyMode: 'inline' })).toMatchObject({ ok: true });
  const refused = { ok: false, error: { code: 'invalid_parameter', detail: { param: 'x-tr-key-mode' } } };
  expect(await take(takeKeys, { headers, keyMode: 'mixed' })).toMatchObject(refused);
  expect(await take(takeKeys, { headers: { 'x-tr-key-mode': 'theirs' } })).toMatchObject(refused);
});

test('stored and test keys leave the header closed, and say so', async () => {
  const closed = createTakeKeys({ open: () => Promise.reject(new Error('It was opened.')) });
  const headers = { [HEADER]: 'envelope' };
  expect(await take(closed, { headers, keyMode: 'stored' })).toEqual({
    ok: true,
    value: { warnings: ['X-TR-Provider-Keys was ignored: key_mode is stored.'] },
  });
  expect(await take(closed, { headers, key: 'sandbox' })).toEqual({
    ok: true,
    value: { warnings: ['X-TR-Provider-Keys was ignored: the sandbox answers test keys.'] },
  });
  expect(await take(closed, { key: 'sandbox', keyMode: 'inline' })).toEqual({ ok: true, value: {} });
});

test.each([
  ['without the header in mode inline', { keyMode: 'inline' }, 'missing_parameter'],
  ['with an empty header', { headers: { [HEADER]: '' } }, 'invalid_parameter'],
] as const)('a call %s is refused by the header’s name', async (_what, request, code) => {
  const outcome = await take(createTakeKeys(opening), request);
  expect(outcome).toMatchObject({ ok: false, error: { code, detail: { param: HEADER } } });
});

test('where the operator has switched it off the header is refused, and calls without it go on', async () => {
  const off = createTakeKeys(undefined);
  const refused = await take(off, { headers: { [HEADER]: 'envelope' } });
  expect(refused).toMatchObject({ ok: false, error: { code: 'unsupported_parameter' } });
  expect(await take(off, { keyMode: 'mixed' })).toEqual({ ok: true, value: {} });
});

test('what fails without a reason of the caller’s is told as such, with nothing of the cause', async () => {
  const away = createTakeKeys({ open: () => Promise.reject(new Error('canary')) });
  const outcome = await take(away, { headers: { [HEADER]: 'envelope' } });
  expect(outcome).toMatchObject({ ok: false, error: { code: 'store_unavailable', status: 503 } });
  if (!outcome.ok) expect(outcome.error.message).not.toContain('canary');
});

test('a caller that left meanwhile starts nothing', async () => {
  let calls = 0;
  let answer: (outcome: Outcome<Brought['callerKeys'] & object>) => void = () => {};
  const open = () =>
    new Promise<Outcome<typeof byProvider>>((resolve) => {
      answer = () => resolve({ ok: true, value: byProvider });
    });
  const request = { headers: { [HEADER]: 'e' }, principal: principalOf('live'), hasLeft: () => true };
  createTakeKeys({ open })(request, () => {
    calls += 1;
  });
  answer({ ok: true, value: { mode: 'auto', byProvider } });
  await new Promise((done) => setImmediate(done));
  expect(calls).toBe(0);
});
