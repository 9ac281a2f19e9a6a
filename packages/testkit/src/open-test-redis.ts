import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export type TestRedis = {
  /** `unix:` and the path of its socket. */
  url: string;
  socketPath: string;
  /** Ends the process as a crash would, and starts it again, empty, at the same address. */
  kill(): Promise<void>;
  restart(): Promise<void>;
  /** Stops it without ending it: connections stay open and nothing is answered, until `resume`. */
  pause(): void;
  resume(): void;
  close(): Promise<void>;
};

const REDIS_PATH = '/usr/bin/redis-server';

/**
 * Whether Debian's Redis is here; says so aloud when it is not. Throws then where everything is required
 * (`TESTS_REQUIRE_ALL=1`).
 */
export function hasTestRedis({ isRequired }: { isRequired: boolean }): boolean {
  if (existsSync(REDIS_PATH)) return true;
  const message = "Debian's package redis-server is not installed";
  if (isRequired) throw new Error(`${message}, and TESTS_REQUIRE_ALL is 1.`);
  process.emitWarning(`${message}: tests on Redis are skipped.`);
  return false;
}

/** A real Redis on a socket in a folder of its own, which keeps nothing. */
export async function openTestRedis(): Promise<TestRedis> {
  const dir = await mkdtemp(join(tmpdir(), 'tr-redis-'));
  const socketPath = join(dir, 'redis.sock');
  let child = await start(dir, socketPath);
  const kill = () => end(child);
  return {
    url: `unix:${socketPath}`,
    socketPath,
    kill,
    async restart() {
      await kill();
      child = await start(dir, socketPath);
    },
    pause: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
    async close() {
      await kill();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

async function start(dir: string, socketPath: string): Promise<ChildProcess> {
  await rm(socketPath, { force: true });
  const options = [
    '--port',
    '0',
    '--unixsocket',
    socketPath,
    '--save',
    '',
    '--appendonly',
    'no',
    '--dir',
    dir,
  ];
  const child = spawn(REDIS_PATH, options, { stdio: 'ignore' });
  const deadlineMs = performance.now() + START_MS_MAX;
  while (!(await answers(socketPath))) {
    if (child.exitCode !== null || performance.now() > deadlineMs) {
      await end(child);
      throw new Error('redis-server does not start');
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return child;
}

const START_MS_MAX = 15_000;

function answers(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(socketPath);
    socket.once('data', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
    socket.once('connect', () => socket.write('PING\r\n'));
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
}
