import type { Permission } from '@app/contract';
import type { Principal } from '@app/gateway';
import { GatewayError } from '@app/protocol';
import type { AccessPolicy, OrganizationOfUser, Project, RelationalStore } from '@app/store';
import { findSecret } from '../../http/find-secret.ts';
import type { FindSession, SessionUser } from '../../identity/create-find-session.ts';
import { rolePermissions } from '../../identity/role-permissions.ts';
import { findOwnOrigin, isSameOrigin, type RequestSource, type Site } from '../../identity/site.ts';
import { findNeed, sayNeed } from '../../members/find-need.ts';
import type { Actor, ApiRequest } from './operation.ts';

export type AccessDeps = {
  findPrincipal: (digest: string) => Principal | undefined;
  digest: (text: string) => string;
  findSession: FindSession;
  tenants: Pick<
    RelationalStore['tenants'],
    'listNamedProjectsOfUser' | 'findOrganizationOfUser' | 'findProject'
  >;
  site: Site;
  nowMs: () => number;
  /** Notes that a key was used, without waiting. */
  noteUse: (keyId: string, ip: string) => void;
  /** Notes that somebody is at work in an organization, without waiting. */
  noteActivity: (organizationId: string, userId: string) => void;
};

/** Who may come in, and where. Everything it refuses is a `GatewayError`; what it does not allow is refused. */
export type Access = {
  /** For one project: the one that the path names, or the key's own where it names none. */
  enterProject(
    request: ApiRequest,
    permission: Permission,
  ): Promise<{ actor: Actor; project: Project; setCookies: readonly string[] }>;
  /** For one organization, which the path names: only people who belong to it. */
  enterOrganization(
    request: ApiRequest,
    permission: Permission,
  ): Promise<{ actor: Actor; organization: OrganizationOfUser; setCookies: readonly string[] }>;
  /** For whoever is signed in. */
  enterSession(request: ApiRequest): Promise<{ user: SessionUser; setCookies: readonly string[] }>;
  /** Refuses a request that was meant for another name than ours. */
  checkHost(request: ApiRequest): void;
};

export function createAccess(deps: AccessDeps): Access {
  return {
    enterProject: async (request, permission) => {
      const secret = findSecret(request.headers);
      if (secret !== undefined) {
        const principal = identifyKey(deps, secret, request);
        return { ...(await enterWithKey(deps, principal, { request, permission })), setCookies: [] };
      }
      const { user, setCookies } = await identifyUser(deps, request);
      return { ...(await enterAsUser(deps, user, { request, permission })), setCookies };
    },
    enterOrganization: async (request, permission) => {
      const { user, setCookies } = await identifyPerson(deps, request);
      return { ...(await enterOrganization(deps, user, { request, permission })), setCookies };
    },
    enterSession: (request) => identifyPerson(deps, request),
    checkHost: (request) => checkHost(deps, request),
  };
}

const NO_RETRY = { retryable: false };

/** Somebody who is signed in; a key is told that it is not one. */
async function identifyPerson(deps: AccessDeps, request: ApiRequest) {
  const secret = findSecret(request.headers);
  if (secret === undefined) return identifyUser(deps, request);
  identifyKey(deps, secret, request);
  const message = 'This is for people who signed in, not for keys.';
  throw new GatewayError('key_kind_not_allowed', message, NO_RETRY);
}

async function enterOrganization(deps: AccessDeps, user: SessionUser, { request, permission }: Wanted) {
  request.seen.actor = personOf(user, new Set());
  const name = param(request, 'organization') ?? '';
  const organization = await deps.tenants.findOrganizationOfUser(user.id, { name });
  // The same for one that is not there and one that is somebody else's.
  if (organization === undefined) {
    throw new GatewayError('not_found', 'There is no such organization.', NO_RETRY);
  }
  const { role, policy } = organization;
  const actor = letIn(deps, user, { request, permission, role, policy, organizationId: organization.id });
  return { actor, organization };
}

type Place = { role: string; policy: AccessPolicy; organizationId: string; projectId?: string };

/** What somebody is in a place of theirs. Throws where they came in another way than it demands, or may not do this. */
function letIn(deps: AccessDeps, user: SessionUser, wanted: Wanted & Place): Actor {
  const { request, permission, role, policy, organizationId, projectId } = wanted;
  const permissions = rolePermissions(role);
  const actor: Actor = { ...personOf(user, permissions), role };
  request.seen = { actor, organizationId, ...(projectId === undefined ? {} : { projectId }) };
  const need = findNeed(policy, user);
  if (need !== undefined) throw new GatewayError('insufficient_permissions', sayNeed(need), NO_RETRY);
  if (!permissions.has(permission)) throw notPermitted(permission);
  deps.noteActivity(organizationId, user.id);
  return actor;
}

function personOf(user: SessionUser, permissions: ReadonlySet<Permission>): Actor {
  const { id, email, sessionId, method, twoFactor } = user;
  return { kind: 'user', id, permissions, mode: 'live', label: email, sessionId, method, twoFactor };
}

/**
 * Whose key it is. One that is malformed, unknown, revoked or expired takes the same operations (one digest, one look-up,
 * one look at the clock) and meets the same 401.
 */
