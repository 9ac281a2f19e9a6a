import { lstatSync, mkdirSync, realpathSync, rmSync } from 'node:fs';
import type { Server } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { askControlSocket, openControlSocket } from './control-socket.ts';
import { findRunRecord, type RunRecord, writeRunRecord } from './run-record.ts';
import { makeRunDir, withShortPath } from './short-path.ts';
import { withMutex } from './with-mutex.ts';

export interface Instance {
  /** The short folder of mode 0700 for this run's sockets. */
  runDir: string;
  /** Adds the stores' addresses to `run.json` once they are known. */
  publish(addresses: Pick<RunRecord, 'postgresHost' | 'clickhouseSocketPath'>): void;
  /** Gives the data folder up and removes the run folder. Call it after the children have stopped. */
  close(): Promise<void>;
}

const controlName = 'control.sock';

/**
 * Makes this process the one server of a data folder: a second one is refused with a sentence, one that was
 * killed is taken over from. Writes `run.json` (0600), by which the command line finds the running server.
 */
export async function openInstance(options: { dataDir: string; now?: () => Date }): Promise<Instance> {
  mkdirSync(options.dataDir, { recursive: true, mode: 0o700 });
  const dataDir = realpathSync(options.dataDir);
  const startedAt = (options.now ?? (() => new Date()))().toISOString();
  return withMutex(dataDir, async () => {
    const answer = `${JSON.stringify({ pid: process.pid })}\n`;
    const server = await withShortPath(dataDir, controlName, (path) => openControlSocket(path, () => answer));
    const earlier = findRunRecord(dataDir);
    if (server === undefined) {
      throw new Error(`TokenRouter is already running on ${dataDir} (pid ${earlier?.pid ?? 'unknown'}).`);
    }
    removeLeftRunDir(earlier?.runDir);
    const record: RunRecord = { pid: process.pid, startedAt, runDir: makeRunDir() };
    writeRunRecord(dataDir, record);
    return createInstance(dataDir, record, server);
  });
}

function createInstance(dataDir: string, first: RunRecord, server: Server): Instance {
  let record = first;
  return {
    runDir: record.runDir,
    publish(addresses) {
      record = { ...record, ...addresses };
      writeRunRecord(dataDir, record);
    },
    close: () =>
      withMutex(dataDir, async () => {
        rmSync(record.runDir, { recursive: true, force: true });
        rmSync(join(dataDir, 'run.json'), { force: true });
        rmSync(join(dataDir, controlName), { force: true });
        await new Promise((resolve) => server.close(resolve));
      }),
  };
}

/** The record of the server that runs on this data folder; undefined when none answers. */
export async function findInstance(options: { dataDir: string }): Promise<RunRecord | undefined> {
  const record = findRunRecord(options.dataDir);
  if (record === undefined) return undefined;
  const dataDir = realpathSync(options.dataDir);
  const answer = await withShortPath(dataDir, controlName, (path) => askControlSocket(path));
  return answer === undefined ? undefined : record;
}

/** A killed run leaves its socket folder. Only a folder that looks like ours is removed: run.json is just a file. */
function removeLeftRunDir(path: string | undefined): void {
  if (path === undefined || !/^tr-[A-Za-z0-9]{6}$/.test(basename(path))) return;
  if (![tmpdir(), '/tmp'].includes(dirname(path))) return;
  try {
    const found = lstatSync(path);
    if (found.isDirectory() && found.uid === process.getuid?.())
      rmSync(path, { recursive: true, force: true });
  } catch {
    return;
  }
}
