import type { Postgres } from './open-postgres.ts';
import { toStoreError } from './to-store-error.ts';

/**
 * Work that one server does at a time, and the number of its lock. Within 7261 these numbers are taken besides: 1, 2, 5, 7,
 * 12 and 16.
 */
const LOCKS = { alerts: 15, data: 17 } as const;

/**
 * Runs `run` if nobody else is at the same work, and says whether it did. A connection of its own holds the lock, so that
 * it falls with the process.
 */
export async function withLoneLock(
  postgres: Postgres,
  work: keyof typeof LOCKS,
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
      isHeld = (await client.query<{ held: boolean }>(sql, [LOCKS[work]])).rows[0]?.held;
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
