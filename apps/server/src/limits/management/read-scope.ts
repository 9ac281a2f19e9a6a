import type { LimitScope } from '@app/contract';
import type { RelationalStore } from '@app/store';
import { invalid, type LimitPlace } from './limit-place.ts';

export type ScopeDeps = {
  tenants: Pick<RelationalStore['tenants'], 'findProject' | 'findProjectBySlug'>;
  limits: Pick<RelationalStore['limits'], 'findOrganizationKey'>;
};

const TAG_MAX = 64;
const MODEL_MAX = 200;

/**
 * A scope as it is kept: what it names is there and belongs to the place. Throws a 400 that says what to name instead. A
 * thing of somebody else's is the same as one that is not there.
 */
export async function readScope(deps: ScopeDeps, place: LimitPlace, scope: LimitScope): Promise<LimitScope> {
  const { kind, id } = scope;
  switch (kind) {
    case 'organization':
      return readOrganization(place, id);
    case 'project':
      return { kind, id: await readProject(deps, place, id) };
    case 'key':
      return { kind, id: await readKey(deps, place, id) };
    case 'tag':
      if (id.length > TAG_MAX)
        throw invalid('scope.id', `scope.id: a tag has at most ${TAG_MAX} characters.`);
      break;
    case 'model':
      if (id.length > MODEL_MAX)
        throw invalid('scope.id', `scope.id: a model's name has at most ${MODEL_MAX} characters.`);
      break;
    case 'user':
      break;
  }
  if (id.includes('\0') || !id.isWellFormed())
    throw invalid('scope.id', 'scope.id holds a character that cannot be kept.');
  return { kind, id };
}

function readOrganization({ organizationId, projectId }: LimitPlace, id: string): LimitScope {
  if (projectId !== undefined) {
    throw invalid(
      'scope.kind',
      'scope.kind: in a project it is project, key, user, model or tag. What holds for the whole organization is made at /api/v1/organizations/{organization}/limits and .../budgets.',
    );
  }
  if (id !== '*' && id !== organizationId)
    throw invalid('scope.id', 'scope.id: leave it out, or name this organization by its id.');
  return { kind: 'organization', id: organizationId };
}

async function readProject({ tenants }: ScopeDeps, place: LimitPlace, name: string): Promise<string> {
  if (place.projectId !== undefined && name === '*') return place.projectId;
  if (name === '*') return name;
  const named = await tenants.findProject(name);
  const found =
    named?.organizationId === place.organizationId
      ? named
      : await tenants.findProjectBySlug(place.organizationId, { slug: name });
  if (found === undefined || (place.projectId !== undefined && found.id !== place.projectId)) {
    throw invalid(
      'scope.id',
      place.projectId === undefined
        ? 'scope.id: there is no such project in this organization. Name one by its slug or id, or use * for each.'
        : 'scope.id: leave it out, because a limit of a project counts that project.',
    );
  }
  return found.id;
}

async function readKey({ limits }: ScopeDeps, place: LimitPlace, id: string): Promise<string> {
  if (id === '*') return id;
  const found = await limits.findOrganizationKey(place.organizationId, { id });
  if (found !== undefined && (place.projectId === undefined || found.projectId === place.projectId))
    return id;
  throw invalid(
    'scope.id',
    'scope.id: there is no such key here. Name one by its id (key_...), or use * for each key.',
  );
}
