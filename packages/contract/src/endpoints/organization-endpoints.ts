import { z } from 'zod';
import { type Endpoint, inProject, noBody, nothing } from '../endpoint.ts';
import {
  NewOrganization,
  NewProject,
  Organization,
  OrganizationChange,
  OrganizationList,
  OwnOrganization,
  Project,
  ProjectChange,
  ProjectList,
} from '../organizations.ts';

/** The organization that a path names: a slug or an id. */
const inOrganization = z.strictObject({ organization: z.string().min(1).max(64) });

/** Organizations and their projects. */
export const organizationEndpoints = {
  listOrganizations: {
    method: 'GET',
    path: '/api/v1/organizations',
    params: nothing,
    query: nothing,
    body: noBody,
    status: 200,
    output: OrganizationList,
  },
  createOrganization: {
    method: 'POST',
    path: '/api/v1/organizations',
    params: nothing,
    query: nothing,
    body: NewOrganization,
    status: 201,
    output: OwnOrganization,
  },
  getOrganization: {
    method: 'GET',
    path: '/api/v1/organizations/{organization}',
    params: inOrganization,
    query: nothing,
    body: noBody,
    status: 200,
    output: Organization,
  },
  updateOrganization: {
    method: 'PATCH',
    path: '/api/v1/organizations/{organization}',
    params: inOrganization,
    query: nothing,
    body: OrganizationChange,
    status: 200,
    output: Organization,
  },
  listProjects: {
    method: 'GET',
    path: '/api/v1/organizations/{organization}/projects',
    params: inOrganization,
    query: nothing,
    body: noBody,
    status: 200,
    output: ProjectList,
  },
  createProject: {
    method: 'POST',
    path: '/api/v1/organizations/{organization}/projects',
    params: inOrganization,
    query: nothing,
    body: NewProject,
    status: 201,
    output: Project,
  },
  getProject: {
    method: 'GET',
    path: '/api/v1/projects/{project}',
    params: inProject,
    query: nothing,
    body: noBody,
    status: 200,
    output: Project,
  },
  updateProject: {
    method: 'PATCH',
    path: '/api/v1/projects/{project}',
    params: inProject,
    query: nothing,
    body: ProjectChange,
    status: 200,
    output: Project,
  },
} as const satisfies { [name: string]: Endpoint };
