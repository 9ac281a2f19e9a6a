import { randomUUID } from 'node:crypto';

/** What draining needs of a session of the engine. */
export interface DrainableSession {
  queryAsync(sql: string, options: { format: string }): Promise<{ text(): string }>;
}

/**
 * Empties a session after a query that failed or was given up. The engine keeps such a query's unfinished output
 * and puts it before the next answer, which would hand one caller's rows to another. Resolves to true when an
 * answer came back clean; a session that stays dirty must be closed.
 */
export async function drainSession(session: DrainableSession): Promise<boolean> {
  for (let round = 0; round < 5; round += 1) {
    const mark = randomUUID();
    try {
      const answer = await session.queryAsync(`SELECT '${mark}'`, { format: 'TSV' });
      if (answer.text() === `${mark}\n`) return true;
    } catch {
      // The error of the old query may surface here; the next round shows whether that was all.
    }
  }
  return false;
}
