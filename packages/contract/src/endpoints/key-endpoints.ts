import { type Endpoint, inProject, noBody, nothing, oneInProject } from '../endpoint.ts';
import { CreatedKey, Key, KeyList, KeySearch, NewKey } from '../keys.ts';

/** The API keys of a project. */
export const keyEndpoints = {
  listKeys: {
    method: 'GET',
    path: '/api/v1/projects/{project}/keys',
    params: inProject,
    query: KeySearch,
    body: noBody,
    status: 200,
    output: KeyList,
  },
  createKey: {
    method: 'POST',
    path: '/api/v1/projects/{project}/keys',
    params: inProject,
    query: nothing,
    body: NewKey,
    status: 201,
    output: CreatedKey,
  },
  revokeKey: {
    method: 'DELETE',
    path: '/api/v1/projects/{project}/keys/{id}',
    params: oneInProject,
    query: nothing,
    body: noBody,
    status: 200,
    output: Key,
  },
} as const satisfies { [name: string]: Endpoint };
