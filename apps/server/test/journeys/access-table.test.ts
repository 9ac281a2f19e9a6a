import { isDeepStrictEqual } from 'node:util';
import { Permission } from '@app/contract';
import { type FakeUpstream, openFakeUpstream, playsOpenAi } from '@app/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listAccess, liveOnly, type Need, needsTwo, routesOf } from '../access-table.ts';
import { type Answer, askRoute, type Question } from '../ask-route.ts';
import { openWorkCount, type WorkCount } from '../count-work.ts';
import { type KeyRing, openKeyRing } from '../open-key-ring.ts';
import { openWholeServer, type WholeServer } from '../open-whole-server.ts';

const configFor = (url: string) => `
security_contact: mailto:security@example.com
allow_private_hosts: ['127.0.0.1']
providers:
  - { id: openai, base_url: '${url}', api_key: sk-of-the-operator, models: [gpt-4o] }
  - { id: anthropic, base_url: '${url}', api_key: sk-of-the-operator, models: [claude] }
  - { id: google, base_url: '${url}', api_key: sk-of-the-operator, models: [gemini] }
`;

let upstream: FakeUpstream;
let server: WholeServer;
let ring: KeyRing;
let work: WorkCount;

beforeAll(async () => {
  upstream = await openFakeUpstream(playsOpenAi({ text: 'hello' }));
  server = await openWholeServer(configFor(upstream.url));
  ring = await openKeyRing(server);
  work = openWorkCount();
}, 60_000);
afterAll(async () => {
  work.close();
  await server.close();
  await upstream.close();
  expect(server.errors).toEqual([]);
});

const ask = (route: string, key: string | undefined, more: Partial<Question> = {}): Promise<Answer> =>
  askRoute(server.app, route, { key, tenant: ring.home, ...more });
const said = ({ status, code }: Answer): string => `${status} ${code}`.trim();

const all = listAccess();
const guarded = all.filter(({ need }) => need !== 'anyone');
const isForPeople = (need: Need): boolean => need === 'signed-in' || need.startsWith('people ');
const isInProject = (route: string): boolean => route.includes('/:project');

test('the table has every address of the server, and none beside', () => {
  const served = routesOf(server.app.printRoutes({ commonPrefix: false }));
  expect(all.map(({ route }) => route).toSorted()).toEqual(served.toSorted());
});

test('what is for anyone asks for nothing, and a key changes nothing there', async () => {
  for (const { route, need } of all) {
    if (need !== 'anyone') continue;
    const without = await ask(route, undefined);
    for (const key of [ring.bad.revoked, ring.ingest.live, ring.foreign.live]) {
      expect(said(await ask(route, key)), route).toBe(said(without));
    }
  }
});

describe('a key that opens nothing', () => {
  test('meets the same 401 as none, wherever it is shown', async () => {
    for (const { route } of guarded) {
      expect(said(await ask(route, undefined)), route).toBe('401 invalid_api_key');
      const answers = [];
      for (const key of Object.values(ring.bad)) answers.push(await ask(route, key));
      expect(new Set(answers.map(said)), route).toEqual(new Set(['401 invalid_api_key']));
      expect(new Set(answers.map(({ whole }) => whole)).size, route).toBe(1);
    }
  });

  test('costs one digest and no query, whatever is wrong with it', async () => {
    for (const { route } of guarded) {
      for (const [why, key] of Object.entries(ring.bad)) {
        const { did } = await work.run(() => ask(route, key));
        // A socket's upgrade comes from outside this request.
        if (route !== 'GET /v1/realtime') expect(did, `${route}, ${why}`).toEqual(['digest']);
      }
    }
  });

  test('is not taken from the address either, where a good one would not be', async () => {
    for (const { route } of guarded) {
      for (const name of ['key', 'api_key', 'access_token']) {
        const query = `${/key-usage|realtime|live$/.test(route) ? '&' : '?'}${name}=${ring.allBut.get('traces:write')}`;
        expect((await ask(route, undefined, { query })).status, `${route} ${name}`).toBe(401);
      }
    }
  });
});

test('a good key from an address that it is not for is told so, and does nothing', async () => {
  for (const { route } of guarded) {
    expect(said(await ask(route, ring.elsewhere)), route).toBe('403 ip_not_allowed');
  }
});

