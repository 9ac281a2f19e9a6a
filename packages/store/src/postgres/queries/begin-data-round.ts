import { installationQuery } from '../query.ts';

/** A new round's number: higher than all before. Servers that listen hear of it. */
export const beginDataRound = installationQuery({
  sql: `select nextval('data_rounds') as round, pg_notify('tr_data_rounds', '')`,
  values: () => [],
  read: ([row]: { round: string }[]) => Number(row?.round ?? 0),
});
