import type { KeyChange } from './key-change.ts';
import type { Database } from './open-postgres.ts';
import { listKeyChanges } from './queries/list-key-changes.ts';

const pageSize = 10_000;

/**
 * Every key of the installation, page by page in the order of changes, so that a million rows are never in memory
 * at once. A key that changes meanwhile moves to the end and may come twice; the later one counts. After the last
 * page, go on with `listKeyChanges` from the highest sequence seen.
 */
export async function* readAllKeys(db: Database): AsyncGenerator<KeyChange[]> {
  const list = listKeyChanges(db);
  let since = 0;
  for (;;) {
    const page = await list({ since, limit: pageSize });
    const last = page.at(-1);
    if (last === undefined) return;
    yield page;
    if (page.length < pageSize) return;
    since = last.sequence;
  }
}
