import { installationQuery } from '../query.ts';

/** The key change that every live server has applied. `undefined` when no server lives. The database's clock decides. */
export const findAcknowledgedSequence = installationQuery({
  sql: `select min(sequence) as sequence from live_servers
    where seen_at > now() - make_interval(secs => $1)`,
  values: (input: { seenWithinMs: number }) => [input.seenWithinMs / 1000],
  read: ([row]: { sequence: string | null }[]) =>
    row === undefined || row.sequence === null ? undefined : Number(row.sequence),
});
