import { installationQuery } from '../query.ts';

/** What brings an organization its news: how many destinations, which of them failed last, how many alerts. */
export type Alerting = { organization: string; destinations: number; failing: string[]; alerts: number };

type Row = { organization: string; destinations: string; failing: string[]; alerts: string };

/** By the organization's slug. */
export const listAlerting = installationQuery({
  sql: `select o.slug as organization,
      (select count(*) from destinations d where d.organization_id = o.id) as destinations,
      array(select d.name from destinations d where d.organization_id = o.id and d.delivery_error is not null order by 1)
        as failing,
      (select count(*) from alerts a where a.organization_id = o.id and a.is_enabled) as alerts
    from organizations o order by o.slug limit $1`,
  values: ({ limit }: { limit: number }) => [limit],
  read: (rows: Row[]): Alerting[] =>
    rows.map(({ organization, destinations, failing, alerts }) => ({
      organization,
      destinations: Number(destinations),
      failing,
      alerts: Number(alerts),
    })),
});
