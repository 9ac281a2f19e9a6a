import { playsOpenAi } from '@app/testkit';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { openResponsesServer, type ResponsesServer } from '../open-responses-server.ts';
import type { testKeys } from '../test-keys.ts';

let open: ResponsesServer;
beforeAll(async () => {
  open = await openResponsesServer();
  open.upstream.play(playsOpenAi({ text: 'Fine.' }));
});
afterAll(() => open.close());
afterEach(() => expect(open.server.defects).toEqual([]));

const create = (body: object = {}, key: keyof typeof testKeys = 'live') =>
  open.send('POST', '/v1/responses', { key, body: { model: 'the-model', input: 'Hi', ...body } });

const ODD_IDS = [
  "' or '1'='1",
  "resp_'; drop table stored_responses; --",
  'resp_%',
  '__proto__',
  'constructor',
  '..%2f..%2fetc%2fpasswd',
  '%00',
  `resp_${'0'.repeat(26)}`,
  `resp_${'a'.repeat(400)}`,
  'req_😀',
];

test('another project’s and the other mode’s ids are like ids that nobody gave', async () => {
  const stored = (await create()).json.id;
  const conversation = (
    await open.send('POST', '/v1/conversations', { body: { items: [{ role: 'user', content: 'Secret' }] } })
  ).json.id;
  const item = (await open.send('GET', `/v1/conversations/${conversation}/items`)).json.data[0]?.id;
  const unknown = `resp_${'0'.repeat(26)}`;
  for (const isWritten of [false, true]) {
    if (isWritten) await open.server.responses.turns.flush();
    for (const key of ['other', 'sandbox'] as const) {
      const paths: [string, string][] = [
        ['GET', ''],
        ['DELETE', ''],
        ['POST', ''],
        ['POST', '/cancel'],
        ['GET', '/input_items'],
        ['GET', '?stream=true'],
      ];
      for (const [method, rest] of paths) {
        const ask = (id: string) =>
          open.send(method, `/v1/responses/${id}${rest}`, {
            key,
            ...(method === 'POST' ? { body: {} } : {}),
          });
        const [real, none] = [await ask(stored), await ask(unknown)];
        expect(real.status, `${method} ${rest}`).toBe(404);
        expect(real.text.replaceAll(stored, '').replaceAll(/req_\w+/g, '')).toBe(
          none.text.replaceAll(unknown, '').replaceAll(/req_\w+/g, ''),
        );
      }
      for (const path of ['', '/items', `/items/${item}`]) {
        expect((await open.send('GET', `/v1/conversations/${conversation}${path}`, { key })).status).toBe(
          404,
        );
      }
      expect((await open.send('DELETE', `/v1/conversations/${conversation}`, { key })).status).toBe(404);
      expect((await create({ previous_response_id: stored }, key)).status).toBe(404);
      expect((await create({ conversation }, key)).status).toBe(404);
      expect((await create({ input: [{ type: 'item_reference', id: item }] }, key)).status).toBe(404);
    }
  }
  expect((await open.send('GET', `/v1/responses/${stored}`)).status).toBe(200);
  expect((await open.send('GET', `/v1/conversations/${conversation}/items`)).json.data).toHaveLength(1);
});

test('ids of any shape are not found, and nothing happens', async () => {
  for (const id of ODD_IDS) {
    const path = id.includes('%') ? id : encodeURIComponent(id);
    for (const [method, rest] of [
      ['GET', ''],
      ['DELETE', ''],
      ['GET', '/input_items'],
    ] as const) {
      const { status } = await open.send(method, `/v1/responses/${path}${rest}`);
      expect([400, 404, 414], `${method} ${id}${rest}`).toContain(status);
      expect([400, 404, 414]).toContain((await open.send(method, `/v1/conversations/${path}`)).status);
    }
    expect((await create({ previous_response_id: id })).status).toBe(404);
    expect((await create({ conversation: id })).status).toBe(404);
    expect((await create({ input: [{ type: 'item_reference', id }] })).status).toBe(404);
  }
});

