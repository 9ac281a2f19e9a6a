import type { Permission, Session } from '@app/contract';
import { useSuspenseQuery } from '@tanstack/react-query';
import { sessionQuery } from './session.ts';
import { useProject } from './use-project.ts';

type Project = Session['projects'][number];

/** Whether the person may do this in the project that is looked at. */
export function usePermission(permission: Permission): boolean {
  const project = useProject();
  const { data: session } = useSuspenseQuery(sessionQuery);
  return mayDo(session, project, permission);
}

/**
 * Whether the person may do this in a project. It only decides what is shown: the server decides what is done. Where the
 * server did not say, everything is shown and its refusal tells.
 */
export function mayDo(
  session: Session | null | undefined,
  project: Project | undefined,
  permission: Permission,
): boolean {
  const organization = session?.organizations?.find(({ id }) => id === project?.organization_id);
  const permissions = project?.permissions ?? organization?.permissions;
  return permissions?.includes(permission) ?? true;
}
