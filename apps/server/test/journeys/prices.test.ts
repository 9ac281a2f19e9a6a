import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Repricing, type Trace } from '@app/contract';
import { answersJson, type FakeUpstream, openFakeUpstream } from '@app/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runHere } from '../run-here.ts';
import {
  eventually,
  makePlace,
  type Place,
  runCli,
  type ServerProcess,
  startProcess,
} from '../start-process.ts';

let upstream: FakeUpstream;
let place: Place;
let server: ServerProcess;
let secret = '';
const traceIds: string[] = [];

/** What the operator believed first, and what the contract says. */
const believed = '{ input: 9, output: 9 }';
const right = '{ input: 1, output: 2, cache_read: "0.1", tool_fees: { web_search: 10 } }';

const configOf = (price: string): string =>
  [
    'providers:',
    `  - { id: vendor, dialect: openai-chat, base_url: "${upstream.url}/v1", models: [m, unpriced] }`,
    '  - { id: openai, api_key: none, models: [gpt-4o], discount_percent: 12.5 }',
    `models: [{ id: vendor/m, price: ${price}, max_output_tokens: 4000 }]`,
    'allow_private_hosts: [127.0.0.1]',
  ].join('\n');

beforeAll(async () => {
  const message = { role: 'assistant', content: 'Hello' };
  const usage = {
    prompt_tokens: 1_000,
    completion_tokens: 500,
    total_tokens: 1_500,
    prompt_tokens_details: { cached_tokens: 400 },
  };
  upstream = await openFakeUpstream(
    answersJson({
      id: 'c',
      object: 'chat.completion',
      model: 'm',
      choices: [{ index: 0, message, finish_reason: 'stop' }],
      usage,
    }),
  );
  place = makePlace(configOf(believed));
  server = await startProcess(place);
  const permissions = ['inference:call', 'traces:read', 'settings:write', 'analytics:read'];
  const made = await runCli(place, [
    ...['keys', 'create', '--name', 'money'],
    ...permissions.flatMap((permission) => ['--permission', permission]),
  ]);
  secret = made.stdout.trim();
  for (let calls = 0; calls < 3; calls += 1) traceIds.push(await call('vendor/m'));
  await eventually(async () => ((await costOf(traceIds[2] ?? '')) === undefined ? undefined : true));
}, 240_000);
afterAll(async () => {
  await server.stop();
  await upstream.close();
  place.remove();
}, 60_000);

const headers = () => ({ authorization: `Bearer ${secret}`, 'content-type': 'application/json' });

