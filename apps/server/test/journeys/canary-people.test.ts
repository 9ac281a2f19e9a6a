import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type FakeOidc, type FakeUpstream, openFakeUpstream, playsOidc, playsOpenAi } from '@app/testkit';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeCanary, type Sighting, searchFolder, searchProcesses, searchText } from '../find-canaries.ts';
import {
  changeThings,
  exportAndDelete,
  type Life,
  letPeopleIn,
  readEverything,
  setUpOwner,
} from '../live-as-people.ts';
import { openReceiver, type TestReceiver } from '../open-receiver.ts';
import { openSmtpServer, type TestSmtpServer } from '../open-smtp-server.ts';
import { openTab, type Tab, type TabReply } from '../open-tab.ts';
import { untilLoaded } from '../read-all-traces.ts';
import { runHere } from '../run-here.ts';
import { sendCall } from '../send-call.ts';
import { eventually, makePlace, type Place, type ServerProcess, startProcess } from '../start-process.ts';

/** Secrets, and what was asked and answered: in the clear nowhere on the disk, in no log, and in no answer but their own. */
const secrets: Life['canaries'] = Object.fromEntries(
  [
    ...['prompt', 'reply', 'provider key', 'first provider key', 'password', 'wrong password'],
    ...['password of eve', 'next password', 'OAuth client secret', 'claim of the provider'],
    ...['SMTP password', 'secret of the audit webhook', 'Slack address'],
  ].map((name) => [name, makeCanary()]),
);
/** In PostgreSQL in the clear, as the documentation says. */
const people = { 'e-mail address': makeCanary(), name: makeCanary() };
const email = `${people['e-mail address']}@example.com`;

let provider: FakeUpstream;
let idp: FakeUpstream;
let oidc: FakeOidc;
let receiver: TestReceiver;
let smtp: TestSmtpServer;
let place: Place;
let server: ServerProcess;
let owner: Tab;
const replies: TabReply[] = [];

beforeAll(async () => {
  [provider, idp, receiver, smtp] = await Promise.all([
    openFakeUpstream(playsOpenAi({ text: secrets.reply ?? '' })),
    openFakeUpstream(),
    openReceiver(),
    openSmtpServer({ onAuth: ({ username }, _session, done) => done(null, { user: username }) }),
  ]);
  const client = { clientId: 'of-idp', clientSecret: secrets['OAuth client secret'] ?? '' };
  oidc = playsOidc({ ...client, issuer: idp.url, claims: { note: secrets['claim of the provider'] } });
  idp.play(oidc.script);
  const local = `http://127.0.0.1:${receiver.port}`;
  place = makePlace(
    JSON.stringify({
      providers: [{ id: 'own', dialect: 'openai-chat', base_url: `${provider.url}/v1`, models: ['plain'] }],
      allow_private_hosts: ['127.0.0.1'],
      sign_in: {
        bcrypt_cost: 10,
        providers: [
          { id: 'idp', kind: 'oidc', issuer: idp.url, client_id: 'of-idp', client_secret: '${IDP_SECRET}' },
        ],
      },
      mail: {
        ...{ host: '127.0.0.1', port: smtp.port, user: 'postman', password: '${SMTP_PASSWORD}' },
        from: 'TokenRouter <llm@example.com>',
      },
      audit: {
        webhook: { url: `${local}/audit`, secret: '${AUDIT_SECRET}' },
        anchors: { every_events: 5, webhook: `${local}/anchors` },
      },
    }),
    {
      IDP_SECRET: secrets['OAuth client secret'],
      SMTP_PASSWORD: secrets['SMTP password'],
      AUDIT_SECRET: secrets['secret of the audit webhook'],
      TOKENROUTER_LOG_LEVEL: 'trace',
    },
  );
  server = await startProcess(place);
}, 120_000);
afterAll(async () => {
  await server?.kill();
  await Promise.all([provider?.close(), idp?.close(), receiver?.close(), smtp?.close()]);
  place?.remove();
});

function readSetupLink(): string | undefined {
  const path = join(place.dataDir, 'setup-link');
  return existsSync(path) ? readFileSync(path, 'utf8').trim().split('#token=')[1] : undefined;
}

/** As people would read them. Source: RFC 2045 §6.7. */
const readMails = () =>
  smtp.mails.map(({ source }) =>
    source
      .replace(/=\r?\n/g, '')
      .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
  );

const all = () => ({ ...secrets, ...people });
const namesIn = (sightings: Sighting[]) => [...new Set(sightings.map(({ name }) => name))].sort();
const inPostgres = ({ place: path }: Sighting) => path.startsWith(join(place.dataDir, 'postgres'));

/** The state of a sign-in that is under way is good for ten minutes, once, and only beside a signed cookie. */
const inTheClear = [...Object.keys(people), 'OAuth state'];

/** What of all this is found in the data folder, but for what the documentation says of PostgreSQL's files. */
function searchData(): Sighting[] {
  const found = searchFolder(place.dataDir, all());
  return found.filter((each) => !(inTheClear.includes(each.name) && inPostgres(each)));
}

async function run(...args: string[]): Promise<string> {
  const { stdout, stderr } = await runHere(place, args);
  return stdout + stderr;
}

