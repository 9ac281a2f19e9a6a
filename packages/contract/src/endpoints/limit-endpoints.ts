import { type Endpoint, inProject, noBody, nothing, oneInProject } from '../endpoint.ts';
import { Limit, LimitChange, LimitList, LimitSearch, NewLimit } from '../limits.ts';

/** The limits of a project. */
export const limitEndpoints = {
  listLimits: {
    method: 'GET',
    path: '/api/v1/projects/{project}/limits',
    params: inProject,
    query: LimitSearch,
    body: noBody,
    status: 200,
    output: LimitList,
  },
  createLimit: {
    method: 'POST',
    path: '/api/v1/projects/{project}/limits',
    params: inProject,
    query: nothing,
    body: NewLimit,
    status: 201,
    output: Limit,
  },
  getLimit: {
    method: 'GET',
    path: '/api/v1/projects/{project}/limits/{id}',
    params: oneInProject,
    query: nothing,
    body: noBody,
    status: 200,
    output: Limit,
  },
  updateLimit: {
    method: 'PATCH',
    path: '/api/v1/projects/{project}/limits/{id}',
    params: oneInProject,
    query: nothing,
    body: LimitChange,
    status: 200,
    output: Limit,
  },
  deleteLimit: {
    method: 'DELETE',
    path: '/api/v1/projects/{project}/limits/{id}',
    params: oneInProject,
    query: nothing,
    body: noBody,
    status: 200,
    output: Limit,
  },
} as const satisfies { [name: string]: Endpoint };
