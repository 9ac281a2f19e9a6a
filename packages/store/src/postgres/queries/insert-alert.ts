import { type AlertRow, type AlertRule, alertColumns, alertValues, readAlert } from '../alert-row.ts';
import { organizationQuery } from '../query.ts';

export type InsertAlert = AlertRule & {
  id: string;
  projectId: string | undefined;
  createdAtMs: number;
  createdBy: string | undefined;
  /** Where it begins to read; what happened before it was made is no news. */
  cursor: number | undefined;
  installationCursor: number | undefined;
};

/** Inserts a rule, which begins as `ok`. */
export const insertAlert = organizationQuery({
  sql: `insert into alerts (organization_id, id, project_id, created_at, created_by, cursor, installation_cursor, state_since, name, metric,
      scope_key, scope_user, scope_model, scope_provider, per, direction, threshold, window_minutes, calls_min,
      cooldown_minutes, severity, destinations, actions, is_enabled)
    values ($1, $2, $3, $4, $5, $6, $7, $4, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22,
      $23)
    returning ${alertColumns}`,
  values: ({ id, projectId, createdAtMs, createdBy, cursor, installationCursor, ...rule }: InsertAlert) => [
    id,
    projectId,
    new Date(createdAtMs),
    createdBy,
    cursor,
    installationCursor,
    ...alertValues(rule),
  ],
  read: ([row]: AlertRow[]) => {
    if (row === undefined) throw new Error('PostgreSQL inserted an alert without returning it.');
    return readAlert(row);
  },
});
