import type { Postgres } from './open-postgres.ts';
import { toStoreError } from './to-store-error.ts';

/**
 * Runs `run` if no other server deletes what is due just now; false when one does. A connection of its own holds the lock,
 * so that it falls with the process.
 */
export async function withDataLock(postgres: Postgres, run: () => Promise<void>): Promise<boolean> {
  const client = postgres.createClient();
  client.on('error', () => undefined);
  let isOurs = false;
  try {
    await client.connect();
    const { rows } = await client.query<{ ours: boolean }>('select pg_try_advisory_lock(7261, 16) as ours');
    isOurs = rows[0]?.ours === true;
  } catch (error) {
    await client.end().catch(() => undefined);
    throw toStoreError(error);
  }
  try {
    if (isOurs) await run();
    return isOurs;
  } finally {
    await client.end().catch(() => undefined);
  }
}
