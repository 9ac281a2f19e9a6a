import { endpoints } from '@app/contract';
import type { Keys } from '../../../keys/create-keys.ts';
import { pathTarget } from '../name-target.ts';
import { projectOperation } from '../operation.ts';

/** Changes what a key may do, or what it is called. */
export const changeKey = (keys: Keys) =>
  projectOperation({
    endpoint: endpoints.changeKey,
    permission: 'keys:write',
    audit: {
      action: 'key.change',
      target: pathTarget('key'),
      before: ({ project, params }) => keys.get(project.id, params.id),
    },
    run: ({ project, params, body, actor }) =>
      keys.change(project.id, { id: params.id, change: body }, actor),
  });
