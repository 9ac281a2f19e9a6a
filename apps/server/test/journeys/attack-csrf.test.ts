import { afterAll, beforeAll, expect, test } from 'vitest';
import { routesOf } from '../access-table.ts';
import { type Browser, openBrowser } from '../browser.ts';
import { openTestManagement, type TestManagement } from '../open-test-management.ts';

let server: TestManagement;
let browser: Browser;
let cookie: string;
/** Every address that changes something, as a path that can be asked for. */
let addresses: [method: string, path: string][];

beforeAll(async () => {
  server = await openTestManagement();
  browser = openBrowser(server.app);
  const link = await server.setup.openSetupLink();
  const person = { name: 'Ada', email: 'ada@example.com', password: 'correct horse battery' };
  await server.setup.complete({ ...person, token: new URL(link?.url ?? '').hash.replace('#token=', '') });
  await browser.post('/api/auth/sign-in/email', { email: person.email, password: person.password });
  cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  expect(cookie).not.toBe('');
  addresses = routesOf(server.app.printRoutes({ commonPrefix: false })).flatMap((route) => {
    const [method = '', path = ''] = route.split(' ');
    const isRead = ['GET', 'HEAD', 'OPTIONS'].includes(method);
    return isRead
      ? []
      : [
          [
            method,
            path.replace(':project', 'default').replace(':organization', 'default').replace(/:\w+/g, 'x'),
          ],
        ];
  });
}, 60_000);
afterAll(() => server.close());

const HOST = { host: '127.0.0.1:4000' };
const attack = (method: string, url: string, headers: { [name: string]: string }) =>
  server.app.inject({
    method: method === 'DELETE' ? 'DELETE' : method === 'PATCH' ? 'PATCH' : method === 'PUT' ? 'PUT' : 'POST',
    url,
    headers: { ...HOST, cookie, 'content-type': 'application/json', ...headers },
    payload: '{}',
  });

/** What needs no session has nothing that a page of another site could borrow; it takes JSON and an own host only. */
const isForStrangers = (path: string) => path === '/api/v1/setup';

test('there are many addresses that change something', () => {
  expect(addresses.length).toBeGreaterThan(20);
});

test.each<[string, { [name: string]: string }]>([
  ['a page of another site', { origin: 'https://attacker.example' }],
  ['a page of another site that begins like ours', { origin: 'http://127.0.0.1:4000.attacker.example' }],
  ['a page of another port', { origin: 'http://127.0.0.1:4001' }],
  ['a page of ours by another scheme', { origin: 'https://127.0.0.1:4000' }],
  ['a sandboxed page', { origin: 'null' }],
  ['a page that hides where it is', {}],
  ['a page that a browser calls another site’s', { 'sec-fetch-site': 'cross-site' }],
  ['a page of the same site and another name', { 'sec-fetch-site': 'same-site' }],
  ['an address that was typed', { 'sec-fetch-site': 'none' }],
  ['a host name that was pointed here', { host: 'attacker.example', origin: 'http://attacker.example' }],
])('%s changes nothing with the cookie of somebody who is signed in, at any address', async (_, headers) => {
  for (const [method, path] of addresses) {
    if (isForStrangers(path)) continue;
    const reply = await attack(method, path, headers);
    expect([path, reply.statusCode]).not.toEqual([path, expect.toSatisfy((status: number) => status < 400)]);
    // What needs a session says 403 before it looks at anything.
    if (path.startsWith('/api/v1/projects/default/')) expect([path, reply.statusCode]).toEqual([path, 403]);
    expect(reply.headers['access-control-allow-origin']).toBeUndefined();
  }
  // The session is still whole: nothing of it was ended either.
  const session = await server.app.inject({ url: '/api/v1/session', headers: { ...HOST, cookie } });
  expect(session.statusCode).toBe(200);
});

test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])(
  'no form can send what is taken, from our own pages either: %s',
  async (type) => {
    for (const [method, path] of addresses) {
      const reply = await attack(method, path, { origin: 'http://127.0.0.1:4000', 'content-type': type });
      expect([path, reply.statusCode]).toEqual([path, 415]);
    }
  },
);

test('no header makes a change of what was asked for as a read', async () => {
  for (const header of ['x-http-method-override', 'x-http-method', 'x-method-override', '_method']) {
    const headers = { ...HOST, cookie, [header]: 'DELETE' };
    const url = '/api/v1/session';
    expect((await server.app.inject({ method: 'GET', url, headers })).statusCode).toBe(200);
  }
});

test('a link on a page of another site reads nothing and begins no export; one that somebody types does', async () => {
  const status = async (site: string, url: string) =>
    (await server.app.inject({ method: 'GET', url, headers: { ...HOST, cookie, 'sec-fetch-site': site } }))
      .statusCode;
  for (const url of ['/api/v1/session', '/api/v1/projects/default/export', '/api/v1/account']) {
    for (const site of ['cross-site', 'same-site'])
      expect([url, await status(site, url)]).toEqual([url, 403]);
  }
  for (const site of ['none', 'same-origin']) expect(await status(site, '/api/v1/session')).toBe(200);
});
