import { endpoints } from '@app/contract';
import type { Setup } from '../../../identity/create-setup.ts';
import { publicOperation } from '../operation.ts';

/** Makes the first user. The token of the set-up link is the credential. */
export const completeSetup = (setup: Setup) =>
  publicOperation({
    endpoint: endpoints.completeSetup,
    permission: 'anyone',
    run: async ({ body }) => {
      await setup.complete(body);
      return { needed: false };
    },
  });
