import { endpoints, type SqlAnswer, type SqlSchema } from '@app/contract';
import { listPublicTables, type Store } from '@app/store';
import { type IdSource, newId } from '../../../ids.ts';
import { createAskRoom } from '../../../sql/create-ask-room.ts';
import { type Operation, projectOperation } from '../operation.ts';

export type SqlOperationDeps = {
  traces: Pick<Store['traces'], 'askSql'>;
  monotonicMs: () => number;
  ids: IdSource;
};

/** Questions in SQL over a project's own traces. */
export function sqlOperations({ traces, monotonicMs, ids }: SqlOperationDeps): Operation[] {
  const inRoom = createAskRoom();
  return [
    projectOperation({
      endpoint: endpoints.askSql,
      permission: 'traces:read',
      // A question that is too long for an address.
      changesNothing: true,
      run: async ({ project, body, left }): Promise<SqlAnswer> => {
        const startedMs = monotonicMs();
        const question = { sql: body.sql, rowsMax: body.rows_max, id: newId('sql_', ids), signal: left };
        const ask = () => traces.askSql(project.id, question);
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
