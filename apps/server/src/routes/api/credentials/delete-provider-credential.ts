import { endpoints } from '@app/contract';
import type { Credentials } from '../../../credentials/create-credentials.ts';
import { projectOperation } from '../operation.ts';

/** Throws a provider key away, for good. */
export const deleteProviderCredential = (credentials: Credentials) =>
  projectOperation({
    endpoint: endpoints.deleteProviderCredential,
    permission: 'credentials:write',
    run: ({ project, params, actor }) => credentials.remove(project, params, actor),
  });
