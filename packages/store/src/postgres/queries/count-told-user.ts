import { projectQuery } from '../query.ts';
import {
  ownOrganization,
  type ToldOfUser,
  toldAnomalies,
  toldEvents,
  toldInJson,
  toldMessages,
  toldSubjects,
  toldValues,
} from '../told-of-user.ts';

/** How much of what alerts and anomalies keep names a user, and is from before a time. */
export const countToldUser = projectQuery({
  sql: `select (select count(*) from alert_subjects s, alerts a where ${toldSubjects} and s.since < $8)
      + (select count(*) from alert_messages where ${toldMessages} and created_at < $8)
      + (select count(*) from alert_events where organization_id = ${ownOrganization}
          and coalesce(project_id, $1) = $1 and ${toldEvents} and at < $8)
      + (select count(*) from anomalies where project_id = $1 and ${toldAnomalies} and to_at < $8) as told`,
  values: ({ beforeMs, ...filter }: ToldOfUser & { beforeMs: number }) => [
    ...toldValues(filter),
    ...toldInJson(filter),
    new Date(beforeMs),
  ],
  read: ([row]: { told: string }[]) => Number(row?.told ?? 0),
});
