import { installationQuery } from '../query.ts';

/** The account of this address, in the table of the sign-in library, which must exist. */
export const findUserByEmail = installationQuery({
  sql: 'select id from auth."user" where lower(email) = lower($1)',
  values: (input: { email: string }) => [input.email],
  read: ([row]: { id: string }[]): { id: string } | undefined => row,
});
