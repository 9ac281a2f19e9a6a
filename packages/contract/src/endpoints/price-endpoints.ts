import { type Endpoint, inProject, noBody, nothing, oneInProject } from '../endpoint.ts';
import { NewRepricing, Repricing, RepricingList } from '../prices.ts';

/** What calls cost, and the cost of what was called before. */
export const priceEndpoints = {
  createRepricing: {
    method: 'POST',
    path: '/api/v1/projects/{project}/repricings',
    params: inProject,
    query: nothing,
    body: NewRepricing,
    status: 201,
    output: Repricing,
  },
  listRepricings: {
    method: 'GET',
    path: '/api/v1/projects/{project}/repricings',
    params: inProject,
    query: nothing,
    body: noBody,
    status: 200,
    output: RepricingList,
  },
  getRepricing: {
    method: 'GET',
    path: '/api/v1/projects/{project}/repricings/{id}',
    params: oneInProject,
    query: nothing,
    body: noBody,
    status: 200,
    output: Repricing,
  },
} as const satisfies { [name: string]: Endpoint };
