import type { Budget, BudgetNotice, NewBudget } from '@app/contract';
import { type FakeUpstream, openFakeUpstream, playsOpenAi } from '@app/testkit';
import OpenAI, { APIError } from 'openai';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runBudgets, runLimits } from '../../src/cli/limits-command.ts';
import {
  eventually,
  makePlace,
  type Place,
  runCli,
  type ServerProcess,
  startProcess,
} from '../start-process.ts';

const config = (url: string) => `
providers:
  - id: local
    dialect: openai-chat
    base_url: ${url}/v1
    models: [large, small, free-of-price]
models:
  - { id: local/large, price: { input: 1000, output: 2000 } }
  - { id: local/small, price: { input: 0.001, output: 0.002 } }
allow_private_hosts: [127.0.0.1]
limits:
  - { id: file-burst, project: default, scope: { kind: tag, id: slow }, measure: requests, period: minute, max: 1 }
budgets:
  - id: file-budget
    scope: { kind: user, id: from-file }
    amount_usd: "0"
`;

let upstream: FakeUpstream;
let place: Place;
let server: ServerProcess;
let admin: string;

beforeAll(async () => {
  upstream = await openFakeUpstream(playsOpenAi({ text: 'Hello.' }));
  place = makePlace(config(upstream.url));
  server = await startProcess(place);
  const permissions = [
    'inference:call',
    'models:read',
    'responses:read',
    'keys:write',
    'budgets:write',
    'analytics:read',
  ];
  const made = await runCli(place, [
    ...['keys', 'create', '--name', 'admin'],
    ...permissions.flatMap((permission) => ['--permission', permission]),
  ]);
  expect([made.code, made.stderr]).toEqual([0, expect.stringContaining('Made key_')]);
  admin = made.stdout.trim();
}, 240_000);

afterAll(async () => {
  await server?.stop();
  await upstream?.close();
  place?.remove();
});

const api = '/api/v1/projects/default';

async function ask<Body>(
  what: string,
  payload?: object,
): Promise<Body & { error?: { message: string; code: string } }> {
  const [method = 'GET', path = ''] = what.split(' ');
  const reply = await fetch(`${server.url}${api}${path}`, {
    method,
    headers: { authorization: `Bearer ${admin}`, 'content-type': 'application/json' },
    ...(payload === undefined ? {} : { body: JSON.stringify(payload) }),
  });
  return (await reply.json()) as Body & { error?: { message: string; code: string } };
}

/** A key of its own, so that what one test spends is no other's. */
async function openCaller(): Promise<{ keyId: string; client: OpenAI }> {
  const made = await ask<{ key: { id: string }; secret: string }>('POST /keys', { name: 'caller' });
  if (made.error !== undefined) throw new Error(made.error.message);
  const { key, secret } = made;
  return {
    keyId: key.id,
    client: new OpenAI({ apiKey: secret, baseURL: `${server.url}/v1`, maxRetries: 0 }),
  };
}

const create = (budget: Partial<NewBudget> & Pick<NewBudget, 'scope'>) =>
  ask<Budget>('POST /budgets', { name: 'journey', amount_usd: '0.10', ...budget });

/** A call that costs $0.035; its worst case is about twice that. Gives the model that answered, or the error. */
async function call(
  client: OpenAI,
  more: { model?: string; user?: string; headers?: Record<string, string> } = {},
) {
  const { model = 'local/large', user, headers = {} } = more;
  const asked = { model, max_tokens: 10, messages: [{ role: 'user' as const, content: 'Hello?' }] };
  try {
    const { response } = await client.chat.completions
      .create({ ...asked, ...(user === undefined ? {} : { user }) }, { headers })
      .withResponse();
    return {
      model: response.headers.get('x-tokenrouter-model'),
      headers: response.headers,
      error: undefined,
    };
  } catch (error) {
    if (!(error instanceof APIError)) throw error;
    return { model: undefined, headers: error.headers, error };
  }
}

async function spendAll(client: OpenAI, more: Parameters<typeof call>[1] = {}) {
  for (let made = 0; made < 40; made += 1) {
    const { error } = await call(client, more);
    if (error !== undefined) return { made, error };
  }
  throw new Error('The budget never ended.');
}

const untilNoticed = (id: string, kinds: readonly string[]) =>
  eventually(async () => {
    const { data } = await ask<{ data: BudgetNotice[] }>(`GET /budgets/${id}/notices`);
    return kinds.every((kind) => data.some((notice) => notice.kind === kind)) ? data : undefined;
  });

