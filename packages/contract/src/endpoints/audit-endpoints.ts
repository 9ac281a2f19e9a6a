import { AuditChainSearch, AuditEvent, AuditList, AuditSearch, AuditVerification } from '../audit.ts';
import { type Endpoint, inOrganization, noBody } from '../endpoint.ts';

const events = '/api/v1/organizations/{organization}/audit-events';

/** What people and keys did. */
export const auditEndpoints = {
  listAuditEvents: {
    method: 'GET',
    path: events,
    params: inOrganization,
    query: AuditSearch,
    body: noBody,
    status: 200,
    output: AuditList,
  },
  verifyAudit: {
    method: 'GET',
    path: '/api/v1/organizations/{organization}/audit-verification',
    params: inOrganization,
    query: AuditChainSearch,
    body: noBody,
    status: 200,
    output: AuditVerification,
  },
  /** Oldest first, a line each. */
  exportAudit: {
    method: 'GET',
    path: '/api/v1/organizations/{organization}/audit-export',
    params: inOrganization,
    query: AuditSearch.omit({ cursor: true, limit: true }),
    body: noBody,
    status: 200,
    output: AuditEvent,
    lines: true,
  },
} as const satisfies { [name: string]: Endpoint };
