import {
  type ProjectOfUser,
  type ProjectOfUserRow,
  projectsOfUser,
  readProjectOfUser,
} from '../of-user-row.ts';
import { userQuery } from '../query.ts';

/** Every project that the user is let into, at most 1,000. */
export const listProjectsOfUser = userQuery({
  sql: `${projectsOfUser} order by o.name, p.created_at, p.id limit 1000`,
  values: () => [],
  read: (rows: ProjectOfUserRow[]): ProjectOfUser[] => rows.map(readProjectOfUser),
});
