import { type Endpoint, inProject, noBody, nothing, oneInProject } from '../endpoint.ts';
import {
  NewProviderCredential,
  ProviderCredential,
  ProviderCredentialChange,
  ProviderCredentialCheck,
  ProviderCredentialList,
} from '../provider-credentials.ts';

/** Providers' keys: written, never read. */
export const credentialEndpoints = {
  listProviderCredentials: {
    method: 'GET',
    path: '/api/v1/projects/{project}/provider-credentials',
    params: inProject,
    query: nothing,
    body: noBody,
    status: 200,
    output: ProviderCredentialList,
  },
  createProviderCredential: {
    method: 'POST',
    path: '/api/v1/projects/{project}/provider-credentials',
    params: inProject,
    query: nothing,
    body: NewProviderCredential,
    status: 201,
    output: ProviderCredential,
  },
  updateProviderCredential: {
    method: 'PATCH',
    path: '/api/v1/projects/{project}/provider-credentials/{id}',
    params: oneInProject,
    query: nothing,
    body: ProviderCredentialChange,
    status: 200,
    output: ProviderCredential,
  },
  deleteProviderCredential: {
    method: 'DELETE',
    path: '/api/v1/projects/{project}/provider-credentials/{id}',
    params: oneInProject,
    query: nothing,
    body: noBody,
    status: 200,
    output: ProviderCredential,
  },
  checkProviderCredential: {
    method: 'POST',
    path: '/api/v1/projects/{project}/provider-credentials/{id}/check',
    params: oneInProject,
    query: nothing,
    body: noBody,
    status: 200,
    output: ProviderCredentialCheck,
  },
} as const satisfies { [name: string]: Endpoint };
