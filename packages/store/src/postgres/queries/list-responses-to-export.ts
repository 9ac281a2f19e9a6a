import { type OwnedFilter, ownedBy, ownedValues } from '../owned-rows.ts';
import { projectQuery } from '../query.ts';
import type { ResponseStatus, StoredMode } from '../stored-response-row.ts';

export type ExportedResponse = {
  mode: StoredMode;
  id: string;
  keyId: string;
  status: ResponseStatus;
  createdAtMs: number;
  sealed: Buffer;
};

type ExportedResponseRow = {
  mode: StoredMode;
  id: string;
  key_id: string;
  status: ResponseStatus;
  created_at: Date;
  sealed: Buffer;
};

export type ExportPage = OwnedFilter & { limit: number; after: { mode: string; id: string } | undefined };

/** A page of replies in the order of their mode and id. */
export const listResponsesToExport = projectQuery({
  sql: `select mode, id, key_id, status, created_at, sealed from stored_responses r where project_id = $1
      and (mode, id) > ($3, $4) and ${ownedBy('r', 'r.created_at', 5)} order by mode, id limit $2`,
  values: ({ limit, after, ...filter }: ExportPage) => [
    limit,
    after?.mode ?? '',
    after?.id ?? '',
    ...ownedValues(filter),
  ],
  read: (rows: ExportedResponseRow[]): ExportedResponse[] =>
    rows.map((row) => ({
      mode: row.mode,
      id: row.id,
      keyId: row.key_id,
      status: row.status,
      createdAtMs: row.created_at.getTime(),
      sealed: row.sealed,
    })),
});
