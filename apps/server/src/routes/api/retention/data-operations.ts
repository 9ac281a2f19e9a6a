import { type ExportSearch, endpoints, type Permission } from '@app/contract';
import { GatewayError } from '@app/protocol';
import type { Deletions } from '../../../retention/create-deletions.ts';
import type { Exports } from '../../../retention/create-exports.ts';
import type { Retention } from '../../../retention/create-retention.ts';
import { type Actor, type Operation, projectOperation } from '../operation.ts';

export type DataOperationDeps = { retention: Retention; deletions: Deletions; exports: Exports };

/** How long a project's data is kept, how it is deleted, and how it is handed out. */
export function dataOperations(deps: DataOperationDeps): Operation[] {
  return [
    ...retentionOperations(deps.retention),
    ...deletionOperations(deps.deletions),
    exportOperation(deps.exports),
  ];
}

function retentionOperations(retention: Retention): Operation[] {
  return [
    projectOperation({
      endpoint: endpoints.getRetention,
      permission: 'analytics:read',
      run: ({ project }) => retention.get(project.id),
    }),
    projectOperation({
      endpoint: endpoints.updateRetention,
      permission: 'settings:write',
      audit: {
        action: 'retention.change',
        target: ({ project }) => ({ kind: 'project', id: project.id, name: null }),
        before: ({ project }) => retention.get(project.id),
      },
      run: ({ project, body, actor }) => {
        refuseTestKey(actor);
        return retention.update(project.id, body, actor.id);
      },
    }),
    projectOperation({
      endpoint: endpoints.getStorageUse,
      permission: 'analytics:read',
      run: ({ project }) => retention.readUse(project.id),
    }),
  ];
}

function deletionOperations(deletions: Deletions): Operation[] {
  return [
    projectOperation({
      endpoint: endpoints.listDeletions,
      permission: 'analytics:read',
      run: ({ project, query }) => deletions.list(project.id, query),
    }),
    projectOperation({
      endpoint: endpoints.createDeletion,
      permission: 'settings:write',
      audit: {
        action: 'deletion.create',
        target: (_, made) => (made === undefined ? undefined : { kind: 'deletion', id: made.id, name: null }),
      },
      run: ({ project, body, actor }) =>
        deletions.begin(project, {
          filter: body.filter,
          isDryRun: body.dry_run,
          isTestOnly: actor.mode === 'test',
          requestedBy: actor.id,
        }),
    }),
    projectOperation({
      endpoint: endpoints.getDeletion,
      permission: 'analytics:read',
      run: ({ project, params }) => deletions.get(project.id, params.id),
    }),
  ];
}

const exportOperation = (exports: Exports): Operation =>
  projectOperation({
    endpoint: endpoints.exportProject,
    permission: 'settings:write',
    audit: {
      action: 'data.export',
      target: ({ project }) => ({ kind: 'project', id: project.id, name: null }),
      after: (_, { query }) => ({ filter: query }),
    },
    run: async ({ project, query, actor }) => {
      refuseUnread(actor, query);
      return exports.begin({ project, search: query, isTestOnly: actor.mode === 'test' });
    },
  });

/**
 * What is handed out is what was said, so whoever may not read it may not take it along. Where nothing narrows it down, the
 * keys, the people and the project's part of the audit log come with it.
 */
function refuseUnread({ permissions }: Actor, search: ExportSearch): void {
  const isNarrowed = Object.values(search).some((value) => value !== undefined);
  const needed = isNarrowed ? READING_CALLS : READING_EVERYTHING;
  const missing = needed.filter((permission) => !permissions.has(permission));
  if (missing.length === 0) return;
  const message = `An export needs the permission ${missing.join(' and ')} beside settings:write.`;
  throw new GatewayError('insufficient_permissions', message, { retryable: false });
}

const READING_CALLS: readonly Permission[] = ['traces:read'];
const READING_EVERYTHING: readonly Permission[] = ['traces:read', 'keys:read', 'audit:read'];

/** What a test key does stays in test mode: one that leaked cannot end what production keeps. */
function refuseTestKey({ mode }: Actor): void {
  if (mode !== 'test') return;
  const message =
    'A test key cannot change how long data is kept, because that holds for live calls. Use a live key.';
  throw new GatewayError('insufficient_permissions', message, { retryable: false });
}
