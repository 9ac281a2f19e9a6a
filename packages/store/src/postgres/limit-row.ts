import type { LimitMeasure, LimitPeriod, LimitScopeKind } from '@app/contract';

/** What makes a limit on cost a budget. */
export type StoredBudget = {
  action: 'block' | 'route' | 'ask';
  /** Present for `route` and only there. */
  routeModel: string | undefined;
  warnPercents: number[];
  isStrict: boolean;
  carriesOver: boolean;
  /** Who is told and asked. */
  owner: string | undefined;
};

/** A limit or a budget as it is kept. `max` is requests, tokens, calls or nano-dollars. */
export type StoredLimit = {
  id: string;
  organizationId: string;
  projectId: string | undefined;
  name: string;
  scope: { kind: LimitScopeKind; id: string };
  measure: LimitMeasure;
  period: LimitPeriod | undefined;
  max: number;
  enforcement: 'enforce' | 'shadow';
  source: 'api' | 'file';
  budget: StoredBudget | undefined;
  createdAtMs: number;
  createdBy: string | undefined;
  /** In which its days and months begin: the organization's. */
  zone: string;
};

/** Columns of `limits l` beside its `organizations o`. */
export const limitColumns = `l.id, l.organization_id, l.project_id, l.name, l.scope_kind, l.scope_id, l.measure, l.period,
  l.amount, l.enforcement, l.source, l.is_budget, l.action, l.route_model, l.warn_percents, l.is_strict, l.carries_over,
  l.owner, l.created_at, l.created_by, o.zone`;

export type LimitRow = {
  id: string;
  organization_id: string;
  project_id: string | null;
  name: string;
  scope_kind: LimitScopeKind;
  scope_id: string;
  measure: LimitMeasure;
  period: LimitPeriod | null;
  amount: string;
  enforcement: 'enforce' | 'shadow';
  source: 'api' | 'file';
  is_budget: boolean;
  action: StoredBudget['action'] | null;
  route_model: string | null;
  warn_percents: number[];
  is_strict: boolean;
  carries_over: boolean;
  owner: string | null;
  created_at: Date;
  created_by: string | null;
  zone: string;
};

export function readLimit(row: LimitRow): StoredLimit {
  return {
    id: row.id,
    organizationId: row.organization_id,
    projectId: row.project_id ?? undefined,
    name: row.name,
    scope: { kind: row.scope_kind, id: row.scope_id },
    measure: row.measure,
    period: row.period ?? undefined,
    max: Number(row.amount),
    enforcement: row.enforcement,
    source: row.source,
    budget: row.is_budget ? readBudget(row) : undefined,
    createdAtMs: row.created_at.getTime(),
    createdBy: row.created_by ?? undefined,
    zone: row.zone,
  };
}

function readBudget(row: LimitRow): StoredBudget {
  return {
    action: row.action ?? 'block',
    routeModel: row.route_model ?? undefined,
    warnPercents: row.warn_percents,
    isStrict: row.is_strict,
    carriesOver: row.carries_over,
    owner: row.owner ?? undefined,
  };
}
