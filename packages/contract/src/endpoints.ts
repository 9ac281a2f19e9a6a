import { z } from 'zod';
import { type Endpoint, inProject, noBody, nothing, project } from './endpoint.ts';
import { accountEndpoints } from './endpoints/account-endpoints.ts';
import { alertEndpoints } from './endpoints/alert-endpoints.ts';
import { auditEndpoints } from './endpoints/audit-endpoints.ts';
import { budgetEndpoints } from './endpoints/budget-endpoints.ts';
import { credentialEndpoints } from './endpoints/credential-endpoints.ts';
import { destinationEndpoints } from './endpoints/destination-endpoints.ts';
import { keyEndpoints } from './endpoints/key-endpoints.ts';
import { limitEndpoints } from './endpoints/limit-endpoints.ts';
import { memberEndpoints } from './endpoints/member-endpoints.ts';
import { organizationEndpoints } from './endpoints/organization-endpoints.ts';
import { priceEndpoints } from './endpoints/price-endpoints.ts';
import { remappingEndpoints } from './endpoints/remapping-endpoints.ts';
import { retentionEndpoints } from './endpoints/retention-endpoints.ts';
import { securityEndpoints } from './endpoints/security-endpoints.ts';
import { traceEndpoints } from './endpoints/trace-endpoints.ts';
import { traceExportEndpoints } from './endpoints/trace-export-endpoints.ts';
import { IngestStatus } from './ingest-status.ts';
import { Overview, OverviewSearch } from './overview.ts';
import { Session, Setup, SetupState } from './session.ts';
import { Trace, TraceList, TraceSearch } from './traces.ts';

const traceId = z.string().regex(/^[0-9a-f]{32}$/, 'must be 32 lower-case hexadecimal digits');

/** The operations of the management API. `{project}` is a slug or an id. */
export const endpoints = {
  getSetup: {
    method: 'GET',
    path: '/api/v1/setup',
    params: nothing,
    query: nothing,
    body: noBody,
    status: 200,
    output: SetupState,
  },
  completeSetup: {
    method: 'POST',
    path: '/api/v1/setup',
    params: nothing,
    query: nothing,
    body: Setup,
    status: 201,
    output: SetupState,
  },
  getSession: {
    method: 'GET',
    path: '/api/v1/session',
    params: nothing,
    query: nothing,
    body: noBody,
    status: 200,
    output: Session,
  },
  listTraces: {
    method: 'GET',
    path: '/api/v1/projects/{project}/traces',
    params: inProject,
    query: TraceSearch,
    body: noBody,
    status: 200,
    output: TraceList,
  },
  getTrace: {
    method: 'GET',
    path: '/api/v1/projects/{project}/traces/{trace_id}',
    params: z.strictObject({ project, trace_id: traceId }),
    query: nothing,
    body: noBody,
    status: 200,
    output: Trace,
  },
  getTraceOfKey: {
    method: 'GET',
    path: '/api/v1/traces/{trace_id}',
    params: z.strictObject({ trace_id: traceId }),
    query: nothing,
    body: noBody,
    status: 200,
    output: Trace,
  },
  getOverview: {
    method: 'GET',
    path: '/api/v1/projects/{project}/overview',
    params: inProject,
    query: OverviewSearch,
    body: noBody,
    status: 200,
    output: Overview,
  },
  getIngestStatus: {
    method: 'GET',
    path: '/api/v1/projects/{project}/ingest-status',
    params: inProject,
    query: nothing,
    body: noBody,
    status: 200,
    output: IngestStatus,
  },
  ...keyEndpoints,
  ...limitEndpoints,
  ...budgetEndpoints,
  ...credentialEndpoints,
  ...organizationEndpoints,
  ...priceEndpoints,
  ...remappingEndpoints,
  ...accountEndpoints,
  ...alertEndpoints,
  ...auditEndpoints,
  ...destinationEndpoints,
  ...memberEndpoints,
  ...retentionEndpoints,
  ...securityEndpoints,
  ...traceEndpoints,
  ...traceExportEndpoints,
} as const satisfies { [name: string]: Endpoint };
