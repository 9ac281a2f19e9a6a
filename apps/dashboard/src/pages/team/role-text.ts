import { Role, reaches } from '@app/contract';

const words: Record<Role, string> = {
  owner: 'Owner: everything, other owners included',
  admin: 'Admin: everything but owners',
  member: 'Member: looks at everything, changes nothing',
};

/** The roles that somebody may give who has this one: none above their own. */
export function rolesBelow(own: string): { value: Role; label: string }[] {
  return Role.options.filter((role) => reaches(own, role)).map((value) => ({ value, label: words[value] }));
}

/** Whether somebody with the role `own` may change or remove somebody who has `role`. */
export const mayChange = (own: string, role: Role | null): boolean => role === null || reaches(own, role);
