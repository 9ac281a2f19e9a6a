/**
 * Writes what the migrations of both databases end in, so that a change of them is reviewed as a change of these
 * files. Starts the embedded engines in a temporary folder for it.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLocalClickhouse, openLocalPostgres } from '@app/local-stack';
import { dumpSchemas } from '@app/store';

const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const folder = new URL('../packages/store/', import.meta.url);
const dataDir = await mkdtemp(join(tmpdir(), 'tr-data-'));
const runDir = await mkdtemp(join(tmpdir(), 'tr-run-'));
try {
  const postgres = await openLocalPostgres({ dataDir, runDir, log });
  const clickhouse = await openLocalClickhouse({ dataDir, runDir, key: 'none', log });
  const { host, port, user, database } = postgres;
  const dumps = await dumpSchemas({
    postgres: { host, port, user, database },
    clickhouse: { url: 'http://localhost', socketPath: clickhouse.socketPath },
  });
  await Promise.all([postgres.stop(), clickhouse.stop()]);
  await writeFile(
    new URL('postgres-schema.sql', folder),
    `-- Written by \`npm run schema\`.\n\n${dumps.postgres}`,
  );
  await writeFile(
    new URL('clickhouse-schema.sql', folder),
    `-- Written by \`npm run schema\`.\n\n${dumps.clickhouse}`,
  );
} finally {
  await rm(dataDir, { recursive: true, force: true });
  await rm(runDir, { recursive: true, force: true });
}
