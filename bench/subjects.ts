import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { familyOf } from './cpu.ts';

/** Something that stands before the upstream. `pids` are the processes whose time counts. */
export type Subject = {
  name: string;
  origin: string;
  headers: Record<string, string>;
  /** The model's name in the requests sent to it. */
  model: string;
  pids: number[];
  close(): Promise<void>;
};

const root = resolve(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'tr-bench-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

export async function startUpstream(): Promise<{ port: number; close(): Promise<void> }> {
  const child = start(process.execPath, [join(import.meta.dirname, 'upstream.ts')]);
  return { port: Number(await firstMatch(child, /^(\d+)$/m)), close: () => stop(child) };
}

export async function startBareProxy(upstreamPort: number): Promise<Subject> {
  const child = start(process.execPath, [join(import.meta.dirname, 'bare-proxy.ts'), String(upstreamPort)]);
  const port = await firstMatch(child, /^(\d+)$/m);
  return subject('bare Node proxy', `http://127.0.0.1:${port}`, {
    pids: [pidOf(child)],
    close: () => stop(child),
  });
}

/** nginx with one worker and buffering off, as a proxy of streams must run; absent when it is not installed. */
export async function startNginx(upstreamPort: number): Promise<Subject | undefined> {
  if (!isInstalled('nginx')) return undefined;
  const port = await freePort();
  const path = join(folder, 'nginx');
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, 'nginx.conf'), nginxConfig(path, port, upstreamPort));
  const child = start('nginx', ['-p', path, '-c', join(path, 'nginx.conf'), '-e', join(path, 'error.log')]);
  const origin = `http://127.0.0.1:${port}`;
  await untilAnswers(origin);
  return subject('nginx', origin, { pids: familyOf(pidOf(child)), close: () => stop(child) });
}

/** Our server with everything on, on an empty data folder. */
export async function startOurs(upstreamPort: number): Promise<Subject> {
  const path = join(folder, 'ours');
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, 'tokenrouter.yaml'), ourConfig(upstreamPort));
  const env = {
    PATH: process.env.PATH ?? '',
    HOME: path,
    PORT: '0',
    TOKENROUTER_DATA_DIR: join(path, 'data'),
    TOKENROUTER_CONFIG: join(path, 'tokenrouter.yaml'),
    TOKENROUTER_LOG_LEVEL: 'warn',
  };
  const main = join(root, 'apps/server/src/main.ts');
  const child = start(process.execPath, [main, 'start'], env);
  const origin = await firstMatch(child, /(http:\/\/127\.0\.0\.1:\d+)/);
  const key = execFileSync(process.execPath, [main, 'keys', 'create', '--name', 'bench', '--mode', 'live'], {
    env,
    encoding: 'utf8',
  });
  return {
    ...subject('tokenrouter', origin, { pids: [pidOf(child)], close: () => stop(child) }),
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key.trim()}` },
  };
}

/** Portkey's published gateway, installed by the operator in a folder of its own, named by PORTKEY_DIR. */
export async function startPortkey(upstreamPort: number, installedIn: string): Promise<Subject> {
  const port = await freePort();
  const script = join(installedIn, 'node_modules/@portkey-ai/gateway/build/start-server.js');
  const child = start(
    process.env.PORTKEY_NODE ?? process.execPath,
    [script, `--port=${port}`, '--headless'],
    {
      ...process.env,
      TRUSTED_CUSTOM_HOSTS: '127.0.0.1,localhost',
    },
  );
  const origin = `http://127.0.0.1:${port}`;
  await untilAnswers(origin);
  return {
    ...subject('portkey', origin, { pids: [pidOf(child)], close: () => stop(child) }),
    headers: {
      'content-type': 'application/json',
      authorization: 'Bearer sk-bench',
      'x-portkey-provider': 'openai',
      'x-portkey-custom-host': `http://127.0.0.1:${upstreamPort}/v1`,
    },
  };
}

function subject(name: string, origin: string, processes: Pick<Subject, 'pids' | 'close'>): Subject {
  return {
    name,
    origin,
    ...processes,
    headers: { 'content-type': 'application/json' },
    model: 'gpt-4o-mini',
  };
}

const ourConfig = (upstreamPort: number): string =>
  [
    'providers:',
    `  - {id: openai, dialect: openai-chat, base_url: "http://127.0.0.1:${upstreamPort}/v1", api_key: sk-bench, models: [gpt-4o-mini, slow-stream]}`,
    'allow_private_hosts: ["127.0.0.1"]',
    'defaults: {requests_per_minute: 10000000, concurrency: 100000, total_timeout_seconds: 3600, idle_timeout_seconds: 3600}',
    '',
  ].join('\n');

const nginxConfig = (path: string, port: number, upstreamPort: number): string => `
daemon off; worker_processes 1; pid ${path}/nginx.pid; error_log ${path}/error.log crit;
events { worker_connections 4096; }
http {
  access_log off; client_body_temp_path ${path}/body; proxy_temp_path ${path}/proxy; fastcgi_temp_path ${path}/f;
  uwsgi_temp_path ${path}/u; scgi_temp_path ${path}/s; keepalive_requests 1000000;
  upstream provider { server 127.0.0.1:${upstreamPort}; keepalive 256; keepalive_requests 1000000; }
  server {
    listen 127.0.0.1:${port} backlog=4096;
    location / { proxy_pass http://provider; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_buffering off; client_body_buffer_size 64k; }
  }
}
`;

function start(command: string, args: string[], env: NodeJS.ProcessEnv = process.env): ChildProcess {
  return spawn(command, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
}

function pidOf(child: ChildProcess): number {
  if (child.pid === undefined) throw new Error('a process of the benchmark did not start');
  return child.pid;
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const { promise, resolve: done } = Promise.withResolvers<void>();
  child.once('exit', () => done());
  child.kill('SIGTERM');
  await promise;
}

function firstMatch(child: ChildProcess, pattern: RegExp): Promise<string> {
  const { promise, resolve: found, reject } = Promise.withResolvers<string>();
  let text = '';
  child.stdout?.setEncoding('utf8').on('data', (more: string) => {
    text += more;
    const match = pattern.exec(text);
    if (match?.[1] !== undefined) found(match[1]);
  });
  child.once('exit', (code) =>
    reject(new Error(`a process ended with ${code} before it was ready: ${text}`)),
  );
  return promise;
}

function isInstalled(command: string): boolean {
  try {
    execFileSync('sh', ['-c', `command -v ${command}`]);
    return true;
  } catch {
    return false;
  }
}

async function freePort(): Promise<number> {
  const { createServer } = await import('node:net');
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function untilAnswers(origin: string): Promise<void> {
  const deadlineMs = performance.now() + 20_000;
  while (performance.now() < deadlineMs) {
    const isUp = await fetch(origin).then(
      () => true,
      () => false,
    );
    if (isUp) return;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error(`${origin} did not answer within 20 s`);
}
