import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createSocketAgent, openInstance, openLocalClickhouse, openLocalPostgres } from '@app/local-stack';
import { type ClickHouseClient, ClickHouseLogLevel, createClient } from '@clickhouse/client';
import pg from 'pg';

/**
 * Mixed load on the embedded stores: inserts, dashboard-like queries, queries that fail and queries that are left.
 * Prints the memory of both children over time, and what went wrong. `node bench/local-stack-soak.ts --minutes 30`.
 */
const { values: options } = parseArgs({
  options: { minutes: { type: 'string', default: '30' }, 'insert-rows': { type: 'string', default: '500' } },
});
const endMs = Date.now() + Number(options.minutes) * 60_000;
const print = (line: string) => process.stdout.write(`${line}\n`);

const folder = mkdtempSync(join(tmpdir(), 'soak-'));
const log = {
  info: () => undefined,
  warn: (fields: object, text: string) => print(`# ${text} ${JSON.stringify(fields)}`),
  error: () => undefined,
};
const instance = await openInstance({ dataDir: join(folder, 'data') });
const places = { dataDir: join(folder, 'data'), runDir: instance.runDir, log };
const postgres = await openLocalPostgres(places);
const clickhouse = await openLocalClickhouse({ ...places, key: Buffer.alloc(32, 3) });
const pool = new pg.Pool({
  host: postgres.host,
  port: postgres.port,
  user: postgres.user,
  database: postgres.database,
  max: 5,
});
pool.on('error', () => undefined);
const client = createClient({
  url: 'http://localhost',
  http_agent: createSocketAgent(clickhouse.socketPath),
  log: { level: ClickHouseLogLevel.OFF },
});

const counts = { inserted: 0, queries: 0, transactions: 0, left: 0, failedAsMeant: 0, unexpected: 0 };
const problems = new Map<string, number>();

await setUp();
printHeader();
const report = setInterval(printLine, 30_000);
await Promise.all([
  repeat(insertSpans, 250),
  repeat(askDashboard, 100),
  repeat(askDashboard, 150),
  repeat(failOnPurpose, 1_000),
  repeat(leaveQuery, 1_500),
  repeat(writePostgres, 50),
]);
clearInterval(report);
print(await describeLine());
print(`problems: ${JSON.stringify(Object.fromEntries(problems))}`);
await client.close();
await pool.end();
await Promise.all([clickhouse.stop(), postgres.stop()]);
await instance.close();
rmSync(folder, { recursive: true, force: true });

async function setUp(): Promise<void> {
  await client.command({
    query: `CREATE TABLE spans (project LowCardinality(String), started DateTime64(9), trace String, span String,
      model LowCardinality(String), cost_nanos Int64, duration_us UInt64, body String, version UInt64)
      ENGINE = ReplacingMergeTree(version) ORDER BY (project, toStartOfHour(started), trace, span)
      PARTITION BY toYYYYMM(started) SETTINGS non_replicated_deduplication_window = 1000`,
  });
  await pool.query(
    'CREATE TABLE keys (id bigint generated always as identity primary key, digest text, used timestamptz)',
  );
}

