import { organizationQuery } from '../query.ts';

/** Remembers how the last delivery ended; an older one that ended later is left out. */
export const noteDelivery = organizationQuery({
  sql: `update destinations set delivered_at = $3, delivery_error = $4
    where organization_id = $1 and id = $2 and (delivered_at is null or delivered_at <= $3)`,
  values: ({ id, atMs, error }: { id: string; atMs: number; error: string | undefined }) => [
    id,
    new Date(atMs),
    error,
  ],
  read: () => undefined,
});
