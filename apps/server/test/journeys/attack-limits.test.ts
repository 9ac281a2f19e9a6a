import { answersJson, type FakeUpstream, openFakeUpstream, staysSilent } from '@app/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Browser, openBrowser } from '../browser.ts';
import { openWholeServer, type WholeServer } from '../open-whole-server.ts';

const PRICE = '{ input: 1, output: 2 }';
const configFor = (url: string) => `
allow_private_hosts: ['127.0.0.1']
providers:
  - { id: acme, dialect: openai-chat, base_url: '${url}', models: [Large, small] }
models:
  - { id: acme/Large, price: ${PRICE} }
  - { id: acme/small, price: ${PRICE} }
aliases: { best: acme/Large }
defaults: { held_wait_seconds: 0 }
`;

let upstream: FakeUpstream;
let server: WholeServer;
let owner: Browser;
let usage: object | undefined;

beforeAll(async () => {
  upstream = await openFakeUpstream(staysSilent);
  server = await openWholeServer(configFor(upstream.url));
  owner = openBrowser(server.app);
  const person = { name: 'Ada', email: 'ada@example.com', password: 'correct horse battery' };
  const token = new URL((await server.setup.openSetupLink())?.url ?? '').hash.replace('#token=', '');
  await owner.post('/api/v1/setup', { ...person, token });
  await owner.post('/api/auth/sign-in/email', { email: person.email, password: person.password });
}, 60_000);
afterAll(async () => {
  await server.close();
  await upstream.close();
  expect(server.errors).toEqual([]);
});
beforeEach(() => {
  usage = { prompt_tokens: 100, completion_tokens: 50, total_tokens: 150 };
  upstream.requests.length = 0;
  upstream.play((response, request) => {
    const message = { role: 'assistant', content: 'hello' };
    const reply = { id: 'c', object: 'chat.completion', created: 1, model: 'm' };
    const choices = [{ index: 0, message, finish_reason: 'stop' }];
    return answersJson({ ...reply, choices, ...(usage && { usage }) })(response, request);
  });
});

const HOME = '/api/v1/projects/default';
/** 100 input and 50 output tokens at this price. */
const CALL_NANOS = 200_000;

async function made(path: string, body: object): Promise<{ id: string; secret: string }> {
  const reply = await owner.post(`${HOME}/${path}`, body);
  expect(reply.statusCode, reply.body).toBe(201);
  const { key, secret = '', id = key?.id } = reply.json();
  return { id, secret };
}

const aKey = (more: object = {}) =>
  made('keys', { name: 'attacker', permissions: ['inference:call'], ...more });

type Sent = { status: number; code: string };

