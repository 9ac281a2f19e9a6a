import { endpoints, type SqlAnswer, type SqlSchema } from '@app/contract';
import { listPublicTables, type Store } from '@app/store';
import { createAskRoom } from '../../../sql/create-ask-room.ts';
import { type Operation, projectOperation } from '../operation.ts';

export type SqlOperationDeps = { traces: Pick<Store['traces'], 'askSql'>; monotonicMs: () => number };

/** Questions in SQL over a project's own traces. */
export function sqlOperations({ traces, monotonicMs }: SqlOperationDeps): Operation[] {
  const inRoom = createAskRoom();
  return [
    projectOperation({
      endpoint: endpoints.askSql,
      permission: 'traces:read',
      // A question that is too long for an address.
      changesNothing: true,
      run: async ({ project, body }): Promise<SqlAnswer> => {
        const startedMs = monotonicMs();
        const ask = () => traces.askSql(project.id, { sql: body.sql, rowsMax: body.rows_max });
        const answer = await inRoom(project.id, ask);
        return { ...answer, duration_ms: Math.round((monotonicMs() - startedMs) * 10) / 10 };
      },
    }),
    projectOperation({
      endpoint: endpoints.getSqlSchema,
      permission: 'traces:read',
      run: async (): Promise<SqlSchema> => ({
        tables: listPublicTables().map(({ name, about, columns }) => ({
          name,
          about,
          columns: columns.map(({ name: column, type, about: said }) => ({
            name: column,
            type,
            about: said,
          })),
        })),
      }),
    }),
  ];
}
