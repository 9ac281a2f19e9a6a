import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chown, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { waitUntil } from './wait-until.ts';

const binFolder = '/usr/lib/postgresql/15/bin';
/** `nobody`: PostgreSQL refuses to run as root. */
const unprivilegedId = 65534;

export function hasDebianPostgres(): boolean {
  return existsSync(join(binFolder, 'postgres'));
}

/** Starts Debian's PostgreSQL 15 on a unix socket in a folder of its own, never as root. */
export async function openDebianPostgres() {
  const folder = await mkdtemp(join(tmpdir(), 'pg15-'));
  const data = join(folder, 'data');
  await mkdir(data, { mode: 0o700 });
  const isRoot = process.getuid?.() === 0;
  const owner = isRoot ? { uid: unprivilegedId, gid: unprivilegedId } : {};
  if (isRoot) for (const path of [folder, data]) await chown(path, unprivilegedId, unprivilegedId);
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
  await waitUntil(() => answers(place));
  return {
    place,
    stop: async () => {
      child.kill('SIGINT');
      await exited;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function answers(place: pg.ClientConfig): Promise<boolean> {
  const client = new pg.Client(place);
  try {
    await client.connect();
    await client.end();
    return true;
  } catch {
    return false;
  }
}
