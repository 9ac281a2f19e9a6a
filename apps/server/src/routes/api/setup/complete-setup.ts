import { endpoints } from '@app/contract';
import type { Setup } from '../../../identity/create-setup.ts';
import { publicOperation } from '../operation.ts';

/** Makes the first user. The token of the set-up link is the credential. */
export const completeSetup = (setup: Setup) =>
  publicOperation({
    endpoint: endpoints.completeSetup,
    permission: 'anyone',
    audit: {
      action: 'setup.complete',
      after: (_done, { body }) => ({ name: body.name, email: body.email }),
    },
    run: async ({ body }) => {
      await setup.complete(body);
      return { needed: false };
    },
  });
