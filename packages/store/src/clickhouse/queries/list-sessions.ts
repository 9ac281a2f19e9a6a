import type { SessionList } from '@app/contract';
import { type Grouping, type GroupQuestion, listGroups, readTotals, type TotalsRow } from '../list-groups.ts';
import type { Clickhouse } from '../open-clickhouse.ts';

/** Sessions with what they add up to, the most lately active first. */
export function listSessions(clickhouse: Clickhouse) {
  return async (projectId: string, question: GroupQuestion): Promise<SessionList> => {
    const { rows, nextCursor } = await listGroups<SessionRow>(clickhouse, projectId, { question, grouping });
    return {
      data: rows.map((row) => ({
        id: row.id,
        ...readTotals(row),
        users: row.users,
        environment: row.environment,
        input_preview: row.input_preview,
        output_preview: row.output_preview,
      })),
      next_cursor: nextCursor,
    };
  };
}

type SessionRow = TotalsRow & {
  users: string[];
  environment: string;
  input_preview: string;
  output_preview: string;
};

const grouping: Grouping = {
  order: 'latest',
  id: 'session_id',
  where: `session_id != ''`,
  columns: `arraySort(groupUniqArrayIf(10)(user_id, user_id != '')) AS users,
    argMax(environment, started_at) AS environment,
    argMinIf(spans.input_preview, started_at, spans.input_preview != '') AS input_preview,
    argMaxIf(spans.output_preview, started_at, spans.output_preview != '') AS output_preview`,
};
