import { SecurityReport } from '@app/contract';
import { queryOptions } from '@tanstack/react-query';
import { ask } from './client.ts';

export const securityQuery = (organizationId: string) =>
  queryOptions({
    queryKey: ['security', organizationId],
    queryFn: ({ signal }) =>
      ask(`/api/v1/organizations/${encodeURIComponent(organizationId)}/security-report`, SecurityReport, {
        signal,
      }),
  });
