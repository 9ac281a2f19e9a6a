import { installationQuery } from '../query.ts';

/** Says that a server did what a round asks for. False when the server is not known yet. */
export const answerDataRound = installationQuery({
  sql: `update live_servers set data_round = greatest(coalesce(data_round, 0), $2) where id = $1 returning id`,
  values: ({ serverId, round }: { serverId: string; round: number }) => [serverId, round],
  read: (rows: { id: string }[]) => rows.length === 1,
});
