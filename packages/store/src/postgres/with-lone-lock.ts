import type { Postgres } from './open-postgres.ts';
import { toStoreError } from './to-store-error.ts';

/**
 * Runs `run` if nobody else holds the lock of that number, and says whether it did. A connection of its own holds the
 * lock, so that it falls with the process.
 */
export async function withLoneLock(
  postgres: Postgres,
  lock: number,
  run: () => Promise<void>,
): Promise<boolean> {
  const client = postgres.createClient();
  // Losing this connection lets another server begin; what both write is guarded row by row.
  client.on('error', () => undefined);
  try {
    let isHeld: boolean | undefined;
    try {
      await client.connect();
      const sql = 'select pg_try_advisory_lock(7261, $1) as held';
      isHeld = (await client.query<{ held: boolean }>(sql, [lock])).rows[0]?.held;
    } catch (error) {
      throw toStoreError(error);
    }
    if (isHeld !== true) return false;
    await run();
    return true;
  } finally {
    await client.end().catch(() => undefined);
  }
}
