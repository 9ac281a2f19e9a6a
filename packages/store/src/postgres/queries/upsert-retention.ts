import type { RetentionChange } from '@app/contract';
import { projectQuery } from '../query.ts';

export type UpsertRetention = { policy: RetentionChange; updatedAtMs: number; updatedBy: string | undefined };

/** Changes the fields that are given, and leaves the others. */
export const upsertRetention = projectQuery({
  sql: `insert into project_retention (project_id, policy, updated_at, updated_by) values ($1, $2, $3, $4)
    on conflict (project_id) do update set policy = project_retention.policy || excluded.policy,
      updated_at = excluded.updated_at, updated_by = excluded.updated_by
    returning policy`,
  values: ({ policy, updatedAtMs, updatedBy }: UpsertRetention) => [
    JSON.stringify(policy),
    new Date(updatedAtMs),
    updatedBy,
  ],
  read: ([row]: { policy: RetentionChange }[]) => row?.policy ?? {},
});
