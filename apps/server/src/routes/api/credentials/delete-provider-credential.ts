import { endpoints } from '@app/contract';
import type { Credentials } from '../../../credentials/create-credentials.ts';
import { pathTarget } from '../name-target.ts';
import { projectOperation } from '../operation.ts';

/** Throws a provider key away, for good. */
export const deleteProviderCredential = (credentials: Credentials) =>
  projectOperation({
    endpoint: endpoints.deleteProviderCredential,
    permission: 'credentials:write',
    audit: {
      action: 'credential.delete',
      target: pathTarget('credential'),
      before: async ({ project, params, actor }) =>
        (await credentials.list(project, actor)).data.find(({ id }) => id === params.id),
      after: () => null,
    },
    run: ({ project, params, actor }) => credentials.remove(project, params, actor),
  });