async function call(
  secret: string,
  body: object = {},
  headers: { [name: string]: string } = {},
): Promise<Sent> {
  const reply = await fetch(`${server.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json', ...headers },
    body: JSON.stringify({
      model: 'acme/Large',
      max_tokens: 50,
      messages: [{ role: 'user', content: 'x'.repeat(150) }],
      ...body,
    }),
  });
  const said = (await reply.json()) as { error?: { code: string } };
  return { status: reply.status, code: said.error?.code ?? '' };
}

async function spent(id: string): Promise<number> {
  const { states } = (await owner.get(`${HOME}/budgets/${id}`)).json();
  expect(states[0]?.reserved.nanos ?? 0).toBe(0);
  return states[0]?.spent.nanos ?? 0;
}

describe('a limit on a model', () => {
  test('is not escaped by another spelling of its name', async () => {
    const { secret } = await aKey();
    const { id } = await made('limits', {
      ...{ name: 'none of it', scope: { kind: 'model', id: 'acme/Large' }, measure: 'requests' },
      ...{ period: 'day', max: 0 },
    });
    const names = ['Large', 'acme/Large', 'best', 'Large:cost', 'acme/large', 'acme/LARGE', 'acme/lArGe'];
    for (const model of names) expect((await call(secret, { model })).code, model).toBe('quota_exceeded');
    for (const model of [
      'acme/Large ',
      ' acme/Large',
      'acme/ Large',
      'acme/Large\u200b',
      'acme/Large\n',
      'large',
    ])
      expect((await call(secret, { model })).code, model).toBe('model_not_found');
    expect(upstream.requests).toEqual([]);
    expect((await call(secret, { model: 'small' })).status).toBe(200);
    await owner.delete(`${HOME}/limits/${id}`);
  });
});

describe('a limit on a label or a key', () => {
  test('is not escaped by labels and users that a call names', async () => {
    const { id, secret } = await aKey({ tags: ['team'] });
    const limit = { measure: 'requests', period: 'day', max: 1 };
    await made('limits', { name: 'the team', scope: { kind: 'tag', id: 'team' }, ...limit });
    await made('limits', { name: 'the key', scope: { kind: 'key', id }, ...limit });
    expect((await call(secret)).status).toBe(200);
    for (const tags of ['', 'other', 'team', ',,,', 'Team', 'team , other'])
      for (const user of ['ann', '*', '', 'x'.repeat(10_000)])
        expect(await call(secret, { user }, { 'x-tokenrouter-tags': tags }), `${tags} ${user}`).toMatchObject(
          {
            status: 429,
          },
        );
    expect(upstream.requests).toHaveLength(1);
  });
});

describe('a budget', () => {
  const budgetOf = (id: string, amount: string) =>
    made('budgets', { name: 'attacked', scope: { kind: 'key', id }, amount_usd: amount, period: 'month' });

  test.each([
    ['less than nothing', { prompt_tokens: -100, completion_tokens: -1 }],
    ['more than there can be', { prompt_tokens: 1e18, completion_tokens: 1e18 }],
    ['text', { prompt_tokens: '100', completion_tokens: null }],
    [
      'parts that are more than the whole',
      { prompt_tokens: 1, prompt_tokens_details: { cached_tokens: 9e9 } },
    ],
    ['no usage at all', undefined],
  ])(
    'is charged something between its floor and what was held when a provider reports %s',
    async (_, reported) => {
      const { id, secret } = await aKey();
      const budget = await budgetOf(id, '0.001');
      usage = reported;
      expect((await call(secret)).status).toBe(200);
      const nanos = await spent(budget.id);
      expect(Number.isSafeInteger(nanos)).toBe(true);
      expect(nanos).toBeGreaterThan(0);
      usage = { prompt_tokens: 1, completion_tokens: 1 };
      for (let turn = 0; turn < 10; turn += 1) await call(secret);
      expect(await spent(budget.id)).toBeGreaterThanOrEqual(nanos);
    },
  );

  test('loses nothing and gives nothing while it is lowered, raised, granted to and ended under calls', async () => {
    const { id, secret } = await aKey();
    const budget = await budgetOf(id, '0.004');
    const path = `${HOME}/budgets/${budget.id}`;
    const calls = Array.from({ length: 60 }, () => call(secret));
    const changes = ['0.001', '0.006', '0.002', '0.004'].map((amount_usd) =>
      owner.patch(path, { amount_usd }),
    );
    const grant = owner.post(`${path}/grants`, { amount_usd: '0.002' });
    const answers = await Promise.all(calls);
    for (const { statusCode } of await Promise.all([...changes, grant])) expect(statusCode).toBeLessThan(500);
    const served = answers.filter(({ status }) => status === 200).length;
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 402]));
    expect(await spent(budget.id)).toBe(served * CALL_NANOS);
    // The most that was ever available: the largest amount and the grant.
    expect(served * CALL_NANOS).toBeLessThanOrEqual(8_000_000);
    const late = Array.from({ length: 20 }, () => call(secret));
    expect((await owner.delete(path)).statusCode).toBeLessThan(300);
    await Promise.all(late);
    expect((await call(secret)).status).toBe(200);
  });

  test('holds for every choice, prompt and word in which more output may be asked for', async () => {
    const { id, secret } = await aKey();
    await budgetOf(id, '0.0005');
    for (const body of [
      { n: 1e9 },
      { n: '100' },
      { best_of: 100 },
      { max_completion_tokens: 1, max_tokens: 1e9, n: 100 },
      { max_tokens: undefined, n: 128 },
    ]) {
      await call(secret, body);
      const sent = upstream.requests.at(-1)?.json;
      if (sent === undefined) continue;
      const cap = Math.max(Number(sent.max_tokens ?? 0), Number(sent.max_completion_tokens ?? 0));
      const choices = Math.max(Number(sent.n ?? 1), Number(sent.best_of ?? 1));
      expect(cap * Math.min(choices, 128) * 2_000, JSON.stringify(body)).toBeLessThanOrEqual(500_000);
    }
  });

  test.each([
    -1,
    -0.5,
    1.5,
    Number.POSITIVE_INFINITY,
    '1e3',
    '-5',
    '0x10',
    ' 5',
    '9'.repeat(400),
    'NaN',
    null,
    {},
  ])('takes no amount and no bound of %j, and names the field', async (value) => {
    const raw = JSON.stringify(value === Number.POSITIVE_INFINITY ? 'HUGE' : value).replace(
      '"HUGE"',
      '1e999',
    );
    const about = '"name": "absurd", "scope": {"kind": "user"}';
    const send = async (path: string, body: string) => {
      const [origin, host] = ['http://127.0.0.1:4000', '127.0.0.1:4000'];
      const cookie = [...owner.cookies].map(([name, text]) => `${name}=${text}`).join('; ');
      const headers = { host, origin, cookie, 'content-type': 'application/json' };
      const reply = await server.app.inject({ method: 'POST', url: HOME + path, headers, payload: body });
      return `${reply.statusCode} ${reply.json().error?.param}`;
    };
    expect(await send('/budgets', `{${about}, "amount_usd": ${raw}}`)).toBe('400 amount_usd');
    const limit = `${about}, "measure": "requests", "period": "day"`;
    expect(await send('/limits', `{${limit}, "max": ${raw}}`)).toBe('400 max');
  });
});
