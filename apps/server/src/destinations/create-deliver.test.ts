import { randomBytes } from 'node:crypto';
import { makeCertificate } from '@app/testkit';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createTestMessages, type TestMessagesOptions } from '../../test/create-test-messages.ts';
import { createMemoryMailer } from '../../test/memory-mailer.ts';
import { openReceiver, type TestReceiver } from '../../test/open-receiver.ts';
import { openTestStore, type TestStore } from '../../test/open-test-store.ts';
import type { HostAddress } from '../outbound/create-connector.ts';
import type { Message } from './message.ts';

const HOST = 'hooks.example.com';
const certificate = makeCertificate(HOST);
const key = randomBytes(32);
const ids = { nowMs: Date.now, randomBytes };
let test_: TestStore;
let receiver: TestReceiver;
let plain: TestReceiver;

beforeAll(async () => {
  test_ = await openTestStore();
  for (const id of ['org_a', 'org_b']) {
    await test_.store.tenants.insertOrganization({ id, slug: id, name: id, createdAtMs: 0 });
  }
  receiver = await openReceiver(certificate);
  plain = await openReceiver();
});
afterAll(() => Promise.all([test_.close(), receiver.close(), plain.close()]));
afterEach(() => {
  for (const each of [receiver, plain]) {
    each.answers.length = 0;
    each.received.length = 0;
  }
});

const message: Message = {
  id: 'msg_1',
  kind: 'alert',
  severity: 'warning',
  title: 'Spend is high',
  text: 'By whom? By <!channel>.',
  path: '/alerts',
  organizationId: 'org_a',
  projectId: 'proj_1',
  atMs: Date.UTC(2026, 10, 22),
  data: { spent_usd: '7' },
};

const loopback = (_name: string, done: (error: null, found: HostAddress[]) => void) =>
  done(null, [{ address: '127.0.0.1', family: 4 }]);

/** Destinations as a server has them that may reach the receiver. */
const messages = (options: TestMessagesOptions = {}) =>
  createTestMessages(
    { store: test_.store, ids, key },
    { allowedHosts: [HOST], resolve: loopback, ca: certificate.cert, ...options },
  );

let names = 0;
async function makeWebhook(url = `https://${HOST}:${receiver.port}/take?token=canary-token`) {
  names += 1;
  return messages().destinations.create('org_a', { name: `hook ${names}`, kind: 'webhook', url }, 'user_1');
}

test('a webhook gets the message once, signed, and is remembered as reached', async () => {
  const { id, name, target } = await makeWebhook();
  expect(target).toBe(`https://${HOST}:${receiver.port}`);
  expect(await messages().deliverMessage('org_a', [id, id], message)).toEqual([
    { destination: id, name, ok: true, error: null },
  ]);
  const [taken, ...more] = receiver.received;
  expect(more).toEqual([]);
  expect(taken?.path).toBe('/take?token=canary-token');
  expect(taken?.headers).toMatchObject({
    'x-tokenrouter-id': 'msg_1',
    'content-type': expect.stringContaining('json'),
  });
  expect(JSON.parse(taken?.body ?? '')).toEqual({
    id: 'msg_1',
    kind: 'alert',
    severity: 'warning',
    title: 'Spend is high',
    text: 'By whom? By <!channel>.',
    url: 'https://llm.example.com/alerts',
    organization_id: 'org_a',
    project_id: 'proj_1',
    at: '2026-11-22T00:00:00.000Z',
    data: { spent_usd: '7' },
  });
  const shown = await messages().destinations.find('org_a', id);
  expect(shown?.last_delivery).toMatchObject({ ok: true, error: null });
});

test.each<[string, TestReceiver['answers'], number]>([
  ['an error of the receiver', [{ status: 500 }, { status: 429 }], 3],
  ['a connection that is cut', ['cut'], 2],
  ['an answer that never comes', ['hang'], 2],
])('%s is tried again, with the same id', async (_name, answers, tries) => {
  const { id } = await makeWebhook();
  receiver.answers.push(...answers);
  const [result] = await messages({ deadlineMs: 300 }).deliverMessage('org_a', [id], message);
  expect(result).toMatchObject({ ok: true });
  expect(receiver.received.map(({ headers }) => headers['x-tokenrouter-id'])).toEqual(
    Array(tries).fill('msg_1'),
  );
});

test.each<[string, TestReceiver['answers'][number], RegExp]>([
  ['a refusal', { status: 404 }, /^It answered with status 404\.$/],
  [
    'a redirect',
    { status: 302, headers: { location: 'http://169.254.169.254/' } },
    /redirect, which is not followed/,
  ],
  ['a wish to wait an hour', { status: 503, headers: { 'retry-after': '3600' } }, /status 503/],
])('%s ends the tries, and what it answered is not told', async (_name, answer, error) => {
  const { id } = await makeWebhook();
  receiver.answers.push(answer);
  const [result] = await messages().deliverMessage('org_a', [id], message);
  expect(result?.error).toMatch(error);
  expect(receiver.received).toHaveLength(1);
  const shown = await messages().destinations.find('org_a', id);
  expect(shown?.last_delivery).toMatchObject({ ok: false, error: result?.error });
  expect(JSON.stringify([result, shown])).not.toMatch(/canary|not told/);
});

test('a receiver that took it and answers with a compressed, endless or huge body has it, and no byte of that is read', async () => {
  const { id } = await makeWebhook();
  receiver.answers.push({
    status: 202,
    headers: { 'content-encoding': 'gzip', 'content-length': '999999999' },
  });
  const [result] = await messages().deliverMessage('org_a', [id], message);
  expect(result).toMatchObject({ ok: true, error: null });
  expect(receiver.received).toHaveLength(1);
});

