import { endpoints } from '@app/contract';
import type { Setup } from '../../../identity/create-setup.ts';
import { publicOperation } from '../operation.ts';

/** Whether the installation waits for its first user. */
export const getSetup = (setup: Setup) =>
  publicOperation({
    endpoint: endpoints.getSetup,
    permission: 'anyone',
    run: async () => ({ needed: await setup.isNeeded() }),
  });
