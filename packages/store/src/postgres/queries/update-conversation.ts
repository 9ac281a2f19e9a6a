import { projectQuery } from '../query.ts';
import type { StoredMode } from '../stored-response-row.ts';

export type UpdateConversation = { mode: StoredMode; id: string; sealed: Buffer; usedAtMs: number };

/** When it was created, or undefined when there is none. */
export const updateConversation = projectQuery({
  sql: `update conversations set sealed = $4, used_at = $5
    where project_id = $1 and mode = $2 and id = $3 returning created_at`,
  values: ({ mode, id, sealed, usedAtMs }: UpdateConversation) => [mode, id, sealed, new Date(usedAtMs)],
  read: ([row]: { created_at: Date }[]) =>
    row === undefined ? undefined : { createdAtMs: row.created_at.getTime() },
});
