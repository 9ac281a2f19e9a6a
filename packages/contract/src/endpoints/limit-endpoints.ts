import type { z } from 'zod';
import {
  type Endpoint,
  inOrganization,
  inProject,
  noBody,
  nothing,
  oneInOrganization,
  oneInProject,
} from '../endpoint.ts';
import { Limit, LimitChange, LimitList, LimitSearch, NewLimit } from '../limits.ts';

const ofProject = endpointsAt('/api/v1/projects/{project}/limits', inProject, oneInProject);
const ofOrganization = endpointsAt(
  '/api/v1/organizations/{organization}/limits',
  inOrganization,
  oneInOrganization,
);

/** The limits of a project, and those over a whole organization. */
export const limitEndpoints = {
  listLimits: ofProject.list,
  createLimit: ofProject.create,
  getLimit: ofProject.get,
  updateLimit: ofProject.update,
  deleteLimit: ofProject.delete,
  listOrganizationLimits: ofOrganization.list,
  createOrganizationLimit: ofOrganization.create,
  getOrganizationLimit: ofOrganization.get,
  updateOrganizationLimit: ofOrganization.update,
  deleteOrganizationLimit: ofOrganization.delete,
} as const satisfies { [name: string]: Endpoint };

function endpointsAt<In extends z.ZodType, One extends z.ZodType>(
  path: `/api/v1/${string}`,
  inside: In,
  one: One,
) {
  const onAll = { path, params: inside } as const;
  const onOne = { path: `${path}/{id}`, params: one, query: nothing, status: 200, output: Limit } as const;
  return {
    list: { ...onAll, method: 'GET', query: LimitSearch, body: noBody, status: 200, output: LimitList },
    create: { ...onAll, method: 'POST', query: nothing, body: NewLimit, status: 201, output: Limit },
    get: { ...onOne, method: 'GET', body: noBody },
    update: { ...onOne, method: 'PATCH', body: LimitChange },
    delete: { ...onOne, method: 'DELETE', body: noBody },
  } as const;
}
