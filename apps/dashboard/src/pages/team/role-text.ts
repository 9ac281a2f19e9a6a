import { Role, reaches } from '@app/contract';

const words: Record<Role, string> = { owner: 'Owner', admin: 'Admin', member: 'Member' };

/** What a role may do, for a hint. */
export const roleHint: Record<Role, string> = {
  owner: 'May do everything, and give every role.',
  admin: 'May do everything but what concerns owners.',
  member: 'Looks at everything and changes nothing.',
};

/** The roles that somebody may give who has this one: none above their own. */
export function rolesBelow(own: string): { value: Role; label: string }[] {
  return Role.options.filter((role) => reaches(own, role)).map((value) => ({ value, label: words[value] }));
}

/** Whether somebody with the role `own` may change or remove somebody who has `role`. */
export const mayChange = (own: string, role: Role | null): boolean => role === null || reaches(own, role);
