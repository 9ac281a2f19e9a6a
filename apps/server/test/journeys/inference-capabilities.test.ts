import { aProvider } from '@app/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestServer, type TestServer } from '../create-test-server.ts';
import { testKeys } from '../test-keys.ts';

let server: TestServer;

beforeAll(async () => {
  const baseUrl = 'http://127.0.0.1:1';
  server = await createTestServer({
    providers: [
      { id: 'one', dialect: 'openai-chat', baseUrl, models: ['m1', 'm2', 'm3'] },
      { id: 'two', dialect: 'anthropic-messages', baseUrl, models: ['m4'] },
    ],
    rows: [
      {
        provider: aProvider({
          id: 'three',
          baseUrl,
          quirks: { drop: ['seed'], forModels: [{ models: ['picky'], drop: ['temperature'] }] },
        }),
        models: ['picky-1', 'plain-1'],
      },
    ],
    aliases: { best: ['m1', 'm4'] },
  });
});

afterAll(() => server.close());

type Support = { feature: string; path?: string; support: string };
type Target = { provider: string; model: string; dialect: string; parameters: Support[]; reply: Support[] };
type Answer = { dialect: string; data: { id: string; targets: Target[] }[]; has_more: boolean };

async function ask(query: string, key: string = testKeys.live): Promise<{ status: number; body: Answer }> {
  const headers = { authorization: `Bearer ${key}` };
  const response = await fetch(`${server.url}/v1/capabilities${query}`, { headers });
  return { status: response.status, body: (await response.json()) as Answer };
}

test('for each target of a model it is told what a parameter becomes, in the words of the dialect asked for', async () => {
  const { status, body } = await ask('?model=best');
  expect(status).toBe(200);
  expect(body).toMatchObject({ object: 'list', dialect: 'openai-chat', has_more: false });
  const [own, other] = body.data[0]?.targets ?? [];
  expect(own).toMatchObject({ provider: 'one', model: 'm1', dialect: 'openai-chat' });
  expect(own?.parameters.every(({ support }) => support === 'kept')).toBe(true);
  expect(own?.reply.every(({ support }) => support === 'kept')).toBe(true);
  expect(other).toMatchObject({ provider: 'two', model: 'm4', dialect: 'anthropic-messages' });
  expect(other?.parameters).toContainEqual({ feature: 'seed', path: 'seed', support: 'lost' });
  expect(other?.parameters).toContainEqual({ feature: 'stop', path: 'stop', support: 'kept' });
  expect(other?.reply).toContainEqual({ feature: 'stop-sequence', support: 'lost' });

  const asked = await ask('?model=m1&dialect=anthropic-messages');
  expect(asked.body.data[0]?.targets[0]?.parameters).toContainEqual({
    feature: 'stop',
    path: 'stop_sequences',
    support: 'kept',
  });
});

test('what a provider refuses of its own dialect is lost, for the models that are meant', async () => {
  const supportOf = async (model: string): Promise<(string | undefined)[]> => {
    const { body } = await ask(`?model=${model}`);
    const [target] = body.data[0]?.targets ?? [];
    return ['seed', 'temperature', 'stop'].map(
      (name) => target?.parameters.find(({ feature }) => feature === name)?.support,
    );
  };
  expect(await supportOf('picky-1')).toEqual(['lost', 'lost', 'kept']);
  expect(await supportOf('plain-1')).toEqual(['lost', 'kept', 'kept']);
});

test('all models come in pages, and each is there once', async () => {
  const ids: string[] = [];
  for (let after = '', more = true; more; ) {
    const { body } = await ask(`?limit=2&after=${after}`);
    expect(body.data.length).toBeLessThanOrEqual(2);
    ids.push(...body.data.map(({ id }) => id));
    after = ids.at(-1) ?? '';
    more = body.has_more;
  }
  expect(ids.sort()).toEqual(['best', 'm1', 'm2', 'm3', 'm4', 'picky-1', 'plain-1']);
});

test('a question that makes no sense is refused, and so is one without a key that may read models', async () => {
  expect(await ask('?dialect=morse')).toMatchObject({ status: 400, body: { error: { param: 'dialect' } } });
  expect(await ask('?limit=0')).toMatchObject({ status: 400, body: { error: { param: 'limit' } } });
  expect(await ask('?model=none')).toMatchObject({
    status: 404,
    body: { error: { code: 'model_not_found' } },
  });
  expect(await ask('', testKeys.noPermission)).toMatchObject({ status: 403 });
  expect(await ask('', 'nobody')).toMatchObject({ status: 401 });
});
