const pageSize = 10_000;

type ListChanges<Change> = (input: { since: number; limit: number }) => Promise<Change[]>;

/**
 * Every row that servers follow, page by page in the order of changes, so that a million are never in memory at once. A
 * row that changes meanwhile moves to the end and may come twice; the later one counts. After the last page, go on with
 * `list` from the highest sequence seen.
 */
export async function* readAllChanges<Change extends { sequence: number }>(
  list: ListChanges<Change>,
): AsyncGenerator<Change[]> {
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
