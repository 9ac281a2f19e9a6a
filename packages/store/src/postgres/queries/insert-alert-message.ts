import { installationQuery } from '../query.ts';

export type InsertAlertMessage = {
  id: string;
  organizationId: string;
  alertId: string;
  message: object;
  destinations: readonly string[];
  createdAtMs: number;
};

/** Keeps a message until every destination has it. */
export const insertAlertMessage = installationQuery({
  sql: `insert into alert_messages (id, organization_id, alert_id, message, destinations, created_at, next_at)
    values ($1, $2, $3, $4, $5, $6, $6)`,
  values: (message: InsertAlertMessage) => [
    message.id,
    message.organizationId,
    message.alertId,
    JSON.stringify(message.message),
    message.destinations,
    new Date(message.createdAtMs),
  ],
  read: () => undefined,
});
