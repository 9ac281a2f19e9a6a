import { installationQuery } from '../query.ts';

type Asked = {
  digest: string;
  purpose: 'create' | 'sign-in';
  userId: string | undefined;
  sessionId: string | undefined;
  nowMs: number;
};

/** What was asked, for exactly one caller: whoever answers wrongly has to be asked anew. */
export const consumePasskeyChallenge = installationQuery({
  sql: `with taken as (delete from passkey_challenges where digest = $1 returning *)
    select challenge from taken
    where purpose = $2 and expires_at > $5
      and user_id is not distinct from $3 and session_id is not distinct from $4`,
  values: (asked: Asked) => [
    asked.digest,
    asked.purpose,
    asked.userId ?? null,
    asked.sessionId ?? null,
    new Date(asked.nowMs),
  ],
  read: ([row]: { challenge: string }[]): string | undefined => row?.challenge,
});
