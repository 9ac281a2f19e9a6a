import { installationQuery } from '../query.ts';

type Expired = { nowMs: number; codesBeforeMs: number; attemptsBeforeMs: number; placesBeforeMs: number };

/** Deletes what signing in leaves behind: challenges, tries, places, used codes, and the library's own rows. */
export const deleteExpiredSignIn = installationQuery({
  sql: `with challenges as (delete from passkey_challenges where expires_at < $1),
      codes as (delete from used_codes where used_at < $2),
      attempts as (delete from sign_in_attempts where last_at < $3 and (blocked_until is null or blocked_until < $1)),
      places as (delete from sign_in_places where last_at < $4),
      sessions as (delete from auth.session where "expiresAt" < $1)
    delete from auth.verification where "expiresAt" < $1`,
  values: (expired: Expired) => [
    new Date(expired.nowMs),
    new Date(expired.codesBeforeMs),
    new Date(expired.attemptsBeforeMs),
    new Date(expired.placesBeforeMs),
  ],
  read: () => undefined,
});