test('a key that may only read neither deletes, cancels nor writes, and one that may only call reads nothing', async () => {
  const { id } = (await create()).json;
  expect((await open.send('GET', `/v1/responses/${id}`, { key: 'reader' })).status).toBe(200);
  const writes: [string, string][] = [
    ['DELETE', `/v1/responses/${id}`],
    ['POST', `/v1/responses/${id}/cancel`],
    ['POST', '/v1/conversations'],
    ['POST', '/v1/responses'],
  ];
  for (const [method, path] of writes) {
    const answer = await open.send(method, path, {
      key: 'reader',
      ...(method === 'POST' ? { body: {} } : {}),
    });
    expect(answer.status, path).toBe(403);
  }
  for (const key of ['noPermission', 'ingest'] as const) {
    expect((await open.send('GET', `/v1/responses/${id}`, { key })).status).toBe(403);
  }
  expect((await open.send('GET', `/v1/responses/${id}`, { key: 'expired' })).status).toBe(401);
});

test('what contradicts itself is refused with the field’s name, before a provider is asked', async () => {
  const before = open.upstream.requests.length;
  const { id } = { id: `resp_${'0'.repeat(26)}` };
  const faults: [object, string][] = [
    [{ previous_response_id: id, conversation: 'conv_x' }, 'previous_response_id'],
    [{ previous_response_id: 7 }, 'previous_response_id'],
    [{ conversation: {} }, 'conversation'],
    [{ store: 'yes' }, 'store'],
    [{ background: 1 }, 'background'],
    [{ background: true, store: false }, 'background'],
    [{ metadata: { a: 1 } }, 'metadata'],
    [{ metadata: Object.fromEntries(Array.from({ length: 17 }, (_, at) => [`k${at}`, 'v'])) }, 'metadata'],
    [{ include: 'all' }, 'include'],
    [{ stream_options: { format: 'morse' } }, 'stream_options.format'],
    [{ router_provider: 'acme', model: 'auto' }, 'router_provider'],
  ];
  for (const [body, param] of faults) {
    const answer = await create(body);
    expect(answer.status, JSON.stringify(body)).toBe(400);
    expect(answer.json.error.param).toBe(param);
  }
  expect(open.upstream.requests).toHaveLength(before);
});

test('a chain longer than a thousand turns is refused with the remedy', async () => {
  const owner = { projectId: 'proj_test', mode: 'live', keyId: 'key_live' } as const;
  const idAt = (at: number) => `resp_${String(at).padStart(26, '0')}`;
  const turnOf = (at: number) => ({
    id: idAt(at),
    status: 'completed' as const,
    createdAtMs: Date.now(),
    previousId: at === 0 ? undefined : idAt(at - 1),
    conversationId: undefined,
    response: { id: idAt(at), status: 'completed', output: [] },
    input: [{ id: `msg_${at}`, item: { type: 'message', role: 'user', content: `Turn ${at}` } }],
    include: [],
    isBackground: false,
  });
  const { turns } = open.server.responses;
  for (let at = 0; at < 1_001; at += 1) expect(turns.put(owner, turnOf(at))).toBe(true);
  for (const isWritten of [false, true]) {
    if (isWritten) await turns.flush();
    const long = await create({ previous_response_id: idAt(1_000) });
    expect(long.json.error).toMatchObject({ code: 'invalid_parameter', param: 'previous_response_id' });
    expect(long.json.error.message).toContain('1000 responses');
    expect((await create({ previous_response_id: idAt(999) })).status).toBe(200);
  }
  expect(open.upstream.requests.at(-1)?.body).toContain('Turn 999');
});

