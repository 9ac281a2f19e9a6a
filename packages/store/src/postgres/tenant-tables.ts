import type { Postgres } from './open-postgres.ts';
import { countOwners } from './queries/count-owners.ts';
import { countUsers } from './queries/count-users.ts';
import { findMembership } from './queries/find-membership.ts';
import { findOrganization } from './queries/find-organization.ts';
import { findOrganizationBySlug } from './queries/find-organization-by-slug.ts';
import { findOrganizationOfUser } from './queries/find-organization-of-user.ts';
import { findProject } from './queries/find-project.ts';
import { findProjectBySlug } from './queries/find-project-by-slug.ts';
import { findUserByEmail } from './queries/find-user-by-email.ts';
import { insertMembership } from './queries/insert-membership.ts';
import { insertOrganization } from './queries/insert-organization.ts';
import { insertOwnedOrganization } from './queries/insert-owned-organization.ts';
import { insertProject } from './queries/insert-project.ts';
import { listNamedProjectsOfUser } from './queries/list-named-projects-of-user.ts';
import { listOrganizations } from './queries/list-organizations.ts';
import { listOrganizationsOfUser } from './queries/list-organizations-of-user.ts';
import { listProjects } from './queries/list-projects.ts';
import { listProjectsOfUser } from './queries/list-projects-of-user.ts';
import { updateOrganization } from './queries/update-organization.ts';
import { updateProject } from './queries/update-project.ts';
import { updateProjectCapture } from './queries/update-project-capture.ts';

/** Organizations, their projects and who belongs to them. */
export function tenantTables(postgres: Postgres) {
  return {
    tenants: {
      findOrganization: findOrganization(postgres),
      findUserByEmail: findUserByEmail(postgres),
      insertOwnedOrganization: insertOwnedOrganization(postgres),
      findOrganizationOfUser: findOrganizationOfUser(postgres),
      listNamedProjectsOfUser: listNamedProjectsOfUser(postgres),
      listOrganizations: listOrganizations(postgres),
      listOrganizationsOfUser: listOrganizationsOfUser(postgres),
      listProjects: listProjects(postgres),
      updateOrganization: updateOrganization(postgres),
      updateProject: updateProject(postgres),
      insertOrganization: insertOrganization(postgres),
      findOrganizationBySlug: findOrganizationBySlug(postgres),
      insertProject: insertProject(postgres),
      findProject: findProject(postgres),
      findProjectBySlug: findProjectBySlug(postgres),
      listProjectsOfUser: listProjectsOfUser(postgres),
      updateProjectCapture: updateProjectCapture(postgres),
      insertMembership: insertMembership(postgres),
      findMembership: findMembership(postgres),
      countOwners: countOwners(postgres),
      countUsers: countUsers(postgres),
    },
  };
}
