import type { Credentials } from '../../../credentials/create-credentials.ts';
import type { Operation } from '../operation.ts';
import { checkProviderCredential } from './check-provider-credential.ts';
import { createProviderCredential } from './create-provider-credential.ts';
import { deleteProviderCredential } from './delete-provider-credential.ts';
import { listProviderCredentials } from './list-provider-credentials.ts';
import { updateProviderCredential } from './update-provider-credential.ts';

/** Everything that can be done with providers' keys. */
export function credentialOperations(credentials: Credentials): Operation[] {
  return [
    listProviderCredentials(credentials),
    createProviderCredential(credentials),
    updateProviderCredential(credentials),
    deleteProviderCredential(credentials),
    checkProviderCredential(credentials),
  ];
}
