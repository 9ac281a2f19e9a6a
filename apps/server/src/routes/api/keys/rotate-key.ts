import { endpoints } from '@app/contract';
import type { Keys } from '../../../keys/create-keys.ts';
import { projectOperation } from '../operation.ts';

/** Puts a new key in a key's place; both work until the overlap ends. The answer is the only one that ever holds the new secret. */
export const rotateKey = (keys: Keys) =>
  projectOperation({
    endpoint: endpoints.rotateKey,
    permission: 'keys:write',
    run: ({ project, params, body, actor }) =>
      keys.rotate(project.id, { id: params.id, rotation: body }, actor),
  });
