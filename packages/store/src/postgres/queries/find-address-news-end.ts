import { organizationQuery } from '../query.ts';

/** The number of the newest news of an organization; 0 when there are none. */
export const findAddressNewsEnd = organizationQuery({
  sql: 'select coalesce(max(sequence), 0) as sequence from key_address_news where organization_id = $1',
  values: () => [],
  read: ([row]: { sequence: string }[]) => Number(row?.sequence ?? 0),
});
