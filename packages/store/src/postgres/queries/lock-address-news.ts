import { installationQuery } from '../query.ts';

/** Until the transaction ends nobody else notes addresses, so that news are seen in the order of their numbers. */
export const lockAddressNews = installationQuery({
  sql: 'select 1 as held from pg_advisory_xact_lock(7261, 16)',
  values: () => [],
  read: () => undefined,
});