async function call(model: string): Promise<string> {
  const traceId = (traceIds.length + 1).toString(16).padStart(32, '0');
  const reply = await fetch(`${server.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { ...headers(), traceparent: `00-${traceId}-${'1'.repeat(16)}-01` },
    body: JSON.stringify({ model, messages: [{ role: 'user', content: 'Hello' }] }),
  });
  expect(reply.status).toBe(200);
  await reply.text();
  return traceId;
}

async function costOf(traceId: string) {
  const reply = await fetch(`${server.url}/api/v1/projects/default/traces/${traceId}`, {
    headers: headers(),
  });
  if (reply.status !== 200) return undefined;
  const trace = (await reply.json()) as Trace;
  return trace.spans.map(({ cost, cost_label, price_version }) => [cost.nanos, cost_label, price_version]);
}

/** 1,000 in and 500 out, all at $9 per million: 400 of it was cached, whose rate nobody told. */
const BELIEVED_NANOS = 13_500_000;
/** 600 × $1 + 400 × $0.10 + 500 × $2. */
const RIGHT_NANOS = 1_640_000;

test('a call costs what the operator’s price says, and says by which price', async () => {
  const spans = await costOf(traceIds[0] ?? '');
  expect(spans?.length).toBe(2);
  for (const span of spans ?? []) {
    expect(span).toEqual([BELIEVED_NANOS, 'estimated', expect.stringMatching(/^operator [0-9a-f]{12}$/)]);
  }
});

test('a re-price over the API is dry unless it is told otherwise, and can be followed', async () => {
  const url = `${server.url}/api/v1/projects/default/repricings`;
  const from = new Date(Date.now() - 3_600_000).toISOString();
  const begun = await fetch(url, { method: 'POST', headers: headers(), body: JSON.stringify({ from }) });
  expect(begun.status).toBe(201);
  const { id } = Repricing.parse(await begun.json());
  const done = await eventually(async () => {
    const report = Repricing.parse(await (await fetch(`${url}/${id}`, { headers: headers() })).json());
    return report.status === 'done' ? report : undefined;
  });
  expect(done).toMatchObject({ applied: false, calls: { done: 3, total: 3, changed: 0 } });
  expect(done.total.before.nanos).toBe(3 * BELIEVED_NANOS);
  const bad = await fetch(url, { method: 'POST', headers: headers(), body: '{"from":"yesterday"}' });
  expect(bad.status).toBe(400);
});

test('prices show tells the price of every place that would answer, by whose list and with which discount', async () => {
  writeFileSync(join(place.dir, 'tokenrouter.yaml'), configOf(right));
  const shown = await runHere(place, ['prices', 'show', 'vendor/m']);
  expect(shown.code).toBe(0);
  expect(shown.stdout).toMatch(/^vendor\/m\n {2}price version {2}operator [0-9a-f]{12}\n/);
  expect(shown.stdout).toContain('read from cache           0.1\n');
  expect(shown.stdout).toContain('web searches: 10 USD per thousand\n');
  const table = await runHere(place, ['prices', 'show', 'openai/gpt-4o']);
  expect(table.stdout).toContain('genai-prices 0.1.8 (2026-09-23) openai/gpt-4o, less 12.5 %');
  expect(table.stdout).toContain('after the discount: 875/1000 of that');
  const dated = await runHere(place, ['prices', 'show', 'openai/o3', '--at', '2025-06-09', '--json']);
  expect(JSON.parse(dated.stdout)[0].price.rates.inputFresh).toBe(10_000_000);
  const none = await runHere(place, ['prices', 'show', 'vendor/unpriced']);
  expect(none.stdout).toContain('No price is known. Give it one in tokenrouter.yaml, under models[].price.');
  expect((await runHere(place, ['prices', 'show', 'nobody/m'])).code).toBe(1);
  expect((await runHere(place, ['prices', 'show'])).code).toBe(2);
}, 120_000);

test('re-price on the command line tells first and changes then, while the server runs, and a second time finds nothing', async () => {
  const day = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
  const dry = await runHere(place, ['re-price', '--from', day]);
  expect(dry).toMatchObject({ code: 0 });
  expect(dry.stdout).toContain('3 of 3 calls, 3 differ (nothing was changed; --apply changes it)');
  expect(dry.stdout).toMatch(/vendor\/m +3 +3 +0\.0405 +0\.00492 +-0\.03558\n/);
  expect(dry.stdout).toMatch(/vendor\/m: operator [0-9a-f]{12} -> operator [0-9a-f]{12}\n/);
  expect((await costOf(traceIds[0] ?? ''))?.[0]?.[0]).toBe(BELIEVED_NANOS);

  const applied = await runCli(place, ['re-price', '--from', day, '--apply', '--all-projects', '--json']);
  const [{ report }] = JSON.parse(applied.stdout) as [{ report: Repricing }];
  expect(Repricing.parse(report)).toMatchObject({
    status: 'done',
    applied: true,
    total: { before: { usd: '0.0405' }, after: { usd: '0.00492' }, difference: { usd: '-0.03558' } },
  });
  for (const traceId of traceIds) {
    const spans = await costOf(traceId);
    expect(spans?.map(([nanos, label]) => [nanos, label])).toEqual([
      [RIGHT_NANOS, 'exact'],
      [RIGHT_NANOS, 'exact'],
    ]);
  }
  const again = await runHere(place, ['re-price', '--from', day, '--apply']);
  expect(again.stdout).toContain('3 of 3 calls, 0 differ (applied)');
}, 180_000);

test.each([
  [['re-price', '--to', '2026-05-01'], 2, '--from: name the day'],
  [['re-price', '--from', 'May'], 2, '--from: "May" is neither a day'],
  [['re-price', '--from', '2026-05-01', '--all-projects', '--project', 'x'], 2, '--all-projects'],
  [['re-price', '--from', '2026-05-02', '--to', '2026-05-01'], 2, 'must begin before it ends'],
  [['re-price', '--from', '2026-05-01', '--project', 'nobody'], 1, 'There is no project "nobody".'],
  [['re-price', '--from', '2026-05-01', '--org', 'nobody'], 1, 'There is no organization "nobody".'],
] as const)(
  '%j ends with %s and a sentence',
  async (args, code, sentence) => {
    const { code: status, stderr, stdout } = await runHere(place, args);
    expect({ status, stdout }).toEqual({ status: code, stdout: '' });
    expect(stderr).toContain(sentence);
  },
  60_000,
);