test('people come in by every way, change what they can, call, export and delete; the export holds what was asked and no secret', async () => {
  const life: Life = {
    canaries: secrets,
    email,
    name: people.name,
    openTab: () => openTab(server.url, (reply) => replies.push(reply)),
    readMails,
  };
  // It is there a moment after the server is.
  const link = await eventually(() => readSetupLink());
  owner = await setUpOwner(life, link);
  await letPeopleIn(life, owner, oidc);
  const local = `http://127.0.0.1:${receiver.port}`;
  const key = await changeThings(life, owner, {
    webhook: `${local}/hook`,
    slack: `${local}/services/T0/B0/${secrets['Slack address']}`,
  });
  const call = await sendCall({
    url: server.url,
    path: '/v1/chat/completions',
    key,
    body: { model: 'plain', user: 'u-9', messages: [{ role: 'user', content: secrets.prompt }] },
  });
  expect([call.status, provider.requests.at(-1)?.headers.authorization]).toEqual([
    200,
    `Bearer ${secrets['provider key']}`,
  ]);
  await untilLoaded({ url: server.url, key });
  const exported = await exportAndDelete(owner, 'u-9');
  // An export is for whoever may read what was asked; of the secrets there is nothing in it.
  expect(namesIn(searchText(exported, 'export', all()))).toEqual(['prompt', 'reply']);
  await readEverything(owner);
  expect(Object.values(secrets).filter((secret) => secret.length < 10)).toEqual([]);
  expect((await fetch(`${server.url}/metrics`)).status).toBe(404);
}, 120_000);

test('each secret is in the one answer that shows it once, and in no other, refusals included', () => {
  const shown: { [asked: string]: string[] } = {
    'POST /api/auth/two-factor/enable': ['TOTP secret', 'backup code 1', 'backup code 2'],
    'POST /api/auth/sign-in/social': ['OAuth state'],
    'POST /api/v1/organizations/default/invitations': [
      'invitation of bob',
      'invitation of eve',
      'invitation of zoe',
    ],
    'POST /api/v1/projects/default/keys': ['API key'],
    'POST /api/v1/organizations/default/destinations': ['webhook secret'],
    'GET /api/v1/projects/default/export?user=u-9': ['prompt', 'reply'],
  };
  const found: typeof shown = {};
  for (const { asked, body } of replies) {
    const names = namesIn(searchText(body, asked, secrets));
    if (names.length > 0) found[asked] = [...new Set([...(found[asked] ?? []), ...names])].sort();
  }
  for (const names of Object.values(shown)) names.sort();
  expect(found).toEqual(shown);
  expect(new Set(replies.map(({ status }) => status >= 400))).toEqual(new Set([true, false]));
});

test('no secret is in what the command line prints, in what goes out by webhook, or in what goes out by mail but links', async () => {
  const printed = [
    ...(await Promise.all([
      run('audit', 'list', '--json', '--limit', '200'),
      run('audit', 'export'),
      run('audit', 'verify'),
    ])),
    ...(await Promise.all([run('doctor', '--json'), run('members', 'list'), run('keys', 'list', '--json')])),
  ];
  expect(printed.filter((text) => text.length < 20)).toEqual([]);
  expect(printed[0]).toContain('session.sign_in');
  expect(searchText(printed.join(''), 'command line', secrets)).toEqual([]);
  const told = await eventually(() => {
    const found = receiver.received.filter(({ path }) => path === '/audit' || path === '/anchors');
    return new Set(found.map(({ path }) => path)).size === 2 ? found : undefined;
  });
  const { 'Slack address': _, ...others } = secrets;
  expect(searchText(JSON.stringify(told), 'stream of the audit', secrets)).toEqual([]);
  expect(searchText(JSON.stringify(receiver.received), 'messages', others)).toEqual([]);
  const mailed = namesIn(readMails().flatMap((text) => searchText(text, 'mail', secrets)));
  expect(mailed.filter((name) => !/^(invitation|reset link)/.test(name))).toEqual([]);
  expect(mailed.length).toBeGreaterThan(3);
}, 30_000);

test('the data folder, the log and the processes hold none of it while the server runs, but names, addresses and sign-ins under way in PostgreSQL', async () => {
  expect(searchData()).toEqual([]);
  expect(namesIn(searchFolder(join(place.dataDir, 'postgres'), people))).toEqual(Object.keys(people).sort());
  expect(searchProcesses(server.pid, secrets)).toEqual([]);
  expect(searchText(server.output(), 'log', all())).toEqual([]);
}, 120_000);

test('a killed server leaves none of it either, and the same search finds each of them in PostgreSQL’s tables and write-ahead log, and in a file of each other kind', async () => {
  const { postgresHost } = JSON.parse(readFileSync(join(place.dataDir, 'run.json'), 'utf8'));
  const client = new pg.Client({ host: postgresHost, user: 'tokenrouter', database: 'postgres' });
  await client.connect();
  await client.query('create table in_the_clear (text text)');
  // Three times, because the log is cut into pages, now and then within a text.
  for (const text of Array.from({ length: 3 }, () => Object.values(all())).flat())
    await client.query('insert into in_the_clear values ($1)', [text]);
  await client.query('checkpoint');
  await client.end();
  await server.kill();
  // What a killed server leaves behind, the outbox of the audit and the limits' journal included.
  expect(searchData().filter((each) => !inPostgres(each))).toEqual([]);
  const names = Object.keys(all()).sort();
  const found = searchFolder(join(place.dataDir, 'postgres'), all());
  expect(namesIn(found.filter(({ place: path }) => path.includes('/pg_wal/')))).toEqual(names);
  expect(namesIn(found.filter(({ place: path }) => path.includes('/base/')))).toEqual(names);
  for (const folder of ['spool', 'audit', 'limits', 'clickhouse', 'keys']) {
    const path = join(place.dataDir, folder, 'in-the-clear');
    mkdirSync(path, { recursive: true });
    writeFileSync(join(path, 'file'), JSON.stringify(all()));
    expect(namesIn(searchFolder(path, all()))).toEqual(names);
    rmSync(path, { recursive: true });
  }
}, 120_000);
