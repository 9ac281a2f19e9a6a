import { Overview, type OverviewRange } from '@app/contract';
import { queryOptions } from '@tanstack/react-query';
import { ask, queryOf } from './client.ts';

export type OverviewFilter = {
  range: OverviewRange;
  mode?: 'live' | 'test' | undefined;
  environment?: string | undefined;
};

/** The figures of a project; asked anew every ten seconds while somebody looks. */
export const overviewQuery = (project: string, { range, mode, environment }: OverviewFilter) =>
  queryOptions({
    queryKey: ['overview', project, range, mode, environment],
    queryFn: ({ signal }) =>
      ask(
        `/api/v1/projects/${encodeURIComponent(project)}/overview${queryOf({ range, mode, environment })}`,
        Overview,
        { signal },
      ),
    refetchInterval: 10_000,
    placeholderData: (previous) => previous,
  });
