import { installationQuery } from '../query.ts';
import { type RepricingRow, readRepricing, repricingColumns } from '../repricing-row.ts';

/** Takes one over whose server was not heard of for so long; undefined when there is none. */
export const claimRepricing = installationQuery({
  sql: `update repricings set server_id = $1, updated_at = now() where id = (
      select id from repricings where status = 'running' and updated_at <= now() - $2 * interval '1 millisecond'
      order by created_at limit 1 for update skip locked
    ) returning ${repricingColumns}`,
  values: ({ serverId, silentMs }: { serverId: string; silentMs: number }) => [serverId, silentMs],
  read: ([row]: RepricingRow[]) => (row === undefined ? undefined : readRepricing(row)),
});
