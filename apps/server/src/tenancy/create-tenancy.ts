import type {
  NewOrganization,
  NewProject,
  OrganizationChange,
  Organization as ShownOrganization,
  Project as ShownProject,
} from '@app/contract';
import { GatewayError } from '@app/protocol';
import type { Organization, ProjectDetails, RelationalStore } from '@app/store';
import { parseZone } from './parse-zone.ts';
import { slugOf } from './slug-of.ts';

export type TenancyDeps = {
  tenants: Pick<
    RelationalStore['tenants'],
    | 'insertOrganization'
    | 'insertOwnedOrganization'
    | 'insertProject'
    | 'listOrganizationsOfUser'
    | 'listProjects'
    | 'updateOrganization'
    | 'updateProject'
  >;
  newId: (prefix: 'org_' | 'proj_') => string;
  /** For a name in addresses that is taken: a few letters and digits. */
  newSuffix: () => string;
  nowMs: () => number;
  /** What a new project keeps of its calls. */
  capture: ShownProject['capture'];
  /** Who may make organizations: people who own one, or everybody who is signed in. */
  creators: 'owners' | 'everyone';
};

export type Tenancy = {
  /** For somebody who is signed in, who becomes its owner. Throws where the setting does not let them. */
  createOwn(userId: string, asked: NewOrganization): Promise<ShownOrganization & { role: string }>;
  /** For whoever has the whole installation; nobody belongs to it until somebody is put in. */
  create(asked: NewOrganization, ownerId?: string): Promise<ShownOrganization>;
  change(organizationId: string, change: OrganizationChange): Promise<ShownOrganization>;
  createProject(organizationId: string, asked: NewProject): Promise<ShownProject>;
  listProjects(organizationId: string): Promise<ShownProject[]>;
  getProject(project: { id: string; organizationId: string }): Promise<ShownProject>;
  changeProject(projectId: string, change: ProjectChange): Promise<ShownProject>;
};

type ProjectChange = { name?: string | undefined; capture?: ShownProject['capture'] | undefined };

const OF_PERSON_MAX = 100;
const PROJECTS_MAX = 1_000;
const TRIES = 5;

/** Organizations and their projects, as the REST interface and the command line change them. */
export function createTenancy(deps: TenancyDeps): Tenancy {
  const { tenants, nowMs, newId } = deps;
  const create = async (asked: NewOrganization, ownerId: string | undefined) => {
    const made = { id: newId('org_'), name: asked.name, zone: zoneOf(asked.zone), createdAtMs: nowMs() };
    const insert = (slug: string) =>
      ownerId === undefined
        ? tenants.insertOrganization({ ...made, slug })
        : tenants.insertOwnedOrganization({ ...made, slug, ownerId });
    const slug = await withSlug(deps, { ...asked, fallback: 'organization' }, insert);
    return showOrganization({ ...made, slug });
  };
  return {
    createOwn: async (userId, asked) => {
      const own = await tenants.listOrganizationsOfUser(userId);
      if (deps.creators === 'owners' && !own.some(({ role }) => role === 'owner')) throw mayNotCreate();
      if (own.length >= OF_PERSON_MAX)
        throw conflict(`You belong to ${own.length} organizations, which is as many as one can.`);
      return { ...(await create(asked, userId)), role: 'owner' };
    },
    create,
    change: async (organizationId, { name, zone }) => {
      const change = { name, zone: zone === undefined ? undefined : zoneOf(zone) };
      const changed = await tenants.updateOrganization(organizationId, change);
      if (changed === undefined) throw absent('organization');
      return showOrganization(changed);
    },
    createProject: async (organizationId, { name, slug: given, capture = deps.capture }) => {
      if ((await tenants.listProjects(organizationId)).length >= PROJECTS_MAX) {
        throw conflict(`The organization has ${PROJECTS_MAX} projects, which is as many as it may have.`);
      }
      const made = { id: newId('proj_'), name, capture, createdAtMs: nowMs() };
      const insert = (slug: string) => tenants.insertProject(organizationId, { ...made, slug });
      const slug = await withSlug(deps, { name, slug: given, fallback: 'project' }, insert);
      return showProject({ ...made, slug, organizationId });
    },
    listProjects: async (organizationId) => (await tenants.listProjects(organizationId)).map(showProject),
    getProject: async ({ id, organizationId }) => {
      const found = (await tenants.listProjects(organizationId)).find((each) => each.id === id);
      if (found === undefined) throw absent('project');
      return showProject(found);
    },
    changeProject: async (projectId, change) => {
      const changed = await tenants.updateProject(projectId, change);
      if (changed === undefined) throw absent('project');
      return showProject(changed);
    },
  };
}

type Named = { name: string; slug?: string | undefined; fallback: string };

/** A name in addresses that was asked for is that one or none; one that we make up gets out of the way. */
async function withSlug(
  { newSuffix }: TenancyDeps,
  { name, slug, fallback }: Named,
  insert: (slug: string) => Promise<boolean>,
): Promise<string> {
  if (slug !== undefined) {
    if (await insert(slug)) return slug;
    throw conflict(`The name "${slug}" is taken in addresses. Choose another \`slug\`.`);
  }
  const base = slugOf(name, fallback);
  for (let at = 0; at < TRIES; at += 1) {
    const tried = at === 0 ? base : `${base}-${newSuffix()}`;
    if (await insert(tried)) return tried;
  }
  throw conflict('No free name for addresses was found. Choose a `slug`.');
}

function zoneOf(text: string | undefined): string {
  if (text === undefined) return 'UTC';
  const zone = parseZone(text);
  if (zone !== undefined) return zone;
  const message = '`zone` must be the IANA name of a time zone, such as Europe/Berlin or UTC.';
  throw new GatewayError('invalid_parameter', message, { param: 'zone', retryable: false });
}

export function showOrganization({ id, slug, name, zone, createdAtMs }: Organization): ShownOrganization {
  return { id, slug, name, zone, created_at: new Date(createdAtMs).toISOString() };
}

function showProject({ id, organizationId, slug, name, capture, createdAtMs }: ProjectDetails): ShownProject {
  const created_at = new Date(createdAtMs).toISOString();
  return { id, organization_id: organizationId, slug, name, capture, created_at };
}

function mayNotCreate(): GatewayError {
  const message =
    'Only who owns an organization here may make another. Ask an owner, or the operator of this server.';
  return new GatewayError('insufficient_permissions', message, { retryable: false });
}

function conflict(message: string): GatewayError {
  return new GatewayError('conflict', message, { retryable: false });
}

function absent(noun: string): GatewayError {
  return new GatewayError('not_found', `There is no such ${noun}.`, { retryable: false });
}
