import type { AlertStanding } from '../alert-row.ts';
import { installationQuery } from '../query.ts';

export type SaveAlertStanding = AlertStanding & {
  id: string;
  revision: number;
  /** When it was looked at before; another server that did so since is not written over. */
  checkedBeforeMs: number | undefined;
};

/** Writes down how a rule stands. False when it was changed, deleted or looked at by somebody else meanwhile. */
export const saveAlertStanding = installationQuery({
  sql: `update alerts set state = $4, state_since = $5, value = $6, checked_at = $7, cursor = $8, installation_cursor = $9
    where id = $1 and revision = $2 and checked_at is not distinct from $3 and is_enabled returning id`,
  values: (standing: SaveAlertStanding) => [
    standing.id,
    standing.revision,
    standing.checkedBeforeMs === undefined ? null : new Date(standing.checkedBeforeMs),
    standing.state,
    new Date(standing.stateSinceMs),
    standing.value,
    standing.checkedAtMs === undefined ? null : new Date(standing.checkedAtMs),
    standing.cursor,
    standing.installationCursor,
  ],
  read: (rows) => rows.length > 0,
});
