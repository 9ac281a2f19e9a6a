import { installationQuery } from '../query.ts';

/** How many calls without a good key all servers refused, in the minutes of a range. */
export const sumRefusedCalls = installationQuery({
  sql: `select coalesce(sum(calls), 0) as calls from refused_calls where minute >= $1 and minute < $2`,
  values: ({ fromMs, toMs }: { fromMs: number; toMs: number }) => [new Date(fromMs), new Date(toMs)],
  read: ([row]: { calls: string }[]) => Number(row?.calls ?? 0),
});
