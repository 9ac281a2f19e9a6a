import { installationQuery } from '../query.ts';

/** The number of the newest key change that is committed; 0 when there is none. Older ones are committed too. */
export const findKeySequence = installationQuery({
  sql: 'select coalesce(max(sequence), 0) as sequence from api_keys',
  values: () => [],
  read: ([row]: { sequence: string }[]) => Number(row?.sequence ?? 0),
});