test('a chain of more bytes than a call may have is refused, whether or not it is written yet', async () => {
  const small = await openResponsesServer({ responses: { inputBytesMax: 3_000 } });
  try {
    small.upstream.play(playsOpenAi({ text: 'Fine.' }));
    const say = (previous?: string) =>
      small.send('POST', '/v1/responses', {
        body: {
          model: 'the-model',
          input: 'x'.repeat(500),
          ...(previous ? { previous_response_id: previous } : {}),
        },
      });
    const first = await say();
    const second = await say(first.json.id);
    expect([first.status, second.status]).toEqual([200, 200]);
    for (const isWritten of [false, true]) {
      if (isWritten) await small.server.responses.turns.flush();
      const refused = await say(second.json.id);
      expect(refused.status).toBe(400);
      expect(refused.json.error.param).toBe('previous_response_id');
    }
  } finally {
    await small.close();
  }
});

test('a chain with a turn that was deleted is told so, and names the turn', async () => {
  const first = (await create()).json.id;
  const second = (await create({ previous_response_id: first })).json.id;
  expect((await open.send('DELETE', `/v1/responses/${first}`)).json).toEqual({
    id: first,
    object: 'response',
    deleted: true,
  });
  expect((await open.send('DELETE', `/v1/responses/${first}`)).status).toBe(404);
  const broken = await create({ previous_response_id: second });
  expect(broken.status).toBe(404);
  expect(broken.json.error.message).toContain(first);
  await open.server.responses.turns.flush();
  expect((await open.send('GET', `/v1/responses/${first}`)).status).toBe(404);
});

test('a delete while the reply is on its way to the database leaves nothing', async () => {
  for (let round = 0; round < 20; round += 1) {
    const { id } = (await create()).json;
    const flushed = round % 2 === 0 ? open.server.responses.turns.flush() : Promise.resolve();
    expect((await open.send('DELETE', `/v1/responses/${id}`)).status).toBe(200);
    await flushed;
    await open.server.responses.turns.flush();
    expect((await open.send('GET', `/v1/responses/${id}`)).status).toBe(404);
  }
});

test('bad queries and bodies of the state’s own addresses are refused by name', async () => {
  const { id } = (await create()).json;
  for (const [query, param] of [
    ['limit=0', 'limit'],
    ['limit=101', 'limit'],
    ['limit=-1', 'limit'],
    ['limit=1e3', 'limit'],
    ['order=random', 'order'],
  ]) {
    const answer = await open.send('GET', `/v1/responses/${id}/input_items?${query}`);
    expect(answer.status, query).toBe(400);
    expect(answer.json.error.param).toBe(param);
  }
  expect((await open.send('GET', `/v1/responses/${id}?stream=true&starting_after=x`)).status).toBe(400);
  expect((await open.send('POST', `/v1/responses/${id}`, { body: { stream: 'yes' } })).status).toBe(400);
  expect((await open.send('POST', '/v1/conversations', { body: '[1' })).json.error.code).toBe('invalid_json');
  expect((await open.send('POST', '/v1/conversations', { body: { items: 'none' } })).json.error.param).toBe(
    'items',
  );
  const many = Array.from({ length: 21 }, () => ({ role: 'user', content: 'x' }));
  expect((await open.send('POST', '/v1/conversations', { body: { items: many } })).status).toBe(400);
});

test('an item that is named a thousand times is not a thousand times as much', async () => {
  const text = 'x'.repeat(1_000_000);
  const { id } = (await create({ input: [{ id: 'msg_long', role: 'user', content: text }] })).json;
  open.upstream.requests.length = 0;
  const many = Array.from({ length: 100_000 }, () => ({ id: 'msg_long' }));
  const reply = await create({ input: many });
  expect(reply.status).toBe(400);
  expect(reply.json.error).toMatchObject({ code: 'invalid_parameter', param: 'input' });
  expect((await create({ input: many, previous_response_id: id })).status).toBe(200);
  expect(open.upstream.requests).toHaveLength(1);
});
