import { endpoints } from '@app/contract';
import type { Credentials } from '../../../credentials/create-credentials.ts';
import { madeTarget } from '../name-target.ts';
import { projectOperation } from '../operation.ts';

/** Keeps a provider's key. Its secret is in the request and in no answer. */
export const createProviderCredential = (credentials: Credentials) =>
  projectOperation({
    endpoint: endpoints.createProviderCredential,
    permission: 'credentials:write',
    audit: { action: 'credential.create', target: madeTarget('credential') },
    run: ({ project, body, actor }) => credentials.create(project, body, actor),
  });
