import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What `run.json` tells about the server that runs on a data folder. Holds paths only, nothing secret. */
export interface RunRecord {
  pid: number;
  /** RFC 3339. */
  startedAt: string;
  /** The short folder of mode 0700 that holds the sockets. */
  runDir: string;
  /** Folder of PostgreSQL's socket; absent when an outside PostgreSQL is used. */
  postgresHost?: string;
  /** Socket of the ClickHouse interface; absent when an outside ClickHouse is used. */
  clickhouseSocketPath?: string;
}

/** Replaces `run.json` in one step, so that a reader never sees half of it. */
export function writeRunRecord(dataDir: string, record: RunRecord): void {
  const file = join(dataDir, 'run.json');
  writeFileSync(`${file}.new`, `${JSON.stringify(record, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

/** The contents of `run.json`; undefined when there is none or it is damaged. */
export function findRunRecord(dataDir: string): RunRecord | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(join(dataDir, 'run.json'), 'utf8'));
    return isRunRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isRunRecord(value: unknown): value is RunRecord {
  if (typeof value !== 'object' || value === null) return false;
  const fields: Partial<Record<keyof RunRecord, unknown>> = value;
  const isOptionalText = (field: unknown) => field === undefined || typeof field === 'string';
  return (
    typeof fields.pid === 'number' &&
    typeof fields.startedAt === 'string' &&
    typeof fields.runDir === 'string' &&
    isOptionalText(fields.postgresHost) &&
    isOptionalText(fields.clickhouseSocketPath)
  );
}
