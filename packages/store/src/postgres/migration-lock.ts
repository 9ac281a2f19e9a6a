import type { Postgres } from './open-postgres.ts';
import { toStoreError } from './to-store-error.ts';

/** How long a starting server waits for another one that migrates. */
const waitMs = 180_000;

/**
 * Runs `run` while nobody else changes a schema: PostgreSQL's, the sign-in tables', or ClickHouse's. A
 * connection of its own holds the lock, so that it falls with the process. Not to be nested.
 */
export async function withMigrationLock<T>(postgres: Postgres, run: () => Promise<T>): Promise<T> {
  const client = postgres.createClient({ statementTimeoutMs: waitMs });
  // Losing this connection while `run` works is found out by the statement that ends the lock.
  client.on('error', () => undefined);
  try {
    await client.connect();
    // The lock is the session's, not a transaction's: an open transaction would hold back vacuum.
    await client.query('select pg_advisory_lock(7261, 1)');
  } catch (error) {
    await client.end().catch(() => undefined);
    throw toStoreError(error);
  }
  try {
    return await run();
  } finally {
    await client.end().catch(() => undefined);
  }
}
