import { endpoints } from '@app/contract';
import type { Credentials } from '../../../credentials/create-credentials.ts';
import { projectOperation } from '../operation.ts';

/** The provider keys that a project uses, its own and the organization's; never their secrets. */
export const listProviderCredentials = (credentials: Credentials) =>
  projectOperation({
    endpoint: endpoints.listProviderCredentials,
    permission: 'credentials:write',
    run: ({ project, actor }) => credentials.list(project, actor),
  });
