import { installationQuery } from '../query.ts';

/** Takes back what a try counted that did not fail; `forgotten` keys lose all their failures. */
export const releaseSignInAttempt = installationQuery({
  sql: `with forgotten as (delete from sign_in_attempts where key = any ($2))
    update sign_in_attempts set failures = greatest(failures - 1, 0), blocked_until = null
    where key = any ($1) and not key = any ($2)`,
  values: (input: { keys: readonly string[]; forgotten: readonly string[] }) => [
    [...input.keys],
    [...input.forgotten],
  ],
  read: () => undefined,
});
