import type { ErrorReport } from './error-report.ts';
import { findBuiltin, findProcess } from './host-runtime.ts';

export type SpoolOptions = {
  /** A folder of this app's own. It is made with access for its owner only. */
  dir: string;
  /** 64 MiB when absent. What does not fit is lost and counted. */
  maxBytes?: number | undefined;
};

export type Spool = {
  /** False when it does not fit or cannot be written. */
  write(body: string): boolean;
  /** The oldest body that no other process has taken. */
  take(): { text: string; remove(): void; putBack(): void } | undefined;
};

type Files = typeof import('node:fs');

const BYTES_MAX = 64 * 1024 * 1024;
const BODY = /^\d{13}-[0-9a-z-]+\.json$/;
const HELD = /^(\d{13}-[0-9a-z-]+\.json)\.(taken|part)-(\d+)$/;

/**
 * Bodies that could not be delivered, one file each, already redacted. A file is taken by renaming it, so that two
 * processes never send the same one; what a process took that has died is free again. Undefined without a file system.
 */
export function openSpool(
  options: SpoolOptions,
  deps: { nowMs(): number; nextId(): string; report(error: ErrorReport): void },
): Spool | undefined {
  const files = findBuiltin<Files>('node:fs');
  const pid = findProcess()?.pid ?? 0;
  const bytesMax = options.maxBytes ?? BYTES_MAX;
  const pathOf = (name: string): string => `${options.dir}/${name}`;
  const told = <T>(run: () => T): T | undefined => {
    try {
      return run();
    } catch {
      deps.report({ code: 'spool', message: 'the spool folder cannot be used' });
      return undefined;
    }
  };
  if (files === undefined || !told(() => openFolder(files, options.dir))) {
    deps.report({ code: 'spool', message: 'there is no spool: nothing can be written there' });
    return undefined;
  }
  told(() => freeHeld(files, options.dir));

  function heldBytes(fs: Files): number {
    return fs.readdirSync(options.dir).reduce((sum, name) => sum + (sizeOf(fs, pathOf(name)) ?? 0), 0);
  }

  return {
    write(body) {
      const written = told(() => {
        if (heldBytes(files) + new TextEncoder().encode(body).byteLength > bytesMax) return false;
        const name = `${String(Math.floor(deps.nowMs())).padStart(13, '0')}-${deps.nextId()}.json`;
        files.writeFileSync(pathOf(`${name}.part-${pid}`), body, { mode: 0o600, flag: 'wx' });
        files.renameSync(pathOf(`${name}.part-${pid}`), pathOf(name));
        return true;
      });
      return written ?? false;
    },
    take() {
      const names =
        told(() =>
          files
            .readdirSync(options.dir)
            .filter((name) => BODY.test(name))
            .sort(),
        ) ?? [];
      for (const name of names) {
        const taken = pathOf(`${name}.taken-${pid}`);
        const text = readTaken(files, pathOf(name), taken);
        if (text === undefined) continue;
        return {
          text,
          remove: () => told(() => files.rmSync(taken, { force: true })),
          putBack: () => told(() => files.renameSync(taken, pathOf(name))),
        };
      }
      return undefined;
    },
  };
}

function openFolder(files: Files, dir: string): boolean {
  files.mkdirSync(dir, { recursive: true, mode: 0o700 });
  files.accessSync(dir, files.constants.W_OK);
  return true;
}

/** Undefined when another process was quicker. */
function readTaken(files: Files, path: string, taken: string): string | undefined {
  try {
    files.renameSync(path, taken);
    return files.readFileSync(taken, 'utf8');
  } catch {
    return undefined;
  }
}

function freeHeld(files: Files, dir: string): void {
  for (const name of files.readdirSync(dir)) {
    const [, original, state, pid] = HELD.exec(name) ?? [];
    if (original === undefined || isAlive(Number(pid))) continue;
    if (state === 'taken') files.renameSync(`${dir}/${name}`, `${dir}/${original}`);
    else files.rmSync(`${dir}/${name}`, { force: true });
  }
}

function isAlive(pid: number): boolean {
  const host = findProcess();
  if (pid === host?.pid) return false;
  try {
    host?.kill?.(pid, 0);
    return true;
  } catch (error) {
    return typeof error === 'object' && error !== null && 'code' in error && error.code === 'EPERM';
  }
}

function sizeOf(files: Files, path: string): number | undefined {
  try {
    return files.statSync(path).size;
  } catch {
    return undefined;
  }
}
