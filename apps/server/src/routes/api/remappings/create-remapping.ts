import { endpoints } from '@app/contract';
import type { StoredRemapping } from '@app/store';
import type { Remappings } from '../../../remappings/create-remappings.ts';
import { showRemapping } from '../../../remappings/show-remapping.ts';
import { projectOperation } from '../operation.ts';

/** Begins to read a range of received spans anew; the answer tells how to follow it. */
export const createRemapping = (remappings: Remappings, add: (begun: StoredRemapping) => void) =>
  projectOperation({
    endpoint: endpoints.createRemapping,
    permission: 'settings:write',
    audit: {
      action: 'remapping.create',
      target: (_input, begun) => begun && { kind: 'remapping', id: begun.id, name: null },
    },
    run: async ({ project, body, actor }) => {
      const begun = await remappings.begin(project, { ...body, requestedBy: actor.id });
      add(begun);
      return showRemapping(begun);
    },
  });
