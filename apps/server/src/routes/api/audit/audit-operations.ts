import { type AuditChainName, endpoints } from '@app/contract';
import { GatewayError } from '@app/protocol';
import { INSTALLATION_CHAIN } from '../../../audit/bind-events.ts';
import type { AuditLog } from '../../../audit/create-audit-log.ts';
import { type Operation, organizationOperation } from '../operation.ts';

/** What people and keys did, for those of an organization who may read it. */
export function auditOperations(log: AuditLog): Operation[] {
  return [
    organizationOperation({
      endpoint: endpoints.listAuditEvents,
      permission: 'audit:read',
      run: ({ organization, query: { chain, ...search } }) => log.list(chainOf(organization, chain), search),
    }),
    organizationOperation({
      endpoint: endpoints.verifyAudit,
      permission: 'audit:read',
      run: ({ organization, query }) => log.verify(chainOf(organization, query.chain)),
    }),
    organizationOperation({
      endpoint: endpoints.exportAudit,
      permission: 'audit:read',
      audit: {
        action: 'audit.export',
        target: ({ organization, query }) => ({
          kind: 'audit',
          id: chainOf(organization, query.chain),
          name: null,
        }),
        after: (_lines, { query }) => ({ filter: query }),
      },
      run: async ({ organization, query: { chain, ...filter } }) =>
        log.export(chainOf(organization, chain), filter),
    }),
  ];
}

/** The organization that runs the installation reads what belongs to no organization, too. */
function chainOf(organization: { id: string; slug: string }, chain: AuditChainName | undefined): string {
  if (chain !== 'installation') return organization.id;
  if (organization.slug === 'default') return INSTALLATION_CHAIN;
  const message = 'What belongs to no organization is read by the organization that runs the installation.';
  throw new GatewayError('insufficient_permissions', message, { retryable: false });
}
