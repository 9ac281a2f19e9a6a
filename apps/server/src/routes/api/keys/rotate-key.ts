import { endpoints } from '@app/contract';
import type { Keys } from '../../../keys/create-keys.ts';
import { pathTarget } from '../name-target.ts';
import { projectOperation } from '../operation.ts';

/** Puts a new key in a key's place; both work until the overlap ends. The answer is the only one that ever holds the new secret. */
export const rotateKey = (keys: Keys) =>
  projectOperation({
    endpoint: endpoints.rotateKey,
    permission: 'keys:write',
    audit: {
      action: 'key.rotate',
      target: (input, rotated) => pathTarget('key')(input, rotated?.replaced),
      before: ({ project, params }) => keys.get(project.id, params.id),
      after: ({ key, replaced }) => ({ key, replaced }),
    },
    run: ({ project, params, body, actor }) =>
      keys.rotate(project.id, { id: params.id, rotation: body }, actor),
  });
