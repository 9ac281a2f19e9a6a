import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { waitUntil } from './wait-until.ts';

export const REDIS_BINARY = '/usr/bin/redis-server';

/** Debian's Redis on a unix socket in a folder of its own. It keeps nothing: after `kill` and `start` it is empty. */
export type TestRedis = {
  url: string;
  /** Resolves once it answers. */
  start(): Promise<void>;
  /** `kill -9`; resolves once it is gone. */
  kill(): Promise<void>;
  /** It takes connections and never answers. */
  hang(): void;
  goOn(): void;
  close(): Promise<void>;
};

export async function openDebianRedis(): Promise<TestRedis> {
  const dir = mkdtempSync(join(tmpdir(), 'tr-redis-'));
  const socket = join(dir, 'redis.sock');
  let child: ChildProcess | undefined;
  const kill = async () => {
    const gone = child;
    child = undefined;
    if (gone === undefined) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    gone.once('exit', () => resolve());
    gone.kill('SIGKILL');
    await promise;
  };
  const start = async () => {
    const settings = { port: '0', unixsocket: socket, dir, save: '', appendonly: 'no' };
    const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
    rmSync(socket, { force: true });
    child = spawn(REDIS_BINARY, args, { stdio: 'ignore' });
    await waitUntil(() => answers(socket), 10_000);
  };
  await start();
  return {
    url: `unix:${socket}`,
    start,
    kill,
    hang: () => void child?.kill('SIGSTOP'),
    goOn: () => void child?.kill('SIGCONT'),
    close: async () => {
      await kill();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

function answers(path: string): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect(path);
  socket.on('error', () => resolve(false));
  socket.on('connect', () => socket.write('PING\r\n'));
  socket.on('data', (data) => {
    resolve(data.toString().startsWith('+PONG'));
    socket.destroy();
  });
  return promise;
}
