import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { runHere } from './run-here.ts';

const MAIN = resolve(import.meta.dirname, '../src/main.ts');
const READY_MS = 120_000;

/** A folder for one installation: its data, its home, its configuration. */
export type Place = { dir: string; dataDir: string; environment: NodeJS.ProcessEnv; remove(): void };

/** A process that was asked to be a server, whether or not it is one yet. */
export type SpawnedServer = {
  pid: number;
  /** The address, once it listens. Rejects with what it printed when it ends before that. */
  ready: Promise<string>;
  /** Resolves when it is gone, whoever ended it. */
  ended: Promise<void>;
  /** Everything it printed so far, standard error included. */
  output(): string;
  /** Asks it to stop; does not wait. */
  askToStop(): void;
  /** Asks it to stop and waits until it did. Resolves to its exit status, -1 when a signal ended it. */
  stop(): Promise<number>;
  /** `kill -9`, then waits until it is gone. */
  kill(): Promise<void>;
};

/** A server in a process of its own, as `npm start` would run it. */
export type ServerProcess = SpawnedServer & { url: string };

export function makePlace(config = '', more: NodeJS.ProcessEnv = {}): Place {
  const dir = mkdtempSync(join(tmpdir(), 'tr-place-'));
  const dataDir = join(dir, 'data');
  writeFileSync(join(dir, 'tokenrouter.yaml'), config);
  const environment = {
    PATH: process.env.PATH,
    HOME: dir,
    PORT: '0',
    TOKENROUTER_DATA_DIR: dataDir,
    TOKENROUTER_CONFIG: join(dir, 'tokenrouter.yaml'),
    ...more,
  };
  // Children that are still ending may write a last file while the folder goes.
  const remove = () => rmSync(dir, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  return { dir, dataDir, environment, remove };
}

/** Starts a server and resolves when it listens. Rejects with what it printed when it ends before that. */
export async function startProcess(place: Place): Promise<ServerProcess> {
  const server = spawnServer(place);
  return { ...server, url: await server.ready };
}

/** Starts a server and does not wait for it. */
export function spawnServer(place: Place): SpawnedServer {
  const child = spawnMain(place, ['start']);
  const { promise: ready, resolve: listens, reject } = Promise.withResolvers<string>();
  const { promise: ended, resolve: isGone } = Promise.withResolvers<void>();
  child.once('exit', () => isGone());
  // Who kills it before it listens does not ask for the address.
  ready.catch(() => undefined);
  let output = '';
  const read = (text: string) => {
    output += text;
    const found = /ready at (https?:\/\/\S+)/.exec(output);
    if (found?.[1] !== undefined) listens(found[1]);
  };
  child.stdout?.setEncoding('utf8').on('data', read);
  child.stderr?.setEncoding('utf8').on('data', read);
  child.once('exit', (code) => reject(new Error(`The server ended with ${code}: ${output}`)));
  const timer = setTimeout(() => reject(new Error(`The server is not ready: ${output}`)), READY_MS);
  child.once('exit', () => clearTimeout(timer));
  ready.finally(() => clearTimeout(timer)).catch(() => undefined);
  return {
    pid: child.pid ?? 0,
    ready,
    ended,
    output: () => output,
    askToStop: () => void child.kill('SIGTERM'),
    stop: () => end(child, 'SIGTERM'),
    kill: async () => void (await end(child, 'SIGKILL')),
  };
}

/** The process of an embedded store, as the data folder tells it; undefined while there is none. */
export function findChildPid({ dataDir }: Place, name: 'postgres' | 'clickhouse'): number | undefined {
  try {
    const record: { pid: number } = JSON.parse(readFileSync(join(dataDir, `${name}-process.json`), 'utf8'));
    process.kill(record.pid, 0);
    return record.pid;
  } catch {
    return undefined;
  }
}

/** `kill -9` of an embedded store; says whether there was one to kill. */
export function killChild(place: Place, name: 'postgres' | 'clickhouse'): boolean {
  const pid = findChildPid(place, name);
  if (pid === undefined) return false;
  process.kill(pid, 'SIGKILL');
  return true;
}

/** Makes a key as a person would, on the command line, and returns it. */
export async function createKey(place: Place, mode: 'live' | 'test', name = mode): Promise<string> {
  const permissions = ['inference:call', 'models:read', 'traces:read', 'keys:read', 'keys:write'];
  const created = await runHere(place, [
    ...['keys', 'create', '--name', name, '--mode', mode],
    ...permissions.flatMap((permission) => ['--permission', permission]),
  ]);
  if (created.code !== 0) throw new Error(`keys create ended with ${created.code}: ${created.stderr}`);
  return created.stdout.trim();
}

/** Runs one command of the CLI to its end. */
export async function runCli(
  place: Place,
  args: string[],
): Promise<{ code: number; stdout: string; stderr: string }> {
  const child = spawnMain(place, args);
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const { promise, resolve: ended } = Promise.withResolvers<number>();
  child.once('close', (code) => ended(code ?? -1));
  return { code: await promise, stdout, stderr };
}

/** Asks again until `read` gives something, for as long as a person would wait. */
export async function eventually<Value>(
  read: () => Promise<Value | undefined> | Value | undefined,
  withinMs = 20_000,
): Promise<Value> {
  const deadlineMs = performance.now() + withinMs;
  for (;;) {
    const value = await read();
    if (value !== undefined) return value;
    if (performance.now() > deadlineMs) throw new Error(`Nothing came within ${withinMs} ms.`);
    await new Promise((done) => setTimeout(done, 20));
  }
}

function spawnMain(place: Place, args: string[]): ChildProcess {
  return spawn(process.execPath, [MAIN, ...args], {
    env: place.environment,
    cwd: place.dir,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function end(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<number> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode ?? -1;
  const { promise, resolve: gone } = Promise.withResolvers<number>();
  child.once('exit', (code) => gone(code ?? -1));
  child.kill(signal);
  return promise;
}
