import type { Destination } from '@app/contract';
import type { StoredDestination } from '@app/store';

/** A destination as people see it. */
export function showDestination(stored: StoredDestination): Destination {
  const { lastDelivery } = stored;
  return {
    id: stored.id,
    name: stored.name,
    kind: stored.kind,
    target: stored.target,
    budget_notices: stored.budgetNotices,
    created_at: new Date(stored.createdAtMs).toISOString(),
    created_by: stored.createdBy ?? null,
    last_delivery:
      lastDelivery === undefined
        ? null
        : {
            at: new Date(lastDelivery.atMs).toISOString(),
            ok: lastDelivery.error === undefined,
            error: lastDelivery.error ?? null,
          },
  };
}
