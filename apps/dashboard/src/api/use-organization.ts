import type { Permission, Session } from '@app/contract';
import { useSuspenseQuery } from '@tanstack/react-query';
import { sessionQuery } from './session.ts';
import { useProject } from './use-project.ts';

export type OwnOrganization = NonNullable<Session['organizations']>[number];

/** The organization of the project that is looked at; undefined for somebody who belongs to the project alone. */
export function useOrganization(): OwnOrganization | undefined {
  const project = useProject();
  const { data: session } = useSuspenseQuery(sessionQuery);
  return session?.organizations?.find(({ id }) => id === project.organization_id);
}

/** Whether the person may do this in the whole organization. It only decides what is shown. */
export function mayInOrganization(
  organization: OwnOrganization | undefined,
  permission: Permission,
): boolean {
  return organization?.permissions?.includes(permission) ?? false;
}
