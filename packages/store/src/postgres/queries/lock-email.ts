import { installationQuery } from '../query.ts';

/** In a transaction: whoever makes an account of this address waits for whoever else does. */
export const lockEmail = installationQuery({
  sql: 'select 1 as held from pg_advisory_xact_lock(7264, hashtext(lower($1)))',
  values: ({ email }: { email: string }) => [email],
  read: () => undefined,
});
