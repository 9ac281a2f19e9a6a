import type { AuditAction, AuditTarget, Endpoint, Permission } from '@app/contract';
import type { OrganizationOfUser, Project } from '@app/store';
import type { z } from 'zod';
import type { Audit } from '../../audit/audit.ts';
import type { FileAnswer } from '../../http/answer-file.ts';
import type { SessionUser } from '../../identity/create-find-session.ts';
import { changeAudited } from './change-audited.ts';
import type { Access } from './create-access.ts';
import { parseInput } from './parse-input.ts';

/** A request as the adapter hands it on: nothing in it was checked yet. */
export type ApiRequest = {
  method: string;
  id: string;
  headers: { [name: string]: string | string[] | undefined };
  /** The caller's address, as far as trusted proxies tell. */
  ip: string;
  isTls: boolean;
  params: unknown;
  query: unknown;
  body: unknown;
  /** What was found out about it on the way, for what is written down of a refusal. */
  seen: Seen;
  /** Aborts when whoever asked has left before the answer. */
  left?: AbortSignal;
};

type Seen = {
  actor?: Actor;
  organizationId?: string;
  projectId?: string;
};

type ApiReply = { body: unknown; setCookies: readonly string[] };

/** What a route needs: a permission, or that somebody is signed in, or nothing (the caller proves itself in the body). */
type Requirement = Permission | 'signed-in' | 'anyone';

/** What the operations of an installation have in common. */
export type OperationContext = { access: Access; audit: Audit };

/** One operation of the management API: a value that the adapter turns into a route. */
export type Operation = {
  endpoint: Endpoint;
  permission: Requirement;
  /** Under which name it is written down. Whatever changes something has one, or nothing starts. */
  action: AuditAction | undefined;
  /** A question that is no GET, because what it asks with must not stand in an address. */
  changesNothing?: boolean;
  handle(request: ApiRequest, context: OperationContext): Promise<ApiReply>;
};

/** Who acts: somebody signed in, or a key that was given a management permission. */
export type Actor = {
  kind: 'user' | 'key';
  id: string;
  permissions: ReadonlySet<Permission>;
  /** What a test key makes or starts stays in test mode. */
  mode: 'live' | 'test';
  /** An e-mail address, or the name of a key. */
  label?: string | undefined;
  /** Of a person: by which they may do what they do. */
  role?: string | undefined;
  /** Of a person: the session's id, which is not its token. */
  sessionId?: string | undefined;
  /** Of a person: how they signed in, and whether with a second factor. */
  method?: string | undefined;
  twoFactor?: boolean | undefined;
};

type Input<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType> = {
  params: z.output<P>;
  query: z.output<Q>;
  body: z.output<B>;
};

/** What is written down of a change. Secrets in it become digests on their way. */
export type Audited<Run, Output> = {
  action: AuditAction;
  /** What it is about. A new thing is known by what was answered. */
  target?: (input: Run, output: Output | undefined) => AuditTarget | undefined;
  /** In whose chain it is written down, where the path names no organization and no project. */
  organization?: (input: Run, output: Output | undefined) => string | undefined;
  /** How it was before, as people are shown it. */
  before?: (input: Run) => Promise<unknown>;
  /** How it is now; what was answered, unless told otherwise. */
  after?: (output: Output, input: Run) => unknown;
};

/** What an endpoint answers with: a value, or for `lines` and `events` whatever yields one after the other. */
type Answer<E extends Endpoint> = E extends { lines: true } | { events: true }
  ? AsyncIterable<z.input<E['output']>>
  : E extends { file: true }
    ? FileAnswer
    : z.input<E['output']>;

/** For the few operations that begin or end a session: who asks from where, and cookies to send back. */
type SessionScope = { request: ApiRequest; setCookie: (cookie: string) => void };

/** For answers that take long or go on: `stillMay` rejects once whoever asked may not ask any more. */
type ProjectScope = {
  actor: Actor;
  project: Project;
  stillMay: () => Promise<void>;
  left: AbortSignal | undefined;
};

type Spec<E extends Endpoint, R extends Requirement, Scope> = {
  endpoint: E;
  permission: R;
  changesNothing?: true;
  audit?: Audited<Scope & Input<E['params'], E['query'], E['body']>, Answer<E>>;
  run: (input: Scope & Input<E['params'], E['query'], E['body']>) => Promise<Answer<E>>;
};

/** An operation inside one project: `{project}` of the path, or the key's own where the path names none. */
export function projectOperation<E extends Endpoint>(spec: Spec<E, Permission, ProjectScope>): Operation {
  return {
    ...spec,
    action: spec.audit?.action,
    handle: async (request, { access, audit }) => {
      const { actor, project, setCookies } = await access.enterProject(request, spec.permission);
      const stillMay = async () => void (await access.enterProject(request, spec.permission));
      const { left } = request;
      const input = { ...parseInput(spec.endpoint, request), actor, project, stillMay, left };
      return { body: await changeAudited(spec, input, { audit, request }), setCookies };
    },
  };
}

/** An operation inside the organization that the path names, for the people who belong to it. Keys are refused. */
export function organizationOperation<E extends Endpoint>(
  spec: Spec<E, Permission, { actor: Actor; organization: OrganizationOfUser }>,
): Operation {
  return {
    ...spec,
    action: spec.audit?.action,
    handle: async (request, { access, audit }) => {
      const { actor, organization, setCookies } = await access.enterOrganization(request, spec.permission);
      const input = { ...parseInput(spec.endpoint, request), actor, organization };
      return { body: await changeAudited(spec, input, { audit, request }), setCookies };
    },
  };
}

/** An operation about whoever is signed in. Keys are refused. */
export function userOperation<E extends Endpoint>(
  spec: Spec<E, 'signed-in', SessionScope & { user: SessionUser }>,
): Operation {
  return {
    ...spec,
    action: spec.audit?.action,
    handle: async (request, { access, audit }) => {
      const { user, setCookies } = await access.enterSession(request);
      const cookies = [...setCookies];
      const scope = { user, request, setCookie: (cookie: string) => void cookies.push(cookie) };
      const input = { ...parseInput(spec.endpoint, request), ...scope };
      return { body: await changeAudited(spec, input, { audit, request }), setCookies: cookies };
    },
  };
}

/** An operation for callers without a credential. Only the request's Host is checked. */
export function publicOperation<E extends Endpoint>(spec: Spec<E, 'anyone', SessionScope>): Operation {
  return {
    ...spec,
    action: spec.audit?.action,
    handle: async (request, { access, audit }) => {
      access.checkHost(request);
      const cookies: string[] = [];
      const scope = { request, setCookie: (cookie: string) => void cookies.push(cookie) };
      const input = { ...parseInput(spec.endpoint, request), ...scope };
      return { body: await changeAudited(spec, input, { audit, request }), setCookies: cookies };
    },
  };
}