test('a budget ends calls with 402 in time, tells its owner on the way, and goes on when more is granted', async () => {
  const { keyId, client } = await openCaller();
  const budget = await create({
    scope: { kind: 'key', id: keyId },
    amount_usd: '1.00',
    owner: 'ann@example.com',
    warn_percents: [50],
  });
  const { made, error } = await spendAll(client);
  // Nine tenths at least: what is refused is less than a tenth of the whole.
  expect(made).toBeGreaterThanOrEqual(26);
  expect([error.status, error.code]).toEqual([402, 'budget_exceeded']);
  expect(error.message).toContain('journey');
  expect(error.headers?.get('x-should-retry')).toBe('false');
  const shown = await ask<Budget>(`GET /budgets/${budget.id}`);
  const [state] = shown.states;
  expect(state?.spent.nanos).toBe(made * 35_000_000);
  expect(state?.spent.nanos).toBeLessThanOrEqual(1_000_000_000);
  expect(state?.projected.nanos).toBeGreaterThanOrEqual(state?.spent.nanos ?? 0);
  const notices = await untilNoticed(budget.id, ['warned', 'exhausted']);
  expect(notices.every(({ told }) => told[0] === 'ann@example.com')).toBe(true);
  expect(notices.find(({ kind }) => kind === 'warned')?.percent).toBe(50);
  await eventually(async () => {
    const { states } = await ask<Budget>(`GET /budgets/${budget.id}`);
    return states[0]?.status === 'exhausted' || undefined;
  });

  const granted = await ask<Budget>(`POST /budgets/${budget.id}/grants`, {
    amount_usd: '0.10',
    reason: 'launch',
  });
  expect(granted.states[0]).toMatchObject({ available: { usd: '1.1' }, status: 'warned' });
  expect((await call(client)).error).toBeUndefined();
  await untilNoticed(budget.id, ['granted']);
  await ask(`DELETE /budgets/${budget.id}`);
  for (let made = 0; made < 5; made += 1) expect((await call(client)).error).toBeUndefined();
});

test('a budget that asks says so to the caller, and shows what its owner answered', async () => {
  const { keyId, client } = await openCaller();
  const budget = await create({ scope: { kind: 'key', id: keyId }, action: { kind: 'ask' }, owner: 'bob' });
  const { error } = await spendAll(client);
  expect(error.message).toContain('owner was asked');
  await untilNoticed(budget.id, ['asked']);
  const { data } = await ask<{ data: BudgetNotice[] }>(`POST /budgets/${budget.id}/declines`, {
    reason: 'enough',
  });
  expect(data).toMatchObject([{ kind: 'asked', answer: { kind: 'declined', reason: 'enough' } }]);
  expect((await ask(`POST /budgets/${budget.id}/declines`, {})).error?.code).toBe('conflict');
  await ask(`POST /budgets/${budget.id}/grants`, { amount_usd: '0.05' });
  await spendAll(client);
  const again = await eventually(async () => {
    const { data: all } = await ask<{ data: BudgetNotice[] }>(`GET /budgets/${budget.id}/notices`);
    const asked = all.filter(({ kind }) => kind === 'asked');
    return asked.length === 2 ? asked : undefined;
  });
  expect(again.map(({ answer }) => answer?.kind)).toEqual([undefined, 'declined']);
});

test('a budget that routes sends calls to the cheaper model once it is spent, and says so', async () => {
  const { keyId, client } = await openCaller();
  const budget = await create({
    scope: { kind: 'model', id: 'local/large' },
    action: { kind: 'route', model: 'local/small' },
  });
  expect(budget.error).toBeUndefined();
  const models: (string | null | undefined)[] = [];
  for (let made = 0; made < 5; made += 1) {
    const { model, error } = await call(client);
    expect([keyId, error]).toEqual([keyId, undefined]);
    models.push(model);
  }
  expect(models[0]).toBe('large');
  expect(models.at(-1)).toBe('small');
  await untilNoticed(budget.id, ['routed']);
  await ask(`DELETE /budgets/${budget.id}`);
});

test('a budget that only watches refuses nothing and tells that it would have', async () => {
  const { keyId, client } = await openCaller();
  const budget = await create({ scope: { kind: 'key', id: keyId }, enforcement: 'shadow' });
  for (let made = 0; made < 5; made += 1) expect((await call(client)).error).toBeUndefined();
  await untilNoticed(budget.id, ['exceeded_shadow']);
  await ask(`DELETE /budgets/${budget.id}`);
});

test('each user has an amount of its own, and is granted more by name', async () => {
  const { client } = await openCaller();
  const budget = await create({ scope: { kind: 'user', id: '*' } });
  await spendAll(client, { user: 'ann' });
  expect((await call(client, { user: 'bob' })).error).toBeUndefined();
  const { states } = await ask<Budget>(`GET /budgets/${budget.id}`);
  expect(states.map(({ subject }) => subject)).toEqual(['ann', 'bob']);
  expect((await ask(`POST /budgets/${budget.id}/grants`, { amount_usd: '1' })).error?.message).toContain(
    'subject',
  );
  await ask(`POST /budgets/${budget.id}/grants`, { amount_usd: '1', subject: 'ann' });
  expect((await call(client, { user: 'ann' })).error).toBeUndefined();
  await ask(`DELETE /budgets/${budget.id}`);
});

