import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chown, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { TestCertificate } from '@app/testkit';
import pg from 'pg';
import { waitUntil } from './wait-until.ts';

const BIN = '/usr/lib/postgresql/15/bin';
/** `nobody`: PostgreSQL refuses to run as root. */
const UNPRIVILEGED_ID = 65534;

export const hasDebianPostgres = (): boolean => existsSync(join(BIN, 'postgres'));

export type TlsPostgres = {
  port: number;
  /** Shows this certificate to every new connection. */
  show(certificate: TestCertificate): Promise<void>;
  /** How many connections are open, this question's own not counted. */
  countConnections(): Promise<number>;
  stop(): Promise<void>;
};

/** Debian's PostgreSQL 15 on a TCP port of loopback, where it lets nobody in without TLS and the password `swordfish-7`. */
export async function openTlsPostgres(first: TestCertificate): Promise<TlsPostgres> {
  const folder = await mkdtemp(join(tmpdir(), 'tr-pg-tls-'));
  const data = join(folder, 'data');
  await mkdir(data, { mode: 0o700 });
  const isRoot = process.getuid?.() === 0;
  const owner = isRoot ? { uid: UNPRIVILEGED_ID, gid: UNPRIVILEGED_ID } : {};
  const hand = async (path: string) => {
    if (isRoot) await chown(path, UNPRIVILEGED_ID, UNPRIVILEGED_ID);
  };
  await hand(folder);
  await hand(data);
  const initdb = [
    '-D',
    data,
    '-U',
    'tokenrouter',
    '-A',
    'trust',
    '--locale=C',
    '--encoding=UTF8',
    '--no-sync',
  ];
  await promisify(execFile)(join(BIN, 'initdb'), initdb, { ...owner, cwd: folder });
  const put = async (name: string, text: string) => {
    await writeFile(join(data, name), text, { mode: 0o600 });
    await hand(join(data, name));
  };
  const write = async ({ cert, key }: TestCertificate) => {
    await put('server.crt', cert);
    await put('server.key', key);
  };
  await write(first);
  await put('pg_hba.conf', 'local all all trust\nhostssl all all 127.0.0.1/32 scram-sha-256\n');
  const port = await findFreePort();
  const settings = [
    'listen_addresses=127.0.0.1',
    `port=${port}`,
    'ssl=on',
    'fsync=off',
    'shared_buffers=16MB',
  ];
  const args = ['-D', data, '-k', folder, ...settings.flatMap((each) => ['-c', each])];
  const child = spawn(join(BIN, 'postgres'), args, { ...owner, cwd: folder, stdio: 'ignore' });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const ask = async (sql: string): Promise<{ [column: string]: unknown }[]> => {
    const client = new pg.Client({
      host: folder,
      port,
      user: 'tokenrouter',
      database: 'postgres',
      ssl: false,
    });
    await client.connect();
    const { rows } = await client.query(sql);
    await client.end();
    return rows;
  };
  await waitUntil(() =>
    ask(`alter role tokenrouter password 'swordfish-7'`).then(
      () => true,
      () => false,
    ),
  );
  return {
    port,
    show: async (certificate) => {
      await write(certificate);
      const [{ before } = {}] = await ask('select pg_conf_load_time() as before');
      await ask('select pg_reload_conf()');
      await waitUntil(async () => {
        const [{ now } = {}] = await ask('select pg_conf_load_time() as now');
        return Number(now) > Number(before);
      });
    },
    countConnections: async () => {
      const [{ count } = {}] = await ask(`select count(*)::int from pg_stat_activity where client_port > 0`);
      return Number(count);
    },
    stop: async () => {
      child.kill('SIGINT');
      await exited;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** PostgreSQL takes no port of its own choice. */
async function findFreePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
