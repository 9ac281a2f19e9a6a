import type { Session } from '@app/contract';
import { useSuspenseQuery } from '@tanstack/react-query';
import { sessionQuery } from './session.ts';

/** The project that is looked at. Pages behind the sign-in always have one: the set-up makes the first. */
export function useProject(): Session['projects'][number] {
  const { data } = useSuspenseQuery(sessionQuery);
  const project = data?.projects[0];
  if (project === undefined)
    throw new Error('Your account has no project here. Ask an owner to add you to one.');
  return project;
}
