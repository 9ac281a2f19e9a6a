import {
  type ProjectOfUser,
  type ProjectOfUserRow,
  projectsOfUser,
  readProjectOfUser,
} from '../of-user-row.ts';
import { userQuery } from '../query.ts';

/** Those with this id or slug of the projects that the user is let into: the one of the id first, at most three. */
export const listNamedProjectsOfUser = userQuery({
  sql: `${projectsOfUser} where p.id = $2 or p.slug = $2 order by p.id = $2 desc, p.id limit 3`,
  values: ({ name }: { name: string }) => [name],
  read: (rows: ProjectOfUserRow[]): ProjectOfUser[] => rows.map(readProjectOfUser),
});
