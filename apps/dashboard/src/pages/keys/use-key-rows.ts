import type { Key, KeyUsage } from '@app/contract';
import { useQueries } from '@tanstack/react-query';
import { keyUsageQuery } from '../../api/keys.ts';

/** `undefined` until it came; `null` where it could not be had. */
export type KeyRow = { key: Key; usage: KeyUsage | null | undefined };

/** Keys with what they were used for; asked page by page, so that a further page asks only for its own. */
export function useKeyRows(project: string, pages: readonly (readonly Key[])[]): KeyRow[] {
  return useQueries({
    queries: pages.map((page) =>
      keyUsageQuery(
        project,
        page.map(({ id }) => id),
      ),
    ),
    combine: (answers) =>
      answers.flatMap(({ data, isError }, at) =>
        (pages[at] ?? []).map((key) => ({ key, usage: isError ? null : data?.get(key.id) })),
      ),
  });
}
