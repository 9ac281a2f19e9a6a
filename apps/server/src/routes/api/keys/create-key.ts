import { endpoints } from '@app/contract';
import type { Keys } from '../../../keys/create-keys.ts';
import { madeTarget } from '../name-target.ts';
import { projectOperation } from '../operation.ts';

/** Makes a key. The answer is the only one that ever holds its secret. */
export const createKey = (keys: Keys) =>
  projectOperation({
    endpoint: endpoints.createKey,
    permission: 'keys:write',
    audit: {
      action: 'key.create',
      target: (input, made) => madeTarget('key')(input, made?.key),
      after: ({ key }) => key,
    },
    run: ({ project, body, actor }) => keys.create(project, body, actor),
  });