test('an ingest key, live or test, opens what takes spans and nothing that gives anything out', async () => {
  for (const { route, need } of guarded) {
    for (const key of [ring.ingest.live, ring.ingest.test]) {
      const answer = said(await ask(route, key));
      // Judgements are made on the surface of management too, where no ingest key comes in.
      if (need === 'traces:write' && !isInProject(route)) expect(answer, route).not.toMatch(/^(401|403|500)/);
      else expect(answer, route).toBe('403 key_kind_not_allowed');
    }
  }
});

test('what is for people takes no key, whatever the key may do', async () => {
  for (const { route, need } of guarded) {
    if (!isForPeople(need)) continue;
    for (const { secret } of ring.only.values())
      expect(said(await ask(route, secret)), route).toBe('403 key_kind_not_allowed');
    for (const secret of [ring.foreign.live, ring.foreign.test])
      expect(said(await ask(route, secret)), route).toBe('403 key_kind_not_allowed');
  }
});

describe.each(Permission.options)('a key with %s', (permission) => {
  test('and nothing else opens what asks for that and nothing else, live and test', async () => {
    const checks = guarded.flatMap(({ route, need }) =>
      (isForPeople(need) ? [] : (['live', 'test'] as const)).map(async (mode) => {
        const answer = said(await ask(route, ring.only.get(`${permission} ${mode}`)?.secret));
        const isAllowed = mode === 'live' || !liveOnly.has(route);
        const isOpen = need === permission && isAllowed && !needsTwo.has(route);
        if (isOpen) expect(answer, `${route}, ${mode}`).not.toMatch(/^(401|403|500)/);
        else expect(answer, `${route}, ${mode}`).toBe('403 insufficient_permissions');
      }),
    );
    await Promise.all(checks);
    expect(checks.length).toBeGreaterThan(100);
  });

  test('is needed also by a key that may do everything else', async () => {
    for (const { route, need } of guarded) {
      if (need !== permission) continue;
      expect(said(await ask(route, ring.allBut.get(permission))), route).toBe('403 insufficient_permissions');
    }
  });
});

test('a key of another organization finds no project here, whatever it may do there', async () => {
  for (const { route, need } of guarded) {
    if (isForPeople(need) || !isInProject(route)) continue;
    for (const key of [ring.foreign.live, ring.foreign.test]) {
      const answer = await ask(route, key);
      expect(said(answer), route).toBe('404 not_found');
      const nowhere = { organization: 'none', project: 'none' };
      expect(answer.whole, route).toBe((await ask(route, key, { tenant: nowhere })).whole);
      expect(said(await ask(route, key, { tenant: ring.abroad })), route).not.toMatch(/^(401|403 (?!insuf))/);
    }
  }
});

test('what is in a project is, for a key of another one, not there: the same answer for the same work', async () => {
  const nouns = new Set<string>();
  for (const { route } of guarded) {
    const noun = /:project\/([\w-]+)\/:id/.exec(route)?.[1] ?? '';
    const id = ring.objects[noun];
    if (id === undefined) continue;
    nouns.add(noun);
    const [theirs, nothing] = await askForBoth(route, id);
    expect(said(theirs.value), route).toBe('404 not_found');
    expect(theirs, route).toEqual(nothing);
  }
  expect([...nouns].toSorted()).toEqual(Object.keys(ring.objects).toSorted());
  for (const [noun, id] of Object.entries(ring.objects)) {
    const { body } = await ring.owner.get(`/api/v1/projects/default/${noun}`);
    expect(body, noun).toContain(id);
  }
});

/**
 * Asks for a thing of others and for one that is not there, up to five times. A connection that a request gives back to the
 * pool may go to something that the server does by itself, which then counts as the request's; a difference that is real
 * comes every time.
 */
async function askForBoth(route: string, id: string) {
  const count = (more: Partial<Question>) =>
    work.run(() => ask(route, ring.foreign.live, { tenant: ring.abroad, ...more }));
  for (let triesLeft = 4; ; triesLeft -= 1) {
    const [theirs, nothing] = [await count({ id }), await count({})];
    if (triesLeft === 0 || isDeepStrictEqual(theirs, nothing)) return [theirs, nothing] as const;
  }
}

test('a test key reaches no provider at any address, and a live one does', async () => {
  upstream.requests.length = 0;
  for (const { route, need } of guarded)
    if (!isForPeople(need)) await ask(route, ring.foreign.test, { tenant: ring.abroad });
  expect(upstream.requests).toEqual([]);
  for (const { route, need } of guarded)
    if (need === 'inference:call') await ask(route, ring.foreign.live, { tenant: ring.abroad });
  expect(upstream.requests.length).toBeGreaterThan(10);
});