test('the waits between tries grow, and Retry-After lengthens them', async () => {
  const { id } = await makeWebhook();
  receiver.answers.push({ status: 503 }, { status: 503, headers: { 'retry-after': '7' } }, { status: 503 });
  const waits: number[] = [];
  const schedule = (delayMs: number, run: () => void) => {
    waits.push(delayMs);
    setImmediate(run);
    return () => undefined;
  };
  await messages({ schedule }).deliverMessage('org_a', [id], message);
  expect(waits).toEqual([500, 7_000, 2_000]);
});

test('CVE-2026-108602: a name that was public when it was saved and leads inside when something is sent reaches nothing', async () => {
  const { id } = await makeWebhook(`https://rebind.example.com:${receiver.port}/`);
  for (const address of [
    '127.0.0.1',
    '10.0.0.8',
    '169.254.169.254',
    '::1',
    'fd00:ec2::254',
    '::ffff:127.0.0.1',
  ]) {
    const answers = [
      [
        { address: '1.1.1.1', family: 4 },
        { address, family: address.includes(':') ? 6 : 4 },
      ],
    ];
    const asked: string[] = [];
    const resolve: TestMessagesOptions['resolve'] = (name, done) => {
      asked.push(name);
      done(null, answers[0]);
    };
    const sent = messages({ allowedHosts: [], resolve }).deliverMessage('org_a', [id], message);
    expect((await sent)[0]?.error).toMatch(/Its host has a private or reserved address/);
    expect(asked).toEqual(['rebind.example.com']);
  }
  expect(receiver.received).toEqual([]);
});

test('CVE-2026-108602: the address that was checked is the one connected to, however the name changes meanwhile', async () => {
  const { id } = await makeWebhook();
  let asked = 0;
  const resolve: TestMessagesOptions['resolve'] = (_name, done) => {
    asked += 1;
    done(null, [{ address: asked === 1 ? '127.0.0.1' : '169.254.169.254', family: 4 }]);
  };
  const hooks = messages({ resolve });
  expect((await hooks.deliverMessage('org_a', [id], message))[0]?.ok).toBe(true);
  // The next message is a new connection, and its address is checked anew.
  expect((await hooks.deliverMessage('org_a', [id], message))[0]?.error).toMatch(/private or reserved/);
  expect(receiver.received).toHaveLength(1);
});

test('plain HTTP goes only where the operator listed the host', async () => {
  const url = `http://127.0.0.1:${plain.port}/`;
  const listed = messages({ allowedHosts: ['127.0.0.1'] });
  const { id } = await listed.destinations.create('org_a', { name: 'plain', kind: 'webhook', url }, 'user_1');
  expect((await listed.deliverMessage('org_a', [id], message))[0]?.ok).toBe(true);
  // Taken off the list, it is reached no more, though it is saved.
  expect((await messages().deliverMessage('org_a', [id], message))[0]?.error).toMatch(/Its URL is not https/);
  expect(plain.received).toHaveLength(1);
});

test('a receiver whose certificate is not the right one gets nothing', async () => {
  const { id } = await makeWebhook();
  const wrong = messages({ ca: makeCertificate(HOST).cert });
  expect((await wrong.deliverMessage('org_a', [id], message))[0]?.error).toMatch(
    /certificate or handshake is not valid/,
  );
  expect(receiver.received).toEqual([]);
});

test('a destination of another organization is none, and one that opens no more says so; nothing rejects', async () => {
  const { id } = await makeWebhook();
  const [foreign] = await messages().deliverMessage('org_b', [id], message);
  expect(foreign).toMatchObject({ ok: false, error: 'There is no such destination.' });
  const otherKey = createTestMessages({ store: test_.store, ids, key: randomBytes(32) });
  expect((await otherKey.deliverMessage('org_a', [id], message))[0]?.error).toMatch(/does not open/);
  const away = createTestMessages({
    store: {
      destinations: {
        ...test_.store.destinations,
        listDestinations: () => Promise.reject(new Error('away')),
      },
    },
    ids,
  });
  expect((await away.deliverMessage('org_a', [id], message))[0]).toMatchObject({ ok: false });
  expect(receiver.received).toEqual([]);
});

test('an e-mail goes to each of them alone, and only to those it did not reach yet', async () => {
  const mailer = createMemoryMailer();
  let refusals = 1;
  const flaky = {
    ...mailer,
    send: async (mail: Parameters<typeof mailer.send>[0]) => {
      if (mail.to === 'b@example.com' && refusals-- > 0) throw new Error('canary of the mail server');
      await mailer.send(mail);
    },
  };
  const by = messages({ mailer: flaky });
  const emails = ['a@example.com', 'b@example.com', 'a@example.com'];
  const made = await by.destinations.create('org_a', { name: 'people', kind: 'email', emails }, 'user_1');
  expect(made).toMatchObject({ target: 'a@example.com, b@example.com', secret: null });
  expect((await by.deliverMessage('org_a', [made.id], message))[0]).toMatchObject({ ok: true });
  expect(mailer.mails.map(({ to }) => to)).toEqual(['a@example.com', 'b@example.com']);
  expect(mailer.mails[0]).toMatchObject({ subject: '[TokenRouter] Spend is high' });
  expect(mailer.mails[0]?.text).toContain('https://llm.example.com/alerts');
});

test('a server that stops tries nothing again', async () => {
  const { id } = await makeWebhook();
  receiver.answers.push({ status: 500 });
  const hooks = messages({ schedule: () => () => undefined });
  const sent = hooks.deliverMessage('org_a', [id], message);
  let error: string | null | undefined;
  void sent.then(([result]) => {
    error = result?.error;
  });
  await expect.poll(() => receiver.received.length).toBe(1);
  await expect
    .poll(() => {
      hooks.close();
      return error;
    })
    .toBe('The server is stopping.');
});
