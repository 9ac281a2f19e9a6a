import { type LimitRow, limitColumns, readLimit } from '../limit-row.ts';
import { organizationQuery } from '../query.ts';
import type { FindLimit } from './find-limit.ts';

/** What is absent stays as it is. `null` takes an owner away. */
export type UpdateLimit = FindLimit & {
  name?: string | undefined;
  max?: number | undefined;
  enforcement?: 'enforce' | 'shadow' | undefined;
  action?: { kind: 'block' | 'ask' } | { kind: 'route'; model: string } | undefined;
  warnPercents?: readonly number[] | undefined;
  isStrict?: boolean | undefined;
  carriesOver?: boolean | undefined;
  owner?: string | null | undefined;
};

/** Changes a limit or a budget that was made over the API; `undefined` when there is none. */
export const updateLimit = organizationQuery({
  sql: `with l as (
      update limits set
        name = coalesce($5, name),
        amount = coalesce($6, amount),
        enforcement = coalesce($7, enforcement),
        action = coalesce($8, action),
        route_model = case when $8::text is null then route_model else $9 end,
        warn_percents = coalesce($10, warn_percents),
        is_strict = coalesce($11, is_strict),
        carries_over = coalesce($12, carries_over),
        owner = case when $13 then $14 else owner end
      where organization_id = $1 and project_id is not distinct from $2 and id = $3 and is_budget = $4
        and deleted_at is null and source = 'api'
      returning *
    )
    select ${limitColumns}, l.sequence from l join organizations o on o.id = l.organization_id`,
  values: (change: UpdateLimit) => [
    change.projectId,
    change.id,
    change.isBudget,
    change.name,
    change.max,
    change.enforcement,
    change.action?.kind,
    change.action?.kind === 'route' ? change.action.model : undefined,
    change.warnPercents,
    change.isStrict,
    change.carriesOver,
    change.owner !== undefined,
    change.owner,
  ],
  read: ([row]: (LimitRow & { sequence: string })[]) =>
    row === undefined ? undefined : { limit: readLimit(row), sequence: Number(row.sequence) },
});
