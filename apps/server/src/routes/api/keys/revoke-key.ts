import { endpoints } from '@app/contract';
import type { Keys } from '../../../keys/create-keys.ts';
import { pathTarget } from '../name-target.ts';
import { projectOperation } from '../operation.ts';

/** Revokes a key for good; doing it again changes nothing. */
export const revokeKey = (keys: Keys) =>
  projectOperation({
    endpoint: endpoints.revokeKey,
    permission: 'keys:write',
    audit: {
      action: 'key.revoke',
      target: pathTarget('key'),
      before: ({ project, params }) => keys.get(project.id, params.id),
    },
    run: ({ project, params, actor }) => keys.revoke(project.id, params.id, actor),
  });
