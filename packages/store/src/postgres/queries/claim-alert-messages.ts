import type { AlertDelivery, DueAlertMessage } from '../alert-event-row.ts';
import { installationQuery } from '../query.ts';

type DueRow = {
  id: string;
  organization_id: string;
  message: unknown;
  destinations: string[];
  attempts: number;
  created_at: Date;
  deliveries: AlertDelivery[];
};

/**
 * Takes messages that are due, the oldest first; each is due again at `againMs` unless its delivery is written down
 * before, so that one whose server dies is not forgotten.
 */
export const claimAlertMessages = installationQuery({
  sql: `update alert_messages set next_at = $2, attempts = attempts + 1 where id in (
      select id from alert_messages where next_at <= $1 and destinations <> '{}' order by next_at limit $3
      for update skip locked
    ) returning id, organization_id, message, destinations, attempts, created_at, deliveries`,
  values: ({ nowMs, againMs, limit }: { nowMs: number; againMs: number; limit: number }) => [
    new Date(nowMs),
    new Date(againMs),
    limit,
  ],
  read: (rows: DueRow[]): DueAlertMessage[] =>
    rows.map((row) => ({
      id: row.id,
      organizationId: row.organization_id,
      message: row.message,
      destinations: row.destinations,
      attempts: row.attempts,
      createdAtMs: row.created_at.getTime(),
      deliveries: row.deliveries,
    })),
});
