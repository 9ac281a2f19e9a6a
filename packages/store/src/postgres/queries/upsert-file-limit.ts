import type { StoredLimit } from '../limit-row.ts';
import { organizationQuery } from '../query.ts';

export type UpsertFileLimit = Omit<StoredLimit, 'organizationId' | 'zone' | 'source' | 'createdBy'>;

/** Puts in or changes a limit of the configuration file. False when its id belongs to something else. */
export const upsertFileLimit = organizationQuery({
  sql: `insert into limits (organization_id, id, project_id, name, scope_kind, scope_id, measure, period, amount,
      enforcement, source, is_budget, action, route_model, warn_percents, is_strict, carries_over, owner, created_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'file', $11, $12, $13, $14, $15, $16, $17, $18)
    on conflict (id) do update set
      project_id = excluded.project_id, name = excluded.name, scope_kind = excluded.scope_kind,
      scope_id = excluded.scope_id, measure = excluded.measure, period = excluded.period, amount = excluded.amount,
      enforcement = excluded.enforcement, is_budget = excluded.is_budget, action = excluded.action,
      route_model = excluded.route_model, warn_percents = excluded.warn_percents, is_strict = excluded.is_strict,
      carries_over = excluded.carries_over, owner = excluded.owner, deleted_at = null
    where limits.source = 'file' and limits.organization_id = $1
    returning id`,
  values: ({ budget, ...limit }: UpsertFileLimit) => [
    limit.id,
    limit.projectId,
    limit.name,
    limit.scope.kind,
    limit.scope.id,
    limit.measure,
    limit.period,
    limit.max,
    limit.enforcement,
    budget !== undefined,
    budget?.action,
    budget?.routeModel,
    budget?.warnPercents ?? [],
    budget?.isStrict ?? false,
    budget?.carriesOver ?? false,
    budget?.owner,
    new Date(limit.createdAtMs),
  ],
  read: (rows: { id: string }[]) => rows.length === 1,
});
