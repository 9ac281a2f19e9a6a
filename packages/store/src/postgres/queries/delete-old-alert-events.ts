import { installationQuery } from '../query.ts';

/** Deletes what rules told before a time, at most `limit` of it, with messages that nothing tells of; says how much. */
export const deleteOldAlertEvents = installationQuery({
  sql: `with gone as (
      delete from alert_events where id in (select id from alert_events where at < $1 order by at limit $2)
      returning id
    ), messages as (
      delete from alert_messages where id in (select id from alert_messages where created_at < $1 limit $2)
    ), news as (
      delete from key_address_news where sequence in (select sequence from key_address_news where at < $1 limit $2)
    ), refused as (
      delete from refused_calls where minute < $1
    ), anomalies_gone as (
      delete from anomalies where id in (
        select id from anomalies where state = 'over' and to_at < $1 order by to_at limit $2)
    )
    select count(*) as count from gone`,
  values: (input: { beforeMs: number; limit: number }) => [new Date(input.beforeMs), input.limit],
  read: ([row]: { count: string }[]) => Number(row?.count ?? 0),
});
