import type { UserList } from '@app/contract';
import { type Grouping, type GroupQuestion, listGroups, readTotals, type TotalsRow } from '../list-groups.ts';
import type { Clickhouse } from '../open-clickhouse.ts';

/** The users that callers name, with what they add up to, the dearest first. */
export function listUsers(clickhouse: Clickhouse) {
  return async (projectId: string, question: GroupQuestion): Promise<UserList> => {
    const { rows, nextCursor } = await listGroups<TotalsRow & { sessions: string }>(clickhouse, projectId, {
      question,
      grouping,
    });
    return {
      data: rows.map((row) => ({ id: row.id, ...readTotals(row), sessions: Number(row.sessions) })),
      next_cursor: nextCursor,
    };
  };
}

const grouping: Grouping = {
  order: 'dearest',
  id: 'user_id',
  where: `user_id != ''`,
  columns: `uniqIf(session_id, session_id != '') AS sessions`,
  summed: {
    family: 'user',
    id: 'user_id',
    where: `user_id != ''`,
    keys: ['user_id'],
    columns: 'uniqMerge(sessions) AS sessions',
    reads: ['sessions'],
  },
};
