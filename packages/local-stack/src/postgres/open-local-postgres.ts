import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Log } from '../log.ts';
import { deleteProcessRecord, writeProcessRecord } from '../supervision/process-record.ts';
import { defaultTiming, openSupervision, type SupervisionTiming } from '../supervision/supervise.ts';
import { childEnvironment, createLauncher, type Launcher } from './create-launcher.ts';
import { getBinaries, type PostgresBinaries } from './get-binaries.ts';
import { clusterUser, initCluster } from './init-cluster.ts';
import { probePostgres } from './probe-postgres.ts';
import { stopLeftover } from './stop-leftover.ts';

export interface LocalPostgresOptions {
  /** The instance's data folder; the cluster lives in `postgres` below it. */
  dataDir: string;
  /** A short folder of mode 0700 for the socket. */
  runDir: string;
  log: Log;
  onDown?: (reason: string) => void;
  onUp?: () => void;
  timing?: SupervisionTiming;
}

export interface LocalPostgres {
  /** The folder of the unix socket, as `pg` takes it for `host`. */
  host: string;
  port: number;
  user: string;
  database: string;
  pid(): number | undefined;
  /** Ends PostgreSQL in good order; open connections are cut. */
  stop(): Promise<void>;
}

const port = 5432;

/** After a crash the last sessions may hold the shared memory for seconds, and a start is refused as long as they do. */
const patientTiming: SupervisionTiming = { ...defaultTiming, firstStartsMax: 7 };

/**
 * Starts the embedded PostgreSQL on a unix socket and keeps it running. Resolves when it lets clients in, which
 * includes creating the cluster on the first start and recovering it after a crash.
 */
export async function openLocalPostgres(options: LocalPostgresOptions): Promise<LocalPostgres> {
  const { dataDir, runDir, log } = options;
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  chmodSync(runDir, 0o700);
  const binaries = getBinaries();
  const launcher = createLauncher();
  const cluster = await initCluster(dataDir, binaries, launcher);
  const recordFile = join(dataDir, 'postgres-process.json');
  const client = { user: clusterUser, database: 'postgres' };
  const supervision = await openSupervision(
    {
      name: 'postgres',
      async start() {
        const stalePid = await stopLeftover(cluster, recordFile, log);
        const child = startPostgres({ cluster, runDir, binaries, launcher, log, stalePid });
        if (child.pid !== undefined) writeProcessRecord(recordFile, child.pid);
        return child;
      },
      probe: (signal) => probePostgres({ socketPath: join(runDir, `.s.PGSQL.${port}`), ...client }, signal),
      // SIGINT is PostgreSQL's fast shutdown: sessions are ended, a checkpoint is written.
      requestStop: (child) => child.kill('SIGINT'),
      onDown: options.onDown,
      onUp: options.onUp,
    },
    { log, timing: options.timing ?? patientTiming },
  );
  return {
    host: runDir,
    port,
    ...client,
    pid: supervision.pid,
    async stop() {
      await supervision.stop();
      deleteProcessRecord(recordFile);
    },
  };
}

interface PostgresStart {
  cluster: string;
  runDir: string;
  binaries: PostgresBinaries;
  launcher: Launcher;
  log: Log;
  stalePid: number | undefined;
}

function startPostgres(start: PostgresStart): ChildProcess {
  const { cluster, runDir, binaries, launcher, log, stalePid } = start;
  const settings = Object.entries(serverSettings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const args = ['-D', cluster, '-k', runDir, '-p', String(port), ...settings];
  const [command, ...rest] = launcher.commandOf(binaries.postgres, args, 'SIGINT');
  // PostgreSQL takes whatever has the pid of its stale lock file for itself, be it a zombie or another program that got
  // the pid since, and refuses to start; only the process named here it does not take for itself. Its second check,
  // by the shared memory, stays.
  const env = { ...childEnvironment, ...(stalePid && { PG_GRANDPARENT_PID: String(stalePid) }) };
  const child = spawn(command, rest, { env, stdio: ['ignore', 'ignore', 'pipe'] });
  if (child.stderr) {
    createInterface({ input: child.stderr }).on('line', (line) => logLine(line.slice(0, 500), log));
  }
  return child;
}

/**
 * Small and durable. Nothing below LOG is written down and messages are terse, because PostgreSQL's error
 * messages quote the values of a failed statement.
 */
const serverSettings = {
  listen_addresses: '',
  unix_socket_permissions: '0700',
  max_connections: '50',
  shared_buffers: '32MB',
  fsync: 'on',
  max_wal_size: '256MB',
  min_wal_size: '32MB',
  io_method: 'sync',
  autovacuum_max_workers: '2',
  max_parallel_workers: '2',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_checkpoints: 'off',
  log_line_prefix: '',
} as const;

function logLine(line: string, log: Log): void {
  // Our own probes meet this while PostgreSQL starts.
  if (line.endsWith('the database system is starting up')) return;
  if (line.startsWith('FATAL') || line.startsWith('PANIC'))
    log.warn({ child: 'postgres', line }, 'PostgreSQL says');
  else log.info({ child: 'postgres', line }, 'PostgreSQL says');
}
