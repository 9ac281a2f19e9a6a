import type { Session } from '@app/contract';
import { useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { sessionQuery } from './session.ts';

type Project = Session['projects'][number];

const shell = getRouteApi('/shell');

/** The project that is looked at: the one that the address names, else the first. */
export function findProject(projects: readonly Project[], named: string | undefined): Project | undefined {
  return projects.find(({ id }) => id === named) ?? projects[0];
}

/** The project that is looked at. Pages behind the sign-in always have one: the set-up makes the first. */
export function useProject(): Project {
  const { project: named } = shell.useSearch();
  const { data } = useSuspenseQuery(sessionQuery);
  const project = findProject(data?.projects ?? [], named);
  if (project === undefined)
    throw new Error('Your account has no project here. Ask an owner to add you to one.');
  return project;
}
