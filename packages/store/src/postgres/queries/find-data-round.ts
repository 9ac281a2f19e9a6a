import { installationQuery } from '../query.ts';

/** The newest round's number; 0 before the first. */
export const findDataRound = installationQuery({
  sql: 'select case when is_called then last_value else 0 end as round from data_rounds',
  values: () => [],
  read: ([row]: { round: string }[]) => Number(row?.round ?? 0),
});
