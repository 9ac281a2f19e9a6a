import type { LimitScopeKind } from '@app/contract';
import { organizationQuery } from '../query.ts';

export type CountLimits = { projectId: string | undefined; scope: { kind: LimitScopeKind; id: string } };

/** How many limits and budgets an organization has, and how many of them count the same calls. */
export const countLimits = organizationQuery({
  sql: `select count(*) as total, count(*) filter (
      where project_id is not distinct from $2 and scope_kind = $3 and scope_id = $4
    ) as alike
    from limits where organization_id = $1 and deleted_at is null`,
  values: ({ projectId, scope }: CountLimits) => [projectId, scope.kind, scope.id],
  read: ([row]: { total: string; alike: string }[]) => ({
    total: Number(row?.total ?? 0),
    alike: Number(row?.alike ?? 0),
  }),
});
