import { type Endpoint, inOrganization, noBody, nothing } from '../endpoint.ts';
import { SecurityReport } from '../security.ts';

/** How safe this deployment is, for the owners of the organization that runs it. */
export const securityEndpoints = {
  getSecurityReport: {
    method: 'GET',
    path: '/api/v1/organizations/{organization}/security-report',
    params: inOrganization,
    query: nothing,
    body: noBody,
    status: 200,
    output: SecurityReport,
  },
} as const satisfies { [name: string]: Endpoint };
