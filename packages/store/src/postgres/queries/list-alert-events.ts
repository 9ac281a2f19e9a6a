import { type AlertEventRow, readAlertEvent } from '../alert-event-row.ts';
import { parseKeyCursor, writeKeyCursor } from '../key-cursor.ts';
import { organizationQuery } from '../query.ts';

export type ListAlertEvents = {
  /** Absent for rules over the whole organization. */
  projectId: string | undefined;
  /** Of this rule alone. */
  alertId?: string | undefined;
  /** 1 to 200. */
  limit: number;
  cursor?: string | undefined;
};

/** What rules told, newest first, with what came of the messages. A page begins after the last row seen. */
export const listAlertEvents = organizationQuery({
  sql: `select e.*, m.deliveries from alert_events e left join alert_messages m on m.id = e.message_id
    where e.organization_id = $1 and e.project_id is not distinct from $2 and ($3::text is null or e.alert_id = $3)
      and ($4::timestamptz is null or (e.at, e.id) < ($4, $5))
    order by e.at desc, e.id desc limit $6`,
  values: (search: ListAlertEvents) => {
    const after = search.cursor === undefined ? undefined : parseKeyCursor(search.cursor);
    return [search.projectId, search.alertId, after?.createdAt ?? null, after?.id ?? null, search.limit + 1];
  },
  read: (rows: AlertEventRow[], { limit }) => {
    const last = rows.length > limit ? rows[limit - 1] : undefined;
    return {
      events: rows.slice(0, limit).map(readAlertEvent),
      nextCursor: last === undefined ? null : writeKeyCursor({ created_at: last.at, id: last.id }),
    };
  },
});
