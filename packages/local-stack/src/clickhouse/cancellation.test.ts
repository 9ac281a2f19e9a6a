import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestClickhouse, type TestClickhouse } from '../../test/open-test-clickhouse.ts';
import { waitUntil } from '../../test/wait-until.ts';

let store: TestClickhouse;

beforeAll(async () => {
  store = await openTestClickhouse({ queueMax: 2 });
});

afterAll(() => store.close());

const endless = 'SELECT count() FROM numbers(1000000000000) WHERE cityHash64(number) = 1';

const running = async (query_id: string): Promise<number> => {
  const query = "SELECT count() AS n FROM system.processes WHERE Settings['log_comment'] = {query_id:String}";
  const read = await store.client.query({ query, query_params: { query_id }, format: 'JSONEachRow' });
  const [row] = await read.json<{ n: number }>();
  return row?.n ?? 0;
};

// The counting query carries its own id, so the other one is seen only while it runs.
const isRunning = async (queryId: string) => (await running(queryId)) === 1;
const isGone = async (queryId: string) => (await running(queryId)) === 0;

const failure = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

test.each([
  ['while it computes', endless],
  ['while it is being planned', `WITH (${endless}) AS planned SELECT planned`],
])('a query whose client leaves %s is killed, and its session answers the next one', async (_when, query) => {
  const controller = new AbortController();
  const query_id = randomUUID();
  const left = failure(store.client.query({ query, query_id, abort_signal: controller.signal }));
  await waitUntil(() => isRunning(query_id));
  controller.abort();
  expect(await left).toBeInstanceOf(Error);
  await waitUntil(() => isGone(query_id));
  const next = await Promise.all(
    [1, 2].map(async (n) =>
      (await store.client.query({ query: `SELECT ${n} AS n`, format: 'JSONEachRow' })).json(),
    ),
  );
  expect(next).toEqual([[{ n: 1 }], [{ n: 2 }]]);
});

test('a result that is closed in the middle of its rows stops the query', async () => {
  const query_id = randomUUID();
  const query = 'SELECT number FROM numbers(100000000000)';
  const read = await store.client.query({ query, query_id, format: 'JSONEachRow' });
  const rows = read.stream();
  await new Promise((resolve) => rows.once('data', resolve));
  expect(await isRunning(query_id)).toBe(true);
  read.close();
  await waitUntil(() => isGone(query_id));
});

test('a reader that does not read holds the engine back instead of filling memory', async () => {
  const query_id = randomUUID();
  const read = await store.client.query({
    query: 'SELECT number FROM numbers(100000000000)',
    query_id,
    format: 'JSONEachRow',
  });
  const progress = async () => {
    const query =
      "SELECT read_rows AS n FROM system.processes WHERE Settings['log_comment'] = {query_id:String}";
    const [row] = await (
      await store.client.query({ query, query_params: { query_id }, format: 'JSONEachRow' })
    ).json<{ n: number }>();
    return row?.n ?? 0;
  };
  await waitUntil(async () => (await progress()) > 0);
  let before = -1;
  await waitUntil(async () => {
    const now = await progress();
    const isHeld = now === before;
    before = now;
    return isHeld;
  });
  expect(before).toBeLessThan(100_000_000);
  read.close();
  await waitUntil(() => isGone(query_id));
});

test('queries run at the same time, some wait, and one too many is refused', async () => {
  const controllers = Array.from({ length: 5 }, () => new AbortController());
  const settled: unknown[] = [];
  const queries = controllers.map((controller) =>
    failure(store.client.query({ query: endless, abort_signal: controller.signal })).then((error) =>
      settled.push(error),
    ),
  );
  await waitUntil(() => settled.length === 1);
  expect(settled[0]).toMatchObject({ code: '202', type: 'TOO_MANY_SIMULTANEOUS_QUERIES' });
  for (const controller of controllers) controller.abort();
  await Promise.all(queries);
  await waitUntil(async () => (await store.client.query({ query: 'SELECT 1' })).json());
});

test('the same id twice at a time is refused', async () => {
  const controller = new AbortController();
  const query_id = randomUUID();
  const first = failure(store.client.query({ query: endless, query_id, abort_signal: controller.signal }));
  await waitUntil(() => isRunning(query_id));
  expect(await failure(store.client.query({ query: 'SELECT 1', query_id }))).toMatchObject({ code: '216' });
  controller.abort();
  await first;
  await waitUntil(() => isGone(query_id));
});
