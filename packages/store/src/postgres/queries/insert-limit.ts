import { type LimitRow, limitColumns, readLimit, type StoredLimit } from '../limit-row.ts';
import { organizationQuery } from '../query.ts';

export type InsertLimit = Omit<StoredLimit, 'organizationId' | 'zone'>;

/** Inserts a limit or a budget and answers with it and the number of this change, which live servers acknowledge. */
export const insertLimit = organizationQuery({
  sql: `with l as (
      insert into limits (organization_id, id, project_id, name, scope_kind, scope_id, measure, period, amount,
        enforcement, source, is_budget, action, route_model, warn_percents, is_strict, carries_over, owner,
        created_at, created_by)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)
      returning *
    )
    select ${limitColumns}, l.sequence from l join organizations o on o.id = l.organization_id`,
  values: ({ budget, ...limit }: InsertLimit) => [
    limit.id,
    limit.projectId,
    limit.name,
    limit.scope.kind,
    limit.scope.id,
    limit.measure,
    limit.period,
    limit.max,
    limit.enforcement,
    limit.source,
    budget !== undefined,
    budget?.action,
    budget?.routeModel,
    budget?.warnPercents ?? [],
    budget?.isStrict ?? false,
    budget?.carriesOver ?? false,
    budget?.owner,
    new Date(limit.createdAtMs),
    limit.createdBy,
  ],
  read: ([row]: (LimitRow & { sequence: string })[]) => {
    if (row === undefined) throw new Error('PostgreSQL inserted a limit without returning it.');
    return { limit: readLimit(row), sequence: Number(row.sequence) };
  },
});
