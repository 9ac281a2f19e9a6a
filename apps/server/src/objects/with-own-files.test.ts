import { type Asked, createOwnObjects, type Journey } from '@app/gateway';
import { dialects, GatewayError, type JsonObject } from '@app/protocol';
import { aPrincipal, createFakeCaller } from '@app/testkit';
import { expect, test } from 'vitest';
import { withOwnFiles } from './with-own-files.ts';

function open(own: string[] = []) {
  const started: Asked[] = [];
  const cancelled: Asked[] = [];
  const asked: string[][] = [];
  const journey: Journey = {
    authenticate: () => ({ ok: true, value: aPrincipal() }),
    start: (call) => {
      started.push(call);
      return { cancel: () => cancelled.push(call) };
    },
  };
  const findFiles = async (_: string, ids: readonly string[]) => {
    asked.push([...ids]);
    if (own.includes('away')) throw new GatewayError('store_unavailable', 'The store is away.');
    if (own.includes('broken')) throw new Error('a bug');
    return own.map((name) => {
      const [id = '', providerId = 'keeper'] = name.split('@');
      return { id, providerId };
    });
  };
  const guarded = withOwnFiles(journey, createOwnObjects({ registry: { findFiles } }));
  const start = (body: JsonObject, changes: Partial<Asked> = {}) =>
    guarded.start(
      {
        dialect: dialects['openai-chat'],
        route: '/v1/chat/completions',
        principal: aPrincipal(),
        requestId: 'req_1',
        receivedAt: { epochMs: 0, monotonicMs: 0 },
        body: { ok: true, value: body },
        bodyText: JSON.stringify(body),
        ...changes,
      },
      createFakeCaller().caller,
    );
  return { started, cancelled, asked, start };
}

const naming = (...ids: string[]): JsonObject => ({
  input: ids.map((file_id) => ({ type: 'input_file', file_id })),
});
const settled = () => new Promise((resolve) => setImmediate(resolve));

test('a call that names no file starts at once, and nobody is asked about it', () => {
  const world = open();
  world.start({ messages: [] });
  world.start({ input: [] }, { route: '/v1/responses' });
  expect(world.started).toHaveLength(2);
  expect(world.asked).toEqual([]);
});

test('a call with its project’s files goes to who keeps them', async () => {
  const world = open(['f1', 'f2', 'f2@other']);
  world.start(naming('f1', 'f2', 'f1'));
  await settled();
  expect(world.started).toMatchObject([{ body: { ok: true }, providerIds: ['keeper'] }]);
});

test('no provider gets a call that names a file of another account, which may be somebody else’s there', async () => {
  const world = open(['f1@here', 'f2@there']);
  world.start(naming('f1', 'f2'));
  await settled();
  expect(world.started).toMatchObject([{ body: { ok: false, error: { code: 'not_found' } } }]);
});

test('a call that names what nobody can tell the owner of is refused, and nobody is asked about it', async () => {
  const world = open();
  world.start({ tools: [{ type: 'file_search', vector_store_ids: ['vs_1'] }] });
  await settled();
  expect(world.asked).toEqual([]);
  expect(world.started).toMatchObject([
    { body: { ok: false, error: { code: 'unsupported_parameter', detail: { param: 'vector_store_ids' } } } },
  ]);
});

test('what earlier turns said counts for a response, although it is not in the text that came', async () => {
  const world = open();
  world.start(naming('f1'), { route: '/v1/responses', bodyText: '{"conversation":"conv_1"}' });
  await settled();
  expect(world.started).toMatchObject([{ body: { ok: false, error: { code: 'not_found' } } }]);
});

test.each([
  ['not_found', ['f2']],
  ['store_unavailable', ['away']],
  ['internal_error', ['broken']],
])('a call whose file cannot be shown to be its own is started with the error %s', async (code, own) => {
  const world = open(own);
  world.start(naming('f1'));
  await settled();
  expect(world.started).toMatchObject([{ body: { ok: false, error: { code } } }]);
});

test('a call with more files than any is refused without asking', async () => {
  const world = open();
  world.start(naming(...Array.from({ length: 300 }, (_, at) => `f${at}`)));
  await settled();
  expect(world.asked).toEqual([]);
  expect(world.started).toMatchObject([{ body: { ok: false, error: { code: 'invalid_parameter' } } }]);
});

test('a caller that leaves while its files are looked up has its call recorded and stopped', async () => {
  const world = open(['f1']);
  world.start(naming('f1')).cancel();
  await settled();
  expect(world.cancelled).toHaveLength(1);
});

test('a test key’s call is the sandbox’s, which reads no files', () => {
  const world = open();
  world.start(naming('f1'), { principal: aPrincipal({ mode: 'test' }) });
  expect(world.started).toHaveLength(1);
  expect(world.asked).toEqual([]);
});
