import type { Endpoint, Permission } from '@app/contract';
import type { OrganizationOfUser, Project } from '@app/store';
import type { z } from 'zod';
import type { Access } from './create-access.ts';
import { parseInput } from './parse-input.ts';

/** A request as the adapter hands it on: nothing in it was checked yet. */
export type ApiRequest = {
  method: string;
  headers: { [name: string]: string | string[] | undefined };
  /** The caller's address, as far as trusted proxies tell. */
  ip: string;
  isTls: boolean;
  params: unknown;
  query: unknown;
  body: unknown;
};

type ApiReply = { body: unknown; setCookies: readonly string[] };

/** What a route needs: a permission, or that somebody is signed in, or nothing (the caller proves itself in the body). */
type Requirement = Permission | 'signed-in' | 'anyone';

/** One operation of the management API: a value that the adapter turns into a route. */
export type Operation = {
  endpoint: Endpoint;
  permission: Requirement;
  handle(request: ApiRequest, access: Access): Promise<ApiReply>;
};

/** Who acts: somebody signed in, or a key that was given a management permission. */
export type Actor = {
  kind: 'user' | 'key';
  id: string;
  permissions: ReadonlySet<Permission>;
  /** What a test key makes or starts stays in test mode. */
  mode: 'live' | 'test';
};

type Input<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType> = {
  params: z.output<P>;
  query: z.output<Q>;
  body: z.output<B>;
};

type Spec<E extends Endpoint, R extends Requirement, Scope> = {
  endpoint: E;
  permission: R;
  run: (input: Scope & Input<E['params'], E['query'], E['body']>) => Promise<z.input<E['output']>>;
};

/** An operation inside one project: `{project}` of the path, or the key's own where the path names none. */
export function projectOperation<E extends Endpoint>(
  spec: Spec<E, Permission, { actor: Actor; project: Project }>,
): Operation {
  return {
    ...spec,
    handle: async (request, access) => {
      const { actor, project, setCookies } = await access.enterProject(request, spec.permission);
      const input = parseInput(spec.endpoint, request);
      return { body: await spec.run({ ...input, actor, project }), setCookies };
    },
  };
}

/** An operation inside the organization that the path names, for the people who belong to it. Keys are refused. */
export function organizationOperation<E extends Endpoint>(
  spec: Spec<E, Permission, { actor: Actor; organization: OrganizationOfUser }>,
): Operation {
  return {
    ...spec,
    handle: async (request, access) => {
      const { actor, organization, setCookies } = await access.enterOrganization(request, spec.permission);
      const input = parseInput(spec.endpoint, request);
      return { body: await spec.run({ ...input, actor, organization }), setCookies };
    },
  };
}

/** An operation about whoever is signed in. Keys are refused. */
export function userOperation<E extends Endpoint>(
  spec: Spec<E, 'signed-in', { user: { id: string; name: string; email: string } }>,
): Operation {
  return {
    ...spec,
    handle: async (request, access) => {
      const { user, setCookies } = await access.enterSession(request);
      const input = parseInput(spec.endpoint, request);
      return { body: await spec.run({ ...input, user }), setCookies };
    },
  };
}

/** An operation for callers without a credential. Only the request's Host is checked. */
export function publicOperation<E extends Endpoint>(spec: Spec<E, 'anyone', unknown>): Operation {
  return {
    ...spec,
    handle: async (request, access) => {
      access.checkHost(request);
      return { body: await spec.run(parseInput(spec.endpoint, request)), setCookies: [] };
    },
  };
}
