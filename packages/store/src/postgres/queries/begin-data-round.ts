import { installationQuery } from '../query.ts';

/** A new round's number: higher than all before. */
export const beginDataRound = installationQuery({
  sql: `select nextval('data_rounds') as round`,
  values: () => [],
  read: ([row]: { round: string }[]) => Number(row?.round ?? 0),
});
