import { type AlertRow, type AlertRule, alertColumns, alertValues, readAlert } from '../alert-row.ts';
import { organizationQuery } from '../query.ts';
import type { FindAlert } from './find-alert.ts';

export type UpdateAlert = FindAlert & {
  rule: AlertRule;
  /** The revision that the change was made for; another one changed meanwhile is not written over. */
  revision: number;
  /** Where it goes on to read. */
  cursor: number | undefined;
  installationCursor: number | undefined;
  nowMs: number;
  /** Whether what it fired for belongs to a rule that is no more, because it now watches something else. */
  startsAnew: boolean;
};

/** Changes a rule; `undefined` when there is none of that revision. */
export const updateAlert = organizationQuery({
  sql: `with changed as (
      update alerts set revision = revision + 1, cursor = $6, installation_cursor = $24,
        state = case when $7 then 'ok' else state end, state_since = case when $7 then $5 else state_since end,
        value = case when $7 then null else value end,
        name = $8, metric = $9, scope_key = $10, scope_user = $11, scope_model = $12, scope_provider = $13, per = $14,
        direction = $15, threshold = $16, window_minutes = $17, calls_min = $18, cooldown_minutes = $19,
        severity = $20, destinations = $21, actions = $22, is_enabled = $23
      where organization_id = $1 and project_id is not distinct from $2 and id = $3 and revision = $4
      returning ${alertColumns}
    ), gone as (
      delete from alert_subjects where $7 and alert_id in (select id from changed)
    )
    select ${alertColumns} from changed`,
  values: (change: UpdateAlert) => [
    change.projectId,
    change.id,
    change.revision,
    new Date(change.nowMs),
    change.cursor,
    change.startsAnew,
    ...alertValues(change.rule),
    change.installationCursor,
  ],
  read: ([row]: AlertRow[]) => (row === undefined ? undefined : readAlert(row)),
});
