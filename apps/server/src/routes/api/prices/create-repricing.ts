import { endpoints } from '@app/contract';
import type { StoredRepricing } from '@app/store';
import type { Repricings } from '../../../prices/create-repricings.ts';
import { showRepricing } from '../../../prices/show-repricing.ts';
import { projectOperation } from '../operation.ts';

/** Begins to price a range of calls again; the answer tells how to follow it. */
export const createRepricing = (repricings: Repricings, add: (begun: StoredRepricing) => void) =>
  projectOperation({
    endpoint: endpoints.createRepricing,
    permission: 'settings:write',
    audit: {
      action: 'repricing.create',
      target: (_input, begun) => begun && { kind: 'repricing', id: begun.id, name: null },
    },
    run: async ({ project, body, actor }) => {
      const begun = await repricings.begin(project, { ...body, requestedBy: actor.id });
      add(begun);
      return showRepricing(begun);
    },
  });
