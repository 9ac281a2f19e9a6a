import { afterAll, beforeAll, expect, test } from 'vitest';
import { isGenuineReceipt } from '../../src/retention/receipt-key.ts';
import { openTestStore, type TestStore } from '../open-test-store.ts';
import {
  eventually,
  makePlace,
  type Place,
  runCli,
  type ServerProcess,
  startProcess,
} from '../start-process.ts';

let stored: TestStore;
let place: Place;
let server: ServerProcess | undefined;
let key: string;

beforeAll(async () => {
  stored = await openTestStore();
  const { host = '', user = '', database = '' } = stored.place;
  // The trace store is the embedded one: it dies with its server, and comes back with the next.
  place = makePlace('', {
    DATABASE_URL: `postgres://${user}@localhost/${database}?host=${encodeURIComponent(host)}`,
  });
  server = await startProcess(place);
  const permissions = ['inference:call', 'traces:read', 'settings:write', 'analytics:read'];
  const options = permissions.flatMap((each) => ['--permission', each]);
  const made = await runCli(place, ['keys', 'create', '--name', 'kill', '--mode', 'test', ...options]);
  key = made.stdout.trim();
}, 60_000);
afterAll(async () => {
  await server?.kill();
  await stored?.close();
  place?.remove();
});

async function ask(path: string, body?: object): Promise<Response> {
  return fetch(`${server?.url}${path}`, {
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
  });
}

async function call(user: string): Promise<void> {
  const messages = [{ role: 'user', content: `What ${user} said` }];
  const response = await ask('/v1/chat/completions', { model: 'sandbox/echo', user, messages });
  expect(response.status).toBe(200);
  await response.text();
}

async function usersLeft(): Promise<string[]> {
  const exported = await ask('/api/v1/projects/default/export?from=2020-01-01T00:00:00.000Z');
  const lines = (await exported.text()).trimEnd().split('\n');
  const found = lines.map((line): { kind: string; user_id?: string } => JSON.parse(line));
  return found.filter(({ kind }) => kind === 'call').map(({ user_id }) => user_id ?? '');
}

test('a server killed in the middle of a deletion leaves it to the next one, which finishes it and gives the receipt', async () => {
  for (const user of ['eve', 'ann', 'eve']) await call(user);
  const begun = (await (
    await ask('/api/v1/projects/default/deletions', { filter: { user: 'eve' } })
  ).json()) as {
    id: string;
  };
  const find = async () => {
    const response = await ask(`/api/v1/projects/default/deletions/${begun.id}`);
    return (await response.json()) as {
      state: string;
      receipt: Parameters<typeof isGenuineReceipt>[0] | null;
    };
  };
  await eventually(async () => ((await find()).state === 'counting' ? undefined : true));
  expect(['deleting', 'sweeping']).toContain((await find()).state);
  await server?.kill();
  server = await startProcess(place);
  const done = await eventually(async () => {
    const { state, receipt } = await find();
    return state === 'done' || state === 'failed' ? { state, receipt } : undefined;
  });
  expect(done).toMatchObject({ state: 'done', receipt: { filter: { user: 'eve' } } });
  expect(done.receipt?.swept.every(({ left }) => left === 0)).toBe(true);
  const { keys } = (await (await ask('/.well-known/tr-receipt-key')).json()) as {
    keys: { public_key_pem: string }[];
  };
  expect(done.receipt && isGenuineReceipt(done.receipt, keys[0]?.public_key_pem ?? '')).toBe(true);
  expect(await usersLeft()).toEqual(['ann']);
}, 60_000);