function identifyKey(deps: AccessDeps, secret: string, request: ApiRequest): Principal {
  const principal = deps.findPrincipal(deps.digest(secret.length > SECRET_CHARS_MAX ? '' : secret));
  const nowMs = deps.nowMs();
  if (principal === undefined || (principal.expiresAtMs ?? Number.POSITIVE_INFINITY) <= nowMs) {
    throw new GatewayError('invalid_api_key', 'Invalid API key provided', NO_RETRY);
  }
  if (principal.allowed?.hasAddress?.(request.ip) === false) {
    const message = `This key cannot be used from the address ${request.ip}.`;
    throw new GatewayError('ip_not_allowed', message, NO_RETRY);
  }
  deps.noteUse(principal.keyId, request.ip);
  if (principal.kind === 'ingest') {
    throw new GatewayError(
      'key_kind_not_allowed',
      'An ingest key can send traces and nothing else.',
      NO_RETRY,
    );
  }
  return principal;
}

/** Longer than any key; what exceeds it is not hashed, so that a header bomb costs no more than a key. */
const SECRET_CHARS_MAX = 256;

type Wanted = { request: ApiRequest; permission: Permission };

async function enterWithKey(deps: AccessDeps, principal: Principal, { request, permission }: Wanted) {
  const { keyId: id, keyName, permissions, mode, organizationId, projectId } = principal;
  const named = keyName === undefined ? {} : { label: keyName };
  const actor: Actor = { kind: 'key', id, permissions, mode, ...named };
  request.seen = { actor, organizationId, projectId };
  if (!permissions.has(permission)) throw notPermitted(permission);
  const project = await deps.tenants.findProject(principal.projectId);
  const asked = projectParam(request);
  if (project === undefined || (asked !== undefined && asked !== project.id && asked !== project.slug)) {
    throw noProject();
  }
  return { actor, project };
}

async function enterAsUser(deps: AccessDeps, user: SessionUser, { request, permission }: Wanted) {
  request.seen.actor = personOf(user, new Set());
  const asked = projectParam(request);
  if (asked === undefined) {
    const message =
      'This address belongs to the project of a key. Signed in, name the project: /api/v1/projects/{project}/...';
    throw new GatewayError('insufficient_permissions', message, NO_RETRY);
  }
  const named = await deps.tenants.listNamedProjectsOfUser(user.id, { name: asked });
  const project = findNamed(named, asked);
  if (project === undefined) throw noProject();
  const { role, policy, organizationId, id: projectId } = project;
  const actor = letIn(deps, user, { request, permission, role, policy, organizationId, projectId });
  return { actor, project };
}

async function identifyUser(deps: AccessDeps, request: ApiRequest) {
  const session = await deps.findSession(request.headers);
  if (session !== undefined) request.seen.actor = personOf(session.user, new Set());
  if (session === undefined) {
    throw new GatewayError('invalid_api_key', 'Sign in, or send a key as "Authorization: Bearer".', NO_RETRY);
  }
  checkHost(deps, request);
  // Browsers send the cookie with whatever page asks; only what our own pages send may change something.
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  const source = sourceOf(request);
  // A link elsewhere would have them begin exports, which take a place and are written down as theirs.
  const isElsewhere = ['cross-site', 'same-site'].includes(source.secFetchSite ?? '');
  if (isRead ? isElsewhere : !isSameOrigin(deps.site, source)) {
    throw new GatewayError(
      'insufficient_permissions',
      'The request came from a page of another site.',
      NO_RETRY,
    );
  }
  return session;
}

function checkHost(deps: AccessDeps, request: ApiRequest): void {
  if (findOwnOrigin(deps.site, sourceOf(request)) !== undefined) return;
  const message =
    'This server does not answer to that host name. Set TOKENROUTER_PUBLIC_URL to the address that is used.';
  throw new GatewayError('insufficient_permissions', message, NO_RETRY);
}

/** The headers of a request that tell where it came from and whom it wanted. */
export function sourceOf({ headers, isTls }: Pick<ApiRequest, 'headers' | 'isTls'>): RequestSource {
  return {
    host: single(headers.host),
    origin: single(headers.origin),
    secFetchSite: single(headers['sec-fetch-site']),
    isTls,
  };
}

function single(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(',') : value;
}

/** Two organizations may call a project the same; which of them is meant is not guessed. */
function findNamed<P extends { id: string; slug: string }>(projects: readonly P[], asked: string) {
  const exact = projects.find(({ id }) => id === asked);
  if (exact !== undefined) return exact;
  const [first, second] = projects.filter(({ slug }) => slug === asked);
  if (second === undefined) return first;
  const message = `Several of your organizations have a project "${asked}": name it by its id.`;
  throw new GatewayError('conflict', message, NO_RETRY);
}

function projectParam(request: ApiRequest): string | undefined {
  return param(request, 'project');
}

function param({ params }: ApiRequest, name: string): string | undefined {
  if (typeof params !== 'object' || params === null || !Object.hasOwn(params, name)) return undefined;
  const value: unknown = Reflect.get(params, name);
  return typeof value === 'string' ? value : undefined;
}

function notPermitted(permission: Permission): GatewayError {
  const message = 'API key does not have permission for this resource';
  return new GatewayError('insufficient_permissions', `${message}: ${permission} is needed`, NO_RETRY);
}

/** The same for a project that is not there and one that is somebody else's. */
function noProject(): GatewayError {
  return new GatewayError('not_found', 'There is no such project.', NO_RETRY);
}
