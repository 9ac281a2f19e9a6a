import { installationQuery } from '../query.ts';

export type PasskeyChallenge = {
  digest: string;
  challenge: string;
  purpose: 'create' | 'sign-in';
  userId: string | undefined;
  sessionId: string | undefined;
  expiresAtMs: number;
};

export const insertPasskeyChallenge = installationQuery({
  sql: `insert into passkey_challenges (digest, challenge, purpose, user_id, session_id, expires_at)
    values ($1, $2, $3, $4, $5, $6)`,
  values: (asked: PasskeyChallenge) => [
    asked.digest,
    asked.challenge,
    asked.purpose,
    asked.userId ?? null,
    asked.sessionId ?? null,
    new Date(asked.expiresAtMs),
  ],
  read: () => undefined,
});
