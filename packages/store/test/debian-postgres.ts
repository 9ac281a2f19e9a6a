import { execFile, spawn } from 'node:child_process';
import { access, chmod, chown, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import type { PostgresOptions } from '../src/postgres/open-postgres.ts';

const binFolder = '/usr/lib/postgresql/15/bin';
/** `nobody`: PostgreSQL refuses to run as root. */
const unprivilegedId = 65534;

export type Engine = { place: PostgresOptions; stop(): Promise<void> };

/** Whether Debian's PostgreSQL 15 is installed. */
export async function hasDebianPostgres(): Promise<boolean> {
  return access(join(binFolder, 'postgres')).then(
    () => true,
    () => false,
  );
}

/** Starts Debian's PostgreSQL 15 on a unix socket in a folder of its own, as an unprivileged user. */
export async function openDebianPostgres(): Promise<Engine> {
  const folder = await mkdtemp(join(tmpdir(), 'pg15-'));
  const data = join(folder, 'data');
  await mkdir(data);
  await chmod(folder, 0o700);
  const owner = process.getuid?.() === 0 ? { uid: unprivilegedId, gid: unprivilegedId } : {};
  if (owner.uid !== undefined) for (const path of [folder, data]) await chown(path, owner.uid, owner.gid);
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
  await promisify(execFile)(join(binFolder, 'initdb'), initdb, { ...owner, cwd: folder });
  const settings = ['listen_addresses=', 'fsync=off', 'shared_buffers=32MB'].flatMap((each) => ['-c', each]);
  const child = spawn(join(binFolder, 'postgres'), ['-D', data, '-k', folder, ...settings], {
    ...owner,
    cwd: folder,
    stdio: 'ignore',
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const place = { host: folder, user: 'tokenrouter', database: 'postgres' };
  await untilItAnswers(place);
  return {
    place,
    stop: async () => {
      child.kill('SIGINT');
      await exited;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function untilItAnswers(place: pg.ClientConfig): Promise<void> {
  const deadline = performance.now() + 20_000;
  for (;;) {
    const client = new pg.Client(place);
    try {
      await client.connect();
      await client.end();
      return;
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}
