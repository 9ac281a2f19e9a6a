import { endpoints } from '@app/contract';
import type { Credentials } from '../../../credentials/create-credentials.ts';
import { pathTarget } from '../name-target.ts';
import { projectOperation } from '../operation.ts';

/** Changes a provider key; a new secret takes the old one's place at once. */
export const updateProviderCredential = (credentials: Credentials) =>
  projectOperation({
    endpoint: endpoints.updateProviderCredential,
    permission: 'credentials:write',
    audit: {
      action: 'credential.change',
      target: pathTarget('credential'),
      before: async ({ project, params, actor }) =>
        (await credentials.list(project, actor)).data.find(({ id }) => id === params.id),
    },
    run: ({ project, params, body, actor }) => credentials.change(project, { ...body, id: params.id }, actor),
  });
