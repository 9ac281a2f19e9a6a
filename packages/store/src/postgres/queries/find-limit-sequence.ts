import { installationQuery } from '../query.ts';

/** The number of the newest change of limits that is committed; 0 when there is none. Older ones are committed too. */
export const findLimitSequence = installationQuery({
  sql: 'select coalesce(max(sequence), 0) as sequence from limits',
  values: () => [],
  read: ([row]: { sequence: string }[]) => Number(row?.sequence ?? 0),
});
