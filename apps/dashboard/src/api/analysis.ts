import { Analysis, type Dimension, type Measure, type OverviewRange } from '@app/contract';
import { queryOptions } from '@tanstack/react-query';
import { ask, queryOf } from './client.ts';

export type AnalysisQuestion = {
  range: OverviewRange;
  by?: readonly Dimension[] | undefined;
  measures: readonly Measure[];
  series?: Measure | undefined;
  order?: Measure | undefined;
  limit?: number | undefined;
  mode?: 'live' | 'test' | undefined;
  environment?: string | undefined;
  filter?: string | undefined;
};

/** What calls add up to, by whatever they are grouped by. */
export const analysisQuery = (project: string, question: AnalysisQuestion) =>
  queryOptions({
    queryKey: ['analysis', project, question],
    queryFn: ({ signal }) => {
      const { by, measures, ...rest } = question;
      const query = queryOf({ ...rest, by: by?.join(','), measures: measures.join(',') });
      return ask(`/api/v1/projects/${encodeURIComponent(project)}/analysis${query}`, Analysis, { signal });
    },
    staleTime: 10_000,
    placeholderData: (previous) => previous,
  });
