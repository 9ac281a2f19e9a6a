import type { AlertDelivery } from '../alert-event-row.ts';
import { installationQuery } from '../query.ts';

export type SaveAlertDeliveries = {
  id: string;
  deliveries: readonly AlertDelivery[];
  /** Those that do not have it yet; none when nothing is tried again. */
  destinations: readonly string[];
  nextAtMs: number;
};

/** Writes down what the destinations of a message said. */
export const saveAlertDeliveries = installationQuery({
  sql: `update alert_messages set deliveries = $2, destinations = $3, next_at = $4 where id = $1`,
  values: (saved: SaveAlertDeliveries) => [
    saved.id,
    JSON.stringify(saved.deliveries),
    saved.destinations,
    new Date(saved.nextAtMs),
  ],
  read: () => undefined,
});
