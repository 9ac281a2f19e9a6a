/** Where messages go. What `sealed` holds opens for this row alone. */
export type StoredDestination = {
  id: string;
  organizationId: string;
  name: string;
  kind: 'webhook' | 'slack' | 'email';
  /** What people are shown of its address. */
  target: string;
  sealed: Buffer;
  budgetNotices: boolean;
  createdAtMs: number;
  createdBy: string | undefined;
  lastDelivery: { atMs: number; error: string | undefined } | undefined;
};

export const destinationColumns = `id, organization_id, name, kind, target, sealed, budget_notices, created_at, created_by,
  delivered_at, delivery_error`;

export type DestinationRow = {
  id: string;
  organization_id: string;
  name: string;
  kind: StoredDestination['kind'];
  target: string;
  sealed: Buffer;
  budget_notices: boolean;
  created_at: Date;
  created_by: string | null;
  delivered_at: Date | null;
  delivery_error: string | null;
};

export function readDestination(row: DestinationRow): StoredDestination {
  return {
    id: row.id,
    organizationId: row.organization_id,
    name: row.name,
    kind: row.kind,
    target: row.target,
    sealed: row.sealed,
    budgetNotices: row.budget_notices,
    createdAtMs: row.created_at.getTime(),
    createdBy: row.created_by ?? undefined,
    lastDelivery:
      row.delivered_at === null
        ? undefined
        : { atMs: row.delivered_at.getTime(), error: row.delivery_error ?? undefined },
  };
}
