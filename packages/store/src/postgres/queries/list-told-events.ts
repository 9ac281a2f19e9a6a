import { type AlertEventRow, readAlertEvent } from '../alert-event-row.ts';
import { projectQuery } from '../query.ts';
import { ownOrganization, type ToldFilter, toldEvents, toldValues } from '../told-of-user.ts';

/** A page of what the rules of a project told, in the order of their ids. */
export const listToldEvents = projectQuery({
  sql: `select e.*, (select deliveries from alert_messages m where m.id = e.message_id) as deliveries
    from (select * from alert_events where organization_id = ${ownOrganization} and project_id = $1 and ${toldEvents}
      and id > $6 order by id limit $7) e order by id`,
  values: ({ after, limit, ...filter }: ToldFilter & { after: string; limit: number }) => [
    ...toldValues(filter),
    after,
    limit,
  ],
  read: (rows: AlertEventRow[]) => rows.map(readAlertEvent),
});
