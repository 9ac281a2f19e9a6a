import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeTestFolder, silentLog } from '../../test/open-test-clickhouse.ts';
import { waitUntil } from '../../test/wait-until.ts';
import { findProcess } from '../supervision/process-identity.ts';
import { createLauncher } from './create-launcher.ts';
import { getBinaries } from './get-binaries.ts';
import { type LocalPostgres, openLocalPostgres } from './open-local-postgres.ts';

const data = makeTestFolder();
const run = makeTestFolder();
const places = { dataDir: data.path, runDir: run.path, log: silentLog };
let postgres: LocalPostgres;

/** A process that starts PostgreSQL and prints a line when it is up, until it is killed. */
function spawnOwner(): { child: ReturnType<typeof spawn>; isUp: Promise<void> } {
  const entry = fileURLToPath(new URL('./open-local-postgres.ts', import.meta.url));
  const script = `import { openLocalPostgres } from ${JSON.stringify(entry)};
    const log = { info() {}, warn() {}, error() {} };
    await openLocalPostgres({ dataDir: ${JSON.stringify(data.path)}, runDir: ${JSON.stringify(run.path)}, log });
    process.stdout.write('up'); setInterval(() => {}, 1e6);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const isUp = new Promise<void>((resolve) => child.stdout?.once('data', () => resolve()));
  return { child, isUp };
}

async function query(sql: string, values: unknown[] = []): Promise<unknown[]> {
  const { host, port, user, database } = postgres;
  const client = new pg.Client({ host, port, user, database });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query(sql, values)).rows;
  } finally {
    await client.end();
  }
}

// The tests tell one story on one data folder: a kill during its making, then a first start, crashes, and a stop.
beforeAll(async () => {
  const owner = spawnOwner();
  await waitUntil(() =>
    readdirSync(data.path).some(
      (name) => name.startsWith('postgres.new-') && existsSync(join(data.path, name, 'base')),
    ),
  );
  owner.child.kill('SIGKILL');
  expect(existsSync(join(data.path, 'postgres'))).toBe(false);
  postgres = await openLocalPostgres(places);
});

afterAll(async () => {
  await postgres.stop();
  data.remove();
  run.remove();
});

test('a kill while the cluster is made leaves nothing behind, and the next start makes it', async () => {
  expect(readdirSync(data.path).filter((name) => name.startsWith('postgres.new-'))).toEqual([]);
  expect(await query("SELECT lower('ÄÖÜ') AS text, current_setting('server_encoding') AS encoding")).toEqual([
    { text: 'äöü', encoding: 'UTF8' },
  ]);
});

test('it is durable, small, reached by its socket alone, and nothing secret or foreign is in its environment', async () => {
  const wanted = {
    fsync: 'on',
    listen_addresses: '',
    max_connections: '50',
    shared_buffers: '32MB',
    data_checksums: 'on',
  };
  for (const [name, value] of Object.entries(wanted))
    expect(await query(`SHOW ${name}`)).toEqual([{ [name]: value }]);
  expect(statSync(run.path).mode & 0o777).toBe(0o700);
  expect(statSync(join(run.path, '.s.PGSQL.5432')).mode & 0o777).toBe(0o700);
});

test('killed it is started again, recovers and has every committed row', async () => {
  await query('CREATE TABLE kept (n int)');
  await query('INSERT INTO kept SELECT generate_series(1, 100)');
  const first = postgres.pid() ?? 0;
  process.kill(first, 'SIGKILL');
  await waitUntil(() => postgres.pid() !== undefined && postgres.pid() !== first);
  expect(await waitUntil(() => query('SELECT count(*)::int AS n FROM kept'))).toEqual([{ n: 100 }]);
});

test('a backend that is killed does not take the rest down for good', async () => {
  await query('SELECT pg_terminate_backend(pg_backend_pid())').catch(() => undefined);
  expect(await waitUntil(() => query('SELECT 1 AS n'))).toEqual([{ n: 1 }]);
});

test('it ends with a parent that is killed, or the next start ends it', async () => {
  await postgres.stop();
  const owner = spawnOwner();
  await owner.isUp;
  postgres = { ...postgres, pid: () => undefined, stop: async () => undefined };
  const [row] = await query("SELECT split_part(pg_read_file('postmaster.pid'), chr(10), 1)::int AS pid");
  const { pid } = row as { pid: number };
  owner.child.kill('SIGKILL');
  await waitUntil(() => findProcess(pid) === undefined);
  postgres = await openLocalPostgres(places);
  expect(await query('SELECT count(*)::int AS n FROM kept')).toEqual([{ n: 100 }]);
});

test('a leftover that did not die with its parent is stopped by the next start, found by its folder alone', async () => {
  await postgres.stop();
  const cluster = join(data.path, 'postgres');
  const args = ['-D', cluster, '-k', run.path, '-c', 'listen_addresses='];
  const [command, ...rest] = createLauncher().commandOf(getBinaries().postgres, args, 'SIGINT');
  const leftover = spawn(command, rest, { stdio: 'ignore' });
  await waitUntil(() => query('SELECT 1'));
  postgres = await openLocalPostgres(places);
  expect(leftover.exitCode).toBe(0);
  expect(await query('SELECT count(*)::int AS n FROM kept')).toEqual([{ n: 100 }]);
});

test('a lock file left by a kill does not stop a start, although another program has its pid now', async () => {
  const lockFile = join(data.path, 'postgres/postmaster.pid');
  const lock = readFileSync(lockFile, 'utf8');
  await postgres.stop();
  const other = spawn('sleep', ['60'], { stdio: 'ignore' });
  writeFileSync(lockFile, lock.replace(/^\d+/, String(other.pid)), { mode: 0o600 });
  postgres = await openLocalPostgres(places);
  expect(await query('SELECT count(*)::int AS n FROM kept')).toEqual([{ n: 100 }]);
  expect(other.exitCode ?? other.signalCode).toBeNull();
  other.kill();
});

test('a cluster of another major version is refused with a sentence', async () => {
  const other = makeTestFolder();
  mkdirSync(join(other.path, 'postgres'));
  writeFileSync(join(other.path, 'postgres', 'PG_VERSION'), '15\n');
  await expect(openLocalPostgres({ ...places, dataDir: other.path })).rejects.toThrow(
    /made by PostgreSQL 15 and the installed one is 18/,
  );
  other.remove();
});
