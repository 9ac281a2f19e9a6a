import { installationQuery } from '../query.ts';

/**
 * Forgets the counts under which a server has nothing under way any more, and gives how many there were. One that is just
 * written to is left for the next time.
 */
export const deleteEmptyLimitFloors = installationQuery({
  sql: `delete from limit_floors where ctid = any(array(
      select ctid from limit_floors where server_id = $1 and held = 0 for update skip locked
    )) returning limit_id`,
  values: (server: { serverId: string }) => [server.serverId],
  read: (rows) => rows.length,
});
