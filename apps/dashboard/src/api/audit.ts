import { AuditList, type AuditSearch, AuditVerification } from '@app/contract';
import { infiniteQueryOptions } from '@tanstack/react-query';
import { ask, queryOf } from './client.ts';

const organization = (id: string) => `/api/v1/organizations/${encodeURIComponent(id)}`;

export type AuditFilter = {
  [name in 'action' | 'outcome' | 'actor' | 'target' | 'project' | 'ip' | 'from' | 'to']?:
    | AuditSearch[name]
    | undefined;
};

/** What was done, newest first. */
export const auditQuery = (organizationId: string, filter: AuditFilter) =>
  infiniteQueryOptions({
    queryKey: ['audit', organizationId, filter],
    queryFn: ({ signal, pageParam }) =>
      ask(
        `${organization(organizationId)}/audit-events${queryOf({ ...filter, cursor: pageParam })}`,
        AuditList,
        { signal },
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: (previous) => previous,
  });

/** Looks through the whole chain. It may take a while. */
export const verifyAudit = (organizationId: string) =>
  ask(`${organization(organizationId)}/audit-verification`, AuditVerification);

/** Where the events that the filter leaves come from as a file, a line each. */
export const auditExportAddress = (organizationId: string, filter: AuditFilter): string =>
  `${organization(organizationId)}/audit-export${queryOf(filter)}`;
