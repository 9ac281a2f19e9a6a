import type { StoredDeletion } from '@app/store';
import type { Audit } from '../audit/audit.ts';

/** Writes down how a deletion ended: the server did it, for whoever asked. */
export async function auditEnd(audit: Pick<Audit, 'record'>, ended: StoredDeletion): Promise<void> {
  const { id, organizationId, projectId, filter, deleted, error, state, requestedBy } = ended;
  await audit.record({
    organizationId,
    projectId,
    action: 'deletion.finish',
    actor: { kind: 'server' },
    target: { kind: 'deletion', id, name: null },
    after: { state, filter, deleted, requested_by: requestedBy ?? null },
    outcome: state === 'failed' ? 'failed' : 'done',
    ...(error === undefined ? {} : { reason: error }),
  });
}
