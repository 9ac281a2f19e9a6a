import { endpoints } from '@app/contract';
import type { Credentials } from '../../../credentials/create-credentials.ts';
import { projectOperation } from '../operation.ts';

/** Asks the provider whether it takes a key. */
export const checkProviderCredential = (credentials: Credentials) =>
  projectOperation({
    endpoint: endpoints.checkProviderCredential,
    permission: 'credentials:write',
    run: ({ project, params, actor }) => credentials.check(project, params, actor),
  });
