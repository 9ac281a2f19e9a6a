import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdirSync } from 'node:fs';
import { get } from 'node:http';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Log } from '../log.ts';
import { stopProcess } from '../supervision/process-identity.ts';
import {
  deleteProcessRecord,
  findRecordedProcess,
  writeProcessRecord,
} from '../supervision/process-record.ts';
import { openSupervision, type SupervisionTiming } from '../supervision/supervise.ts';
import { checkKey } from './check-key.ts';
import type { ChildSettings } from './child-settings.ts';

export interface LocalClickhouseOptions {
  /** The instance's data folder; the engine's files live in `clickhouse` below it. */
  dataDir: string;
  /** A short folder of mode 0700 for the socket. */
  runDir: string;
  /** 32 bytes for the AES-256 disk. `'none'` leaves the data in plain text and is meant for tests and benchmarks. */
  key: Buffer | 'none';
  log: Log;
  /** Queries that run at the same time; more wait. */
  sessions?: number;
  /** Queries that may wait for a session; one more is refused with ClickHouse's error 202. */
  queueMax?: number;
  onDown?: (reason: string) => void;
  onUp?: () => void;
  timing?: SupervisionTiming;
  /** False resolves while the engine still starts, which is then tried for ever. Default: true. */
  awaited?: boolean;
}

export interface LocalClickhouse {
  /** The unix socket that speaks ClickHouse's HTTP interface; give it to `http.Agent` and `@clickhouse/client`. */
  socketPath: string;
  pid(): number | undefined;
  stop(): Promise<void>;
}

/**
 * Starts the embedded ClickHouse engine in a child process and keeps it running. Resolves when it answers queries.
 * Rejects when the key is not the one the data folder was made with.
 */
export async function openLocalClickhouse(options: LocalClickhouseOptions): Promise<LocalClickhouse> {
  const { dataDir, runDir, key, log } = options;
  const folder = join(dataDir, 'clickhouse');
  mkdirSync(join(folder, 'data'), { recursive: true, mode: 0o700 });
  chmodSync(runDir, 0o700);
  checkKey(folder, key);
  const socketPath = join(runDir, 'clickhouse.sock');
  const recordFile = join(dataDir, 'clickhouse-process.json');
  const settings = writeSettings({ ...options, folder, socketPath });
  const supervision = await openSupervision(
    {
      name: 'clickhouse',
      async start() {
        const leftover = findRecordedProcess(recordFile);
        if (leftover) await stopProcess(leftover, { signal: 'SIGKILL', graceMs: 10_000 });
        const child = startChild(settings, log);
        if (child.pid !== undefined) writeProcessRecord(recordFile, child.pid);
        return child;
      },
      probe: (signal) => probe(socketPath, signal),
      requestStop: (child) => child.stdin?.end(),
      onDown: options.onDown,
      onUp: options.onUp,
    },
    { log, awaited: options.awaited ?? true, ...(options.timing && { timing: options.timing }) },
  );
  return {
    socketPath,
    pid: supervision.pid,
    async stop() {
      await supervision.stop();
      deleteProcessRecord(recordFile);
    },
  };
}

function writeSettings(
  options: LocalClickhouseOptions & { folder: string; socketPath: string },
): ChildSettings {
  const { key, folder, socketPath, sessions = 4, queueMax = 64 } = options;
  const pieceBytes = 16 * 1024 * 1024;
  return {
    socketPath,
    dataPath: join(folder, 'data'),
    configFolder: join(folder, 'config'),
    ...(key !== 'none' && { keyHex: key.toString('hex') }),
    pool: { sessions, queueMax, queueWaitMs: 30_000 },
    bridge: {
      sqlBytesMax: 8 * 1024 * 1024,
      insertBytesMax: 64 * pieceBytes,
      insertPieceBytesMax: pieceBytes,
      requestsMax: sessions + queueMax,
    },
    isDrained: true,
  };
}

function startChild(settings: ChildSettings, log: Log): ChildProcess {
  const { sessions } = settings.pool;
  const file = fileURLToPath(new URL('./child.ts', import.meta.url));
  const child = spawn(process.execPath, ['--max-http-header-size=1048576', '--max-semi-space-size=4', file], {
    // Every session may hold one thread of the pool, and there must be some left to kill it with.
    env: { TZ: 'UTC', UV_THREADPOOL_SIZE: String(sessions + 2 + availableParallelism()) },
    stdio: ['pipe', 'ignore', 'pipe'],
    // A process group of its own: Ctrl-C is for the server, which stops us when it has drained.
    detached: true,
  });
  child.stdin.on('error', () => undefined);
  child.stdin.write(`${JSON.stringify(settings)}\n`);
  // The engine's own last words may quote the query it died of; only our own lines are passed on.
  createInterface({ input: child.stderr }).on('line', (line) => {
    if (line.startsWith('bridge: ')) log.warn({ child: 'clickhouse', line }, 'the engine process says');
  });
  return child;
}

function probe(socketPath: string, signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  get({ socketPath, path: '/health', agent: false, signal }, (response) => {
    response.resume();
    if (response.statusCode === 200) resolve();
    else reject(new Error(`The engine answers with status ${response.statusCode}.`));
  }).on('error', reject);
  return promise;
}
