import { installationQuery } from '../query.ts';

/**
 * The change of providers' keys that every live server has applied. `undefined` when no server lives that follows them.
 * The database's clock decides.
 */
export const findAcknowledgedCredentialSequence = installationQuery({
  sql: `select min(credential_sequence) as sequence from live_servers
    where seen_at > now() - make_interval(secs => $1)`,
  values: (input: { seenWithinMs: number }) => [input.seenWithinMs / 1000],
  read: ([row]: { sequence: string | null }[]) =>
    row === undefined || row.sequence === null ? undefined : Number(row.sequence),
});
