import type { Limit, ObjectRegistry } from '@app/gateway';
import { aBudget, aLimit, type FakeUpstream, openFakeUpstream, playsOpenAi } from '@app/testkit';
import OpenAI, { toFile } from 'openai';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createObjectRegistry, objectKeyOf } from '../../src/objects/create-object-registry.ts';
import { createTestServer, providerSecret, type TestServer } from '../create-test-server.ts';
import { openFakeAccount } from '../open-fake-account.ts';
import { openTestStore, type TestStore } from '../open-test-store.ts';
import { testKeys } from '../test-keys.ts';

describe('files and batches of many projects in one account', () => {
  const account = openFakeAccount();
  let upstream: FakeUpstream;
  let held: TestStore;
  let registry: ObjectRegistry;
  let server: TestServer;
  let mine: OpenAI;
  let theirs: OpenAI;
  let limits: Limit[] = [];

  beforeAll(async () => {
    [upstream, held] = await Promise.all([openFakeUpstream(account.script), openTestStore()]);
    const { tenants, objects } = held.store;
    const about = { name: 'Test', createdAtMs: 1 };
    await tenants.insertOrganization({ ...about, id: 'org_test', slug: 'test' });
    for (const id of ['proj_test', 'proj_other'])
      await tenants.insertProject('org_test', { ...about, id, slug: id, capture: 'full' });
    registry = createObjectRegistry({ objects, key: objectKeyOf(Buffer.alloc(32, 1)), nowMs: () => 1 });
    server = await createTestServer({
      providers: [{ id: 'openai', dialect: 'openai-chat', baseUrl: upstream.url, models: ['gpt-4o'] }],
      registry,
      findLimits: () => limits.map((limit) => ({ limit, subject: '' })),
    });
    const at = { baseURL: `${server.url}/v1`, maxRetries: 0 };
    mine = new OpenAI({ apiKey: testKeys.live, ...at });
    theirs = new OpenAI({ apiKey: testKeys.other, ...at });
  }, 60_000);

  afterEach(() => {
    expect(server.defects).toEqual([]);
    for (const request of upstream.requests)
      expect(request.headers.authorization).toBe(`Bearer ${providerSecret}`);
    upstream.requests.length = 0;
    server.records.length = 0;
  });

  afterAll(async () => {
    await server.close();
    await Promise.all([upstream.close(), held.close()]);
  });

  const upload = async (
    client: OpenAI,
    text = '{"custom_id":"1"}',
    purpose: 'batch' | 'user_data' = 'batch',
  ) => client.files.create({ file: await toFile(Buffer.from(text), 'calls.jsonl'), purpose });
  const statusOf = (asked: PromiseLike<unknown>) =>
    Promise.resolve(asked).then(
      () => 200,
      (error: { status: number }) => error.status,
    );

  test('a project sees, reads and deletes its own files', async () => {
    const file = await upload(mine, 'line one');
    expect(file).toMatchObject({ object: 'file', purpose: 'batch', bytes: 8 });
    expect(await mine.files.retrieve(file.id)).toEqual(file);
    const content = await mine.files.content(file.id);
    expect(await content.text()).toBe('line one');
    expect(content.headers.get('content-type')).toBe('application/octet-stream');
    expect(content.headers.get('content-disposition')).toBe('attachment');
    expect((await mine.files.list()).data).toEqual([file]);
    expect(await mine.files.delete(file.id)).toMatchObject({ deleted: true });
    expect((await mine.files.list()).data).toEqual([]);
    expect(await statusOf(mine.files.retrieve(file.id))).toBe(404);
    expect(server.records.map(({ route, cost }) => [route, cost.nanos, cost.label])).toContainEqual([
      '/v1/files/{id}/content',
      0,
      'exact',
    ]);
    expect(JSON.stringify(server.records)).not.toContain('line one');
  });

  test('another project’s file is as unknown as one that never was', async () => {
    const file = await upload(mine);
    upstream.requests.length = 0;
    const tries = (id: string) => [
      theirs.files.retrieve(id),
      theirs.files.content(id),
      theirs.files.delete(id),
      theirs.batches.create({
        input_file_id: id,
        endpoint: '/v1/chat/completions',
        completion_window: '24h',
      }),
      theirs.chat.completions.create({
        model: 'gpt-4o',
        messages: [{ role: 'user', content: [{ type: 'file', file: { file_id: id } }] }],
      }),
    ];
    const said = async (asked: Promise<unknown>) =>
      asked.then(
        () => 'answered',
        (error: { status: number; error: { message: string } }) => `${error.status} ${error.error.message}`,
      );
    const real = await Promise.all(tries(file.id).map(said));
    const unreal = await Promise.all(tries('file-none').map(said));
    expect(real.map((text) => text.replaceAll(file.id, 'file-none'))).toEqual(unreal);
    expect(real.every((text) => text.startsWith('404'))).toBe(true);
    expect((await theirs.files.list()).data).toEqual([]);
    expect(upstream.requests).toEqual([]);
    expect(account.files.has(file.id)).toBe(true);
  });

  test('counting tokens opens no other project’s file, and nothing of which nobody knows whose it is', async () => {
    const file = await upload(mine);
    upstream.requests.length = 0;
    const count = async (body: object, key: keyof typeof testKeys = 'other') => {
      const reply = await fetch(`${server.url}/v1/responses/input_tokens`, {
        method: 'POST',
        headers: { authorization: `Bearer ${testKeys[key]}`, 'content-type': 'application/json' },
        body: JSON.stringify({ model: 'gpt-4o', input: 'hi', ...body }),
      });
      return reply.status;
    };
    const input = [{ role: 'user', content: [{ type: 'input_file', file_id: file.id }] }];
    expect(await count({ input })).toBe(404);
    expect(await count({ previous_response_id: 'resp_1' })).toBe(400);
    expect(await count({ conversation: 'conv_1' })).toBe(400);
    expect(await count({ input: [{ type: 'item_reference', id: 'msg_1' }] })).toBe(400);
    expect(upstream.requests).toEqual([]);
    expect(await count({ input }, 'live')).toBe(200);
    expect(upstream.requests).toHaveLength(1);
  });

  test('a form with two purposes or two files is refused, as a provider could read the other one', async () => {
    const { id } = await upload(mine);
    upstream.requests.length = 0;
    const line = JSON.stringify({ body: { file_id: id } });
    const send = async (fields: [string, string | Blob][]) => {
      const body = new FormData();
      for (const [name, value] of fields) body.append(name, value);
      const headers = { authorization: `Bearer ${testKeys.other}` };
      return (await fetch(`${server.url}/v1/files`, { method: 'POST', headers, body })).status;
    };
    const file = new Blob([line]);
    expect(
      await send([
        ['purpose', 'batch'],
        ['purpose', 'user_data'],
        ['file', file],
      ]),
    ).toBe(400);
    expect(
      await send([
        ['purpose', 'user_data'],
        ['purpose[]', 'batch'],
        ['file', file],
      ]),
    ).toBe(400);
    expect(
      await send([
        ['purpose', 'user_data'],
        ['purpose', new Blob(['batch'])],
        ['file', file],
      ]),
    ).toBe(400);
    expect(
      await send([
        ['purpose', 'batch'],
        ['file', new Blob(['{}'])],
        ['file', file],
      ]),
    ).toBe(400);
    expect(
      await send([
        ['purpose', 'batch'],
        ['file', file],
      ]),
    ).toBe(404);
    expect(upstream.requests).toEqual([]);
  });

  test('an id that leads elsewhere is no id, and reaches nobody', async () => {
    const ids = ['..%2F..%2Fmodels', '%2e%2e', 'a%00b', 'a%3Fb', 'a%23', 'x'.repeat(300), '..%5c..'];
    for (const id of ids) {
      for (const path of [`/v1/files/${id}`, `/v1/files/${id}/content`, `/v1/batches/${id}`]) {
        const headers = { authorization: `Bearer ${testKeys.live}` };
        expect((await fetch(server.url + path, { headers })).status).toBe(404);
      }
    }
    expect(upstream.requests).toEqual([]);
  });

  test('a provider’s id that leads elsewhere is not kept', async () => {
    upstream.play((response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ id: '../organization', object: 'file' }));
    });
    expect(await statusOf(upload(mine))).toBe(502);
    upstream.play(account.script);
  });

  test('an id that belongs to another project stays there, whatever a provider says', async () => {
    const file = await upload(mine);
    upstream.play((response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ id: file.id, object: 'file', purpose: 'batch' }));
    });
    expect(await statusOf(upload(theirs))).toBe(502);
    upstream.play(account.script);
    expect(await statusOf(theirs.files.retrieve(file.id))).toBe(404);
    expect(await statusOf(mine.files.retrieve(file.id))).toBe(200);
  });

  test('a call may name its own project’s files, and goes to the provider that keeps them', async () => {
    const file = await upload(mine, 'x', 'user_data');
    const reply = await mine.chat.completions.create({
      model: 'gpt-4o',
      messages: [{ role: 'user', content: [{ type: 'file', file: { file_id: file.id } }] }],
    });
    expect(reply.choices[0]?.message.content).toBe('Read.');
    const refused = await mine.chat.completions
      .create({
        model: 'gpt-4o',
        messages: [
          {
            role: 'user',
            content: [
              { type: 'file', file: { file_id: file.id } },
              { type: 'file', file: { file_id: 'file-stranger' } },
            ],
          },
        ],
      })
      .catch((error) => error);
    expect([refused.status, refused.code, refused.param]).toEqual([404, 'not_found', 'file_id']);
  });

  test('a key spelled with escapes names a file like any other', async () => {
    const body =
      '{"model":"gpt-4o","messages":[{"role":"user","content":[{"type":"file","file":{"file\\u005fid":"file-x"}}]}]}';
    const reply = await fetch(`${server.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${testKeys.live}`, 'content-type': 'application/json' },
      body,
    });
    expect(reply.status).toBe(404);
    expect(upstream.requests).toEqual([]);
  });

  test('the lines of a batch may name no other project’s files either', async () => {
    const file = await upload(mine, 'x', 'user_data');
    const line = (id: string) =>
      JSON.stringify({ custom_id: '1', body: { messages: [{ content: [{ file: { file_id: id } }] }] } });
    expect(await statusOf(upload(mine, `{}\n${line(file.id)}\n`))).toBe(200);
    expect(await statusOf(upload(theirs, `{}\n${line(file.id)}\n`))).toBe(404);
    const twice = `{"file_id":"${file.id}","file_id":"nothing"}`;
    expect(await statusOf(upload(theirs, twice))).toBe(404);
    const other = {
      input_file_id: file.id,
      endpoint: '/v1/chat/completions',
      completion_window: '24h',
    } as const;
    expect(await statusOf(mine.batches.create(other))).toBe(400);
  });

  test('a batch is its project’s own, and so are its results', async () => {
    const file = await upload(mine);
    const batch = await mine.batches.create({
      input_file_id: file.id,
      endpoint: '/v1/chat/completions',
      completion_window: '24h',
    });
    const seen = account.batches.get(batch.id) ?? {};
    account.files.set('file-out', {
      object: { id: 'file-out', object: 'file', purpose: 'batch_output' },
      bytes: 'result',
    });
    Object.assign(seen, { status: 'completed', output_file_id: 'file-out' });
    for (const client of [theirs]) {
      expect(await statusOf(client.batches.retrieve(batch.id))).toBe(404);
      expect(await statusOf(client.batches.cancel(batch.id))).toBe(404);
      expect((await client.batches.list()).data).toEqual([]);
      expect(await statusOf(client.files.content('file-out'))).toBe(404);
    }
    expect(await statusOf(mine.files.content('file-out'))).toBe(404);
    expect((await mine.batches.retrieve(batch.id)).output_file_id).toBe('file-out');
    expect(await (await mine.files.content('file-out')).text()).toBe('result');
    expect(await statusOf(theirs.files.content('file-out'))).toBe(404);
    expect((await mine.batches.list()).data).toMatchObject([{ id: batch.id, status: 'completed' }]);
    expect(await mine.batches.cancel(batch.id)).toMatchObject({ status: 'cancelling' });
  });

  test('what a batch used is charged once, at half the price', async () => {
    const file = await upload(mine);
    const batch = await mine.batches.create({
      input_file_id: file.id,
      endpoint: '/v1/chat/completions',
      completion_window: '24h',
    });
    await mine.batches.retrieve(batch.id);
    Object.assign(account.batches.get(batch.id) ?? {}, {
      status: 'completed',
      model: 'gpt-4o',
      usage: {
        input_tokens: 1_000,
        input_tokens_details: { cached_tokens: 0 },
        output_tokens: 100,
        output_tokens_details: { reasoning_tokens: 0 },
        total_tokens: 1_100,
      },
    });
    server.records.length = 0;
    await Promise.all([1, 2, 3].map(() => mine.batches.retrieve(batch.id)));
    const charged = server.records.filter(({ usage }) => Object.keys(usage).length > 0);
    expect(charged).toHaveLength(1);
    expect(charged[0]).toMatchObject({
      usage: { inputFresh: 1_000, outputText: 100 },
      cost: { nanos: (1_000 * 2_500 + 100 * 10_000) / 2, label: 'exact' },
    });
  });

  test('no batch begins where money or tokens are limited, as nothing can hold what it will use', async () => {
    const file = await upload(mine);
    const begin = () =>
      statusOf(
        mine.batches.create({
          input_file_id: file.id,
          endpoint: '/v1/chat/completions',
          completion_window: '24h',
        }),
      );
    const begun = account.batches.size;
    for (const [limit, status] of [
      [aBudget(), 402],
      [aLimit({ measure: 'tokens', period: 'month', max: 1_000_000_000 }), 429],
    ] as const) {
      limits = [limit];
      expect(await begin()).toBe(status);
    }
    expect(account.batches.size).toBe(begun);
    limits = [aBudget({ enforcement: 'shadow' }), aLimit({ max: 100 })];
    expect(await begin()).toBe(200);
    limits = [];
  });

  test('lists come page by page', async () => {
    const made = [await upload(theirs), await upload(theirs), await upload(theirs)].map(({ id }) => id);
    const seen: string[] = [];
    for await (const file of theirs.files.list({ limit: 2, order: 'asc' })) seen.push(file.id);
    expect(seen).toEqual(made);
    const [bad, strange] = await Promise.all(
      ['limit=0', 'after=..%2f'].map((query) =>
        fetch(`${server.url}/v1/files?${query}`, { headers: { authorization: `Bearer ${testKeys.live}` } }),
      ),
    );
    expect([bad?.status, strange?.status]).toEqual([400, 400]);
  });

  test('a file that its provider has forgotten is forgotten here too', async () => {
    const file = await upload(mine);
    account.files.delete(file.id);
    expect(await statusOf(mine.files.retrieve(file.id))).toBe(404);
    await expect
      .poll(async () => (await mine.files.list()).data.some(({ id }) => id === file.id))
      .toBe(false);
  });

  test('names of files stand in the database as nobody can read them', async () => {
    await upload(mine);
    const rows = await held.store.objects.listProviderObjects('proj_test', {
      kind: 'file',
      purpose: undefined,
      after: undefined,
      limit: 100,
      order: 'desc',
    });
    expect(rows.length).toBeGreaterThan(0);
    for (const { sealed } of rows) expect(sealed.toString('latin1')).not.toContain('secret-name');
    const [first] = await registry.list('proj_test', {
      kind: 'file',
      purpose: undefined,
      after: undefined,
      limit: 1,
      order: 'desc',
    });
    expect(first?.body.filename).toBe('secret-name.jsonl');
  });

  test('a test key keeps, sees and touches nothing', async () => {
    const file = await upload(mine);
    upstream.requests.length = 0;
    const client = new OpenAI({ apiKey: testKeys.sandbox, baseURL: `${server.url}/v1`, maxRetries: 0 });
    const tries = [
      upload(client),
      client.files.list(),
      client.files.retrieve(file.id),
      client.files.content(file.id),
      client.files.delete(file.id),
      client.batches.list(),
      client.batches.retrieve('batch_1'),
      client.batches.create({ input_file_id: file.id, endpoint: '/v1/responses', completion_window: '24h' }),
    ];
    expect(await Promise.all(tries.map(statusOf))).toEqual(tries.map(() => 501));
    expect(upstream.requests).toEqual([]);
    expect(account.files.has(file.id)).toBe(true);
  });

  test('a provider that is not configured, or keeps no files, keeps none for anybody', async () => {
    const file = await toFile(Buffer.from('x'), 'x.txt');
    const headers = { 'x-tokenrouter-provider': 'nobody' };
    const asked = mine.files.create({ file, purpose: 'user_data' }, { headers });
    expect(await statusOf(asked)).toBe(404);
    expect(upstream.requests).toEqual([]);
  });
});

describe('while the store is away', () => {
  test('nobody’s files are shown to anybody, and calls without files go on', async () => {
    const upstream = await openFakeUpstream(playsOpenAi({ text: 'Hi' }));
    const server = await createTestServer({
      providers: [{ id: 'openai', dialect: 'openai-chat', baseUrl: upstream.url, models: ['gpt-4o'] }],
    });
    const client = new OpenAI({ apiKey: testKeys.live, baseURL: `${server.url}/v1`, maxRetries: 0 });
    const said = (content: OpenAI.ChatCompletionContentPart[]) =>
      client.chat.completions.create({ model: 'gpt-4o', messages: [{ role: 'user', content }] });
    const refused = await said([{ type: 'file', file: { file_id: 'file-1' } }]).catch(
      (error) => error.status,
    );
    expect(refused).toBe(503);
    expect(await client.files.list().catch((error) => error.status)).toBe(503);
    expect(upstream.requests).toEqual([]);
    expect((await said([{ type: 'text', text: 'Hello' }])).choices[0]?.message.content).toBe('Hi');
    await Promise.all([server.close(), upstream.close()]);
  });
});
