import type { TraceExport, TraceList, TraceSearch, TraceSummary } from '@app/contract';

export type ListTraces = (projectId: string, search: TraceSearch) => Promise<TraceList>;

/** What a page holds at most; a page is what an export has in memory. */
export const EXPORT_PAGE_ROWS = 2_000;

/** Page after page of what is found, the newest first. The next is asked for when the one before was taken. */
export async function* readPages(
  listTraces: ListTraces,
  projectId: string,
  { format: _format, content: _content, ...search }: TraceExport,
): AsyncGenerator<readonly TraceSummary[], void, undefined> {
  let cursor: string | undefined;
  do {
    const asked = { ...search, limit: EXPORT_PAGE_ROWS, ...(cursor !== undefined && { cursor }) };
    const { data, next_cursor } = await listTraces(projectId, asked);
    yield data;
    cursor = next_cursor ?? undefined;
  } while (cursor !== undefined);
}
