import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Browser, openBrowser } from '../../../../test/browser.ts';
import { openReceiver, type TestReceiver } from '../../../../test/open-receiver.ts';
import { openTestManagement, type TestManagement } from '../../../../test/open-test-management.ts';
import { tellBudgetNotice } from '../../../destinations/tell-budget-notice.ts';

const PATH = '/api/v1/organizations/default/destinations';
let server: TestManagement;
let receiver: TestReceiver;
let browser: Browser;

beforeAll(async () => {
  receiver = await openReceiver();
  const person = { id: 'user_ada', name: 'Ada', email: 'ada@example.com', sessionId: 's' };
  server = await openTestManagement({
    messages: { allowedHosts: ['127.0.0.1'] },
    findSession: async () => ({ user: { ...person, method: 'password', twoFactor: false }, setCookies: [] }),
  });
  const { organizationId } = server.project;
  const owner = { userId: person.id, role: 'owner', createdAtMs: 0 };
  await server.test.store.tenants.insertMembership(organizationId, owner);
  browser = openBrowser(server.app);
}, 60_000);
afterAll(async () => {
  await server.close();
  await receiver.close();
});

const hook = (more: object = {}) => ({
  name: 'ops',
  kind: 'webhook',
  url: `http://127.0.0.1:${receiver.port}/take?token=canary-in-url`,
  ...more,
});

test('a webhook is made, tried, changed and ended; its secret and its URL are shown once or never', async () => {
  const made = (await browser.post(PATH, hook())).json();
  expect(made.secret).toMatch(/^whsec_[\w-]{43}$/);
  expect(made).toMatchObject({ target: `http://127.0.0.1:${receiver.port}`, last_delivery: null });
  expect((await browser.post(`${PATH}/${made.id}/test`)).json()).toEqual({ ok: true, error: null });
  expect(JSON.parse(receiver.received[0]?.body ?? '')).toMatchObject({ kind: 'test' });

  const changed = (
    await browser.patch(`${PATH}/${made.id}`, { url: 'https://hooks.example.com/canary' })
  ).json();
  expect(changed).toMatchObject({ name: 'ops', target: 'https://hooks.example.com' });
  const listed = await browser.get(PATH);
  expect(listed.body + JSON.stringify(changed)).not.toMatch(/canary|whsec/);
  expect(listed.json().data).toEqual([{ ...changed, last_delivery: expect.objectContaining({ ok: true }) }]);
  // The name does not exist, and a single try says so.
  expect((await browser.post(`${PATH}/${made.id}/test`)).json()).toMatchObject({ ok: false });
  expect((await browser.delete(`${PATH}/${made.id}`)).statusCode).toBe(200);
  expect((await browser.post(`${PATH}/${made.id}/test`)).statusCode).toBe(404);
});

test.each<[string, object, string]>([
  ['plain HTTP to a public host', { url: 'http://hooks.example.com/' }, 'url'],
  ['a password in the URL', { url: 'https://a:b@hooks.example.com/' }, 'url'],
  ['a loopback address', { url: 'https://[::1]/' }, 'url'],
  ['a metadata address, however it is spelled', { url: 'https://2852039166/' }, 'url'],
  ['a mapped address', { url: 'https://[::ffff:169.254.169.254]/' }, 'url'],
  ['another scheme', { url: 'file:///etc/passwd' }, 'url'],
  ['no URL', { url: undefined }, 'url'],
  ['e-mails beside a URL', { emails: ['a@example.com'] }, 'emails'],
  ['e-mail without a mail server', { kind: 'email', url: undefined, emails: ['a@example.com'] }, 'kind'],
])('%s is refused when it is saved', async (_name, more, param) => {
  const reply = await browser.post(PATH, hook(more));
  expect([reply.statusCode, reply.json().error.param]).toEqual([400, param]);
});

test('a name is taken once', async () => {
  const { id } = (await browser.post(PATH, hook({ name: 'taken' }))).json();
  expect((await browser.post(PATH, hook({ name: 'taken' }))).json().error).toMatchObject({
    code: 'conflict',
    param: 'name',
  });
  await browser.delete(`${PATH}/${id}`);
});

test('what a budget did is told to the destinations that asked for it, and to no other', async () => {
  await browser.post(PATH, hook({ name: 'silent' }));
  await browser.post(PATH, hook({ name: 'told', budget_notices: true }));
  receiver.received.length = 0;
  const tell = tellBudgetNotice({
    ...server.test.store,
    deliver: server.messages.deliverMessage,
    log: { warn: () => undefined },
  });
  tell({
    id: 'ntc_1',
    organizationId: server.project.organizationId,
    projectId: undefined,
    budgetId: 'lim_gone',
    subject: 'ada',
    periodStartMs: 0,
    kind: 'warned',
    percent: 80,
    spent: 8_000_000_000,
    available: 10_000_000_000,
    told: [],
    createdAtMs: 0,
    answer: undefined,
  });
  await expect.poll(() => receiver.received.length).toBe(1);
  expect(JSON.parse(receiver.received[0]?.body ?? '')).toMatchObject({
    kind: 'budget',
    severity: 'warning',
    title: 'The budget "lim_gone" has reached 80 %',
    data: { percent: 80, spent_usd: '8', available_usd: '10', subject: 'ada' },
  });
});
