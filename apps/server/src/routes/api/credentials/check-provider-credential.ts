import { endpoints } from '@app/contract';
import type { Credentials } from '../../../credentials/create-credentials.ts';
import { pathTarget } from '../name-target.ts';
import { projectOperation } from '../operation.ts';

/** Asks the provider whether it takes a key. */
export const checkProviderCredential = (credentials: Credentials) =>
  projectOperation({
    endpoint: endpoints.checkProviderCredential,
    permission: 'credentials:write',
    audit: { action: 'credential.check', target: (input) => pathTarget('credential')(input) },
    run: ({ project, params, actor }) => credentials.check(project, params, actor),
  });