/** Runs a job again and again with a pause, and counts what it did not expect. */
async function repeat(job: () => Promise<void>, pauseMs: number): Promise<void> {
  while (Date.now() < endMs) {
    await job().catch((error: unknown) => {
      counts.unexpected += 1;
      const name = `${job.name}: ${error instanceof Error ? error.message.slice(0, 120) : String(error)}`;
      problems.set(name, (problems.get(name) ?? 0) + 1);
    });
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}

async function insertSpans(): Promise<void> {
  const rows = Number(options['insert-rows']);
  const now = Date.now();
  const values = Array.from({ length: rows }, (_, n) => ({
    project: `project-${n % 5}`,
    started: new Date(now - Math.random() * 86_400_000).toISOString().replace('T', ' ').replace('Z', ''),
    trace: Math.random().toString(16).slice(2),
    span: Math.random().toString(16).slice(2),
    model: `model-${n % 7}`,
    cost_nanos: Math.floor(Math.random() * 1e6),
    duration_us: Math.floor(Math.random() * 1e7),
    body: `${Math.random()} `.repeat(40),
    version: now,
  }));
  await client.insert({
    table: 'spans',
    values,
    format: 'JSONEachRow',
    clickhouse_settings: { insert_deduplication_token: `${now}` },
  });
  counts.inserted += rows;
}

async function askDashboard(): Promise<void> {
  const questions = [
    'SELECT toStartOfFiveMinutes(started) AS at, model, sum(cost_nanos) AS cost FROM spans FINAL WHERE project = {p:String} GROUP BY at, model ORDER BY at',
    'SELECT quantile(0.99)(duration_us) AS p99, count() AS all FROM spans WHERE project = {p:String}',
    'SELECT * FROM spans FINAL WHERE project = {p:String} ORDER BY started DESC LIMIT 50',
    'SELECT trace, count() AS all FROM spans WHERE project = {p:String} AND trace IN (SELECT trace FROM spans WHERE project = {p:String} LIMIT 100) GROUP BY trace',
  ];
  const query = questions[Math.floor(Math.random() * questions.length)] ?? '';
  const query_params = { p: `project-${Math.floor(Math.random() * 5)}` };
  await (await client.query({ query, query_params, format: 'JSONEachRow' })).json();
  counts.queries += 1;
}

async function failOnPurpose(): Promise<void> {
  const failing = [
    'SELECT * FROM missing',
    "SELECT throwIf(cityHash64(trace) % 97 = 0, 'on purpose') FROM spans FORMAT JSON",
    'SELECT count() FROM numbers(100000000000) WHERE cityHash64(number) = 1 SETTINGS max_execution_time = 1',
    'SELECT toString(number) AS a FROM numbers(20000000) GROUP BY a ORDER BY a SETTINGS max_memory_usage = 50000000',
  ];
  const query = failing[Math.floor(Math.random() * failing.length)] ?? '';
  const outcome = await client.exec({ query }).then(
    async ({ stream }) =>
      (await stream.toArray()).join('').includes('__exception__') || query.includes('throwIf'),
    () => true,
  );
  if (!outcome) throw new Error('a failing query succeeded');
  counts.failedAsMeant += 1;
  const mark = `mark-${Math.random()}`;
  const next = await (
    await client.query({
      query: 'SELECT {mark:String} AS mark',
      query_params: { mark },
      format: 'JSONEachRow',
    })
  ).text();
  if (next !== `{"mark":"${mark}"}\n`) throw new Error('an answer was not its own');
}

async function leaveQuery(): Promise<void> {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), 50 + Math.random() * 300);
  await askForever(client, controller.signal).catch(() => undefined);
  clearTimeout(timer);
  counts.left += 1;
}

async function askForever(from: ClickHouseClient, abort_signal: AbortSignal): Promise<void> {
  await from.query({
    query: 'SELECT count() FROM numbers(100000000000) WHERE cityHash64(number) = 1',
    abort_signal,
  });
}

async function writePostgres(): Promise<void> {
  await pool.query(
    'INSERT INTO keys (digest, used) SELECT md5(random()::text), now() FROM generate_series(1, 20)',
  );
  await pool.query(
    'UPDATE keys SET used = now() WHERE id IN (SELECT id FROM keys ORDER BY random() LIMIT 5)',
  );
  await pool.query('DELETE FROM keys WHERE id < (SELECT max(id) - 2000 FROM keys)');
  counts.transactions += 3;
}

function printHeader(): void {
  print('minute  clickhouse rss (anonymous) MB  postgres pss MB  soak MB  parts  counts');
  printLine();
}

function printLine(): void {
  void describeLine().then(print, (error: unknown) => print(`# ${String(error)}`));
}

async function describeLine(): Promise<string> {
  const minute = Number(options.minutes) - (endMs - Date.now()) / 60_000;
  const [resident, anonymous] = ['VmRSS', 'RssAnon'].map((name) =>
    readMemory(clickhouse.pid(), 'status', name),
  );
  const server = [postgres.pid(), ...childrenOf(postgres.pid())].reduce<number>(
    (sum, pid) => sum + readMemory(pid, 'smaps_rollup', 'Pss'),
    0,
  );
  const parts = await (
    await client.query({ query: 'SELECT count() FROM system.parts WHERE active', format: 'TabSeparated' })
  ).text();
  const own = Math.round(process.memoryUsage().rss / 1e6);
  return `${minute.toFixed(1).padStart(6)}  ${resident} (${anonymous})  ${server}  ${own}  ${parts.trim()}  ${JSON.stringify(counts)}`;
}

/** One line of a file of /proc, in megabytes. */
function readMemory(pid: number | undefined, file: string, name: string): number {
  try {
    const kilobytes = new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(
      readFileSync(`/proc/${pid}/${file}`, 'utf8'),
    )?.[1];
    return Math.round(Number(kilobytes ?? 0) / 1000);
  } catch {
    return 0;
  }
}

function childrenOf(pid: number | undefined): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number);
  } catch {
    return [];
  }
}
