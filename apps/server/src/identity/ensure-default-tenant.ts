import type { Project, RelationalStore } from '@app/store';

export type DefaultTenantDeps = {
  tenants: Pick<
    RelationalStore['tenants'],
    'findOrganizationBySlug' | 'insertOrganization' | 'findProjectBySlug' | 'insertProject'
  >;
  newId: (prefix: 'org_' | 'proj_') => string;
  nowMs: () => number;
  /** What the first project keeps of a call. */
  capture: 'full' | 'redacted' | 'metadata';
};

/**
 * The organization and the project that are there from the first start, so that keys can be made before anybody
 * has signed in. Servers that start at once agree on the same.
 */
export async function ensureDefaultTenant(deps: DefaultTenantDeps): Promise<Project> {
  const { tenants, newId, nowMs, capture } = deps;
  const created = { slug: 'default', name: 'Default', createdAtMs: nowMs() };
  const findOrganization = () => tenants.findOrganizationBySlug({ slug: 'default' });
  let organization = await findOrganization();
  if (organization === undefined) {
    await tenants.insertOrganization({ ...created, id: newId('org_') });
    organization = await findOrganization();
  }
  if (organization === undefined) throw new Error('The default organization was made and is not there.');
  const { id } = organization;
  const findProject = () => tenants.findProjectBySlug(id, { slug: 'default' });
  const found = await findProject();
  if (found !== undefined) return found;
  await tenants.insertProject(id, { ...created, id: newId('proj_'), capture });
  const made = await findProject();
  if (made === undefined) throw new Error('The default project was made and is not there.');
  return made;
}
