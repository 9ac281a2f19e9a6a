import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const MAIN = resolve(import.meta.dirname, '../src/main.ts');
const READY_MS = 60_000;

/** A folder for one installation: its data, its home, its configuration. */
export type Place = { dir: string; environment: NodeJS.ProcessEnv; remove(): void };

/** A server in a process of its own, as `npm start` would run it. */
export type ServerProcess = {
  url: string;
  pid: number;
  /** Everything it printed so far, standard error included. */
  output(): string;
  /** Asks it to stop and waits until it did. */
  stop(): Promise<void>;
  /** `kill -9`, then waits until it is gone. */
  kill(): Promise<void>;
};

export function makePlace(config = '', more: NodeJS.ProcessEnv = {}): Place {
  const dir = mkdtempSync(join(tmpdir(), 'tr-place-'));
  writeFileSync(join(dir, 'tokenrouter.yaml'), config);
  const environment = {
    PATH: process.env.PATH,
    HOME: dir,
    PORT: '0',
    TOKENROUTER_DATA_DIR: join(dir, 'data'),
    TOKENROUTER_CONFIG: join(dir, 'tokenrouter.yaml'),
    ...more,
  };
  return { dir, environment, remove: () => rmSync(dir, { recursive: true, force: true }) };
}

/** Starts a server and resolves when it listens. Rejects with what it printed when it ends before that. */
export async function startProcess(place: Place): Promise<ServerProcess> {
  const child = spawnMain(place, ['start']);
  const { promise, resolve: listens, reject } = Promise.withResolvers<string>();
  let output = '';
  const read = (text: string) => {
    output += text;
    const found = /ready at (http:\/\/\S+)/.exec(output);
    if (found?.[1] !== undefined) listens(found[1]);
  };
  child.stdout?.setEncoding('utf8').on('data', read);
  child.stderr?.setEncoding('utf8').on('data', read);
  child.once('exit', (code) => reject(new Error(`The server ended with ${code}: ${output}`)));
  const timer = setTimeout(() => reject(new Error(`The server is not ready: ${output}`)), READY_MS);
  const url = await promise.finally(() => clearTimeout(timer));
  return {
    url,
    pid: child.pid ?? 0,
    output: () => output,
    stop: () => end(child, 'SIGTERM'),
    kill: () => end(child, 'SIGKILL'),
  };
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
  read: () => Promise<Value | undefined>,
  withinMs = 20_000,
): Promise<Value> {
  const deadlineMs = performance.now() + withinMs;
  for (;;) {
    const value = await read();
    if (value !== undefined) return value;
    if (performance.now() > deadlineMs) throw new Error(`Nothing came within ${withinMs} ms.`);
    await new Promise((done) => setTimeout(done, 50));
  }
}

function spawnMain(place: Place, args: string[]): ChildProcess {
  return spawn(process.execPath, [MAIN, ...args], {
    env: place.environment,
    cwd: place.dir,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function end(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const { promise, resolve: gone } = Promise.withResolvers<void>();
  child.once('exit', () => gone());
  child.kill(signal);
  await promise;
}
