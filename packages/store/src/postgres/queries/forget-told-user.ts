import { projectQuery } from '../query.ts';
import {
  isAnomalyOfUser,
  ownOrganization,
  type ToldOfUser,
  toldAnomalies,
  toldEvents,
  toldInJson,
  toldMessages,
  toldSubjects,
  toldValues,
} from '../told-of-user.ts';

/** In place of the name, where a row is not about the user alone. */
const nameless = `replace(explanation, $3, 'ser (deleted)')`;

/**
 * Deletes what alerts and anomalies keep of a user, and takes the name out of what is told of a whole organization or of
 * others. What a look at a rule that is under way has found of the user is not kept. Gives how many rows.
 */
export const forgetToldUser = projectQuery({
  sql: `with rules as (
      update alerts set revision = revision + 1 where organization_id = ${ownOrganization}
        and coalesce(project_id, $1) = $1 and (scope_user = $2 or per = 'user' or metric = 'anomaly')
    ), subjects as (
      delete from alert_subjects s using alerts a where ${toldSubjects} returning 1
    ), messages as (
      delete from alert_messages where ${toldMessages} returning 1
    ), events as (
      delete from alert_events where organization_id = ${ownOrganization} and project_id = $1 and ${toldEvents} returning 1
    ), events_of_all as (
      update alert_events set explanation = ${nameless},
        subject = case when subject = $2 or right(subject, length('/user/' || $2)) = '/user/' || $2
          then '(deleted)' else subject end
      where organization_id = ${ownOrganization} and project_id is null and ${toldEvents} returning 1
    ), own as (
      delete from anomalies where project_id = $1 and ${isAnomalyOfUser} and ${toldAnomalies} returning 1
    ), others as (
      update anomalies set explanation = ${nameless}, contributors = (
        select coalesce(jsonb_agg(each order by place), '[]') from jsonb_array_elements(contributors)
          with ordinality as listed (each, place)
        where not (each ->> 'kind' = 'user' and each ->> 'id' = $2))
      where project_id = $1 and not ${isAnomalyOfUser} and ${toldAnomalies} returning 1
    )
    select (select count(*) from subjects) + (select count(*) from messages) + (select count(*) from events)
      + (select count(*) from events_of_all) + (select count(*) from own) + (select count(*) from others) as told`,
  values: (filter: ToldOfUser) => [...toldValues(filter), ...toldInJson(filter)],
  read: ([row]: { told: string }[]) => Number(row?.told ?? 0),
});