test('what has no price is not called where money is limited', async () => {
  const { keyId, client } = await openCaller();
  const budget = await create({ scope: { kind: 'key', id: keyId } });
  const { error } = await call(client, { model: 'local/free-of-price' });
  expect([error?.status, error?.code]).toEqual([402, 'budget_exceeded']);
  expect(error?.message).toContain('no price');
  await ask(`DELETE /budgets/${budget.id}`);
});

test('limits and budgets of the file hold, and change in the file alone', async () => {
  const { client } = await openCaller();
  expect((await call(client, { user: 'from-file' })).error?.code).toBe('budget_exceeded');
  const tagged = { headers: { 'x-tokenrouter-tags': 'slow' } };
  expect((await call(client, tagged)).error).toBeUndefined();
  const { error } = await call(client, tagged);
  expect([error?.status, error?.code]).toEqual([429, 'rate_limit_exceeded']);
  expect(error?.headers?.get('x-ratelimit-limit-requests')).toBe('1');
  expect((await ask('PATCH /limits/file-burst', { max: 5 })).error).toMatchObject({ code: 'conflict' });
});

/** Runs one command of the CLI against the running server, and gives what it wrote. */
async function run(command: typeof runLimits, ...args: string[]) {
  const out: string[] = [];
  const errors: string[] = [];
  const code = await command(args, {
    variables: place.environment,
    print: (text) => out.push(text),
    warn: (text) => errors.push(text),
    isTerminal: false,
    stopRequested: new Promise(() => undefined),
  });
  return { code, out: out.join(''), errors: errors.join('') };
}

test('the command line makes, shows, grants and ends limits and budgets while the server runs', async () => {
  const { keyId, client } = await openCaller();
  const scope = ['--scope', `key:${keyId}`];
  const limit = await run(
    runLimits,
    ...[
      'create',
      '--name',
      'two a minute',
      '--measure',
      'requests',
      '--period',
      'minute',
      '--max',
      '2',
      ...scope,
    ],
  );
  expect([limit.code, limit.errors]).toEqual([0, expect.stringContaining('Made the limit "two a minute"')]);
  const outcomes = [await call(client), await call(client), await call(client)];
  expect(outcomes.map(({ error }) => error?.status)).toEqual([undefined, undefined, 429]);
  expect((await run(runLimits, 'list')).out).toMatch(/two a minute +requests\/minute +key key_/);
  expect((await run(runLimits, 'delete', limit.out.trim())).code).toBe(0);
  expect((await call(client)).error).toBeUndefined();

  const budget = await run(runBudgets, 'create', '--name', 'team', '--amount', '0.0', ...scope);
  const id = budget.out.trim();
  expect((await call(client)).error?.status).toBe(402);
  expect((await run(runBudgets, 'grant', id, '--amount', '5')).code).toBe(0);
  expect((await call(client)).error).toBeUndefined();
  const shown = await eventually(async () => {
    const { out } = await run(runBudgets, 'show', id);
    return out.includes('$0.0350') ? out : undefined;
  });
  expect(shown).toMatch(/granted +all/);
  const listed: Budget[] = JSON.parse((await run(runBudgets, 'list', '--json')).out);
  expect(listed).toContainEqual(expect.objectContaining({ id, name: 'team' }));
  const whole: Budget[] = JSON.parse((await run(runBudgets, 'list', '--json', '--whole-organization')).out);
  expect(whole).toMatchObject([{ id: 'file-budget', source: 'file' }]);
  expect((await run(runBudgets, 'delete', id)).code).toBe(0);
  expect(await run(runBudgets, 'delete', id)).toMatchObject({ code: 1, out: '' });
  expect(await run(runBudgets, 'delete', 'file-budget', '--whole-organization')).toMatchObject({
    code: 1,
    errors: expect.stringContaining('edit tokenrouter.yaml'),
  });
}, 60_000);

test('what was spent and made is there after a kill and a new start', async () => {
  const { keyId, client } = await openCaller();
  const budget = await create({ scope: { kind: 'key', id: keyId } });
  const { made } = await spendAll(client);
  await server.kill();
  server = await startProcess(place);
  client.baseURL = `${server.url}/v1`;
  expect((await call(client)).error?.status).toBe(402);
  const { states } = await ask<Budget>(`GET /budgets/${budget.id}`);
  expect(states[0]?.spent.nanos).toBe(made * 35_000_000);
}, 120_000);
