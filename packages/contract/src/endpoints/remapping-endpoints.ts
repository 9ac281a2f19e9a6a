import { type Endpoint, inProject, noBody, nothing, oneInProject } from '../endpoint.ts';
import { NewRemapping, Remapping, RemappingList } from '../remappings.ts';

/** Received spans that are read anew. */
export const remappingEndpoints = {
  createRemapping: {
    method: 'POST',
    path: '/api/v1/projects/{project}/remappings',
    params: inProject,
    query: nothing,
    body: NewRemapping,
    status: 201,
    output: Remapping,
  },
  listRemappings: {
    method: 'GET',
    path: '/api/v1/projects/{project}/remappings',
    params: inProject,
    query: nothing,
    body: noBody,
    status: 200,
    output: RemappingList,
  },
  getRemapping: {
    method: 'GET',
    path: '/api/v1/projects/{project}/remappings/{id}',
    params: oneInProject,
    query: nothing,
    body: noBody,
    status: 200,
    output: Remapping,
  },
} as const satisfies { [name: string]: Endpoint };
