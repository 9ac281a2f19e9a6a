import { getRouteApi } from '@tanstack/react-router';

const shell = getRouteApi('/shell');

/** The environment that is looked at; undefined for all of them. It stands in the address of every page. */
export function useEnvironment(): string | undefined {
  return shell.useSearch().environment;
}
