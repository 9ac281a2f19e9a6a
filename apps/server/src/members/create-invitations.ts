import { createHash } from 'node:crypto';
import type { CreatedInvitation, Invitation, InvitationList, NewInvitation } from '@app/contract';
import { GatewayError } from '@app/protocol';
import type { LockedMembers, RelationalStore, StoredInvitation } from '@app/store';
import type { AttemptLimit } from '../identity/create-attempt-limit.ts';
import type { Mailer } from '../mail/mailer.ts';
import { normalizeEmail } from './email-address.ts';
import { MEMBERS_MAX, type MemberActor } from './member-deps.ts';
import { readRole, refuseAbove } from './refuse-above.ts';
import { showInvitation } from './show-invitation.ts';
import { writeInvitationMail } from './write-invitation-mail.ts';

export type InvitationsDeps = {
  members: Pick<RelationalStore['members'], 'alone' | 'findInvitation' | 'listInvitations'>;
  tenants: Pick<RelationalStore['tenants'], 'listProjects'>;
  mailer: Pick<Mailer, 'isConfigured' | 'send'>;
  /** How browsers reach this server. */
  url: string;
  newId: () => string;
  randomBytes: (size: number) => Uint8Array;
  /** How often an organization has mails sent to strangers. */
  mails: AttemptLimit;
  nowMs: () => number;
  onWarning: (message: string, error: unknown) => void;
};

type Inviter = MemberActor & { label?: string | undefined };
type Place = { id: string; name: string };

export type Invitations = {
  list(organizationId: string): Promise<InvitationList>;
  get(organizationId: string, id: string): Promise<Invitation>;
  create(organization: Place, asked: NewInvitation, inviter: Inviter): Promise<CreatedInvitation>;
  /** A new link and more time; the link before it stops working. */
  resend(organization: Place, id: string, inviter: Inviter): Promise<CreatedInvitation>;
  revoke(organizationId: string, id: string, inviter: MemberActor): Promise<Invitation>;
};

const LIFETIME_MS = 7 * 86_400_000;
const OPEN_MAX = 500;
const LISTED_MAX = 1_000;
const MAILS = { window: 3_600, max: 100 };

/** Invitations to an organization or to single projects of it, as the REST interface and the command line make them. */
export function createInvitations(deps: InvitationsDeps): Invitations {
  const { members, nowMs } = deps;
  return {
    list: async (organizationId) => {
      const all = await members.listInvitations(organizationId, { limit: LISTED_MAX });
      return { data: all.map((each) => showInvitation(each, nowMs())), next_cursor: null };
    },
    get: async (organizationId, id) => {
      const found = await members.findInvitation(organizationId, { id });
      if (found === undefined) throw noInvitation();
      return showInvitation(found, nowMs());
    },
    create: async (organization, asked, inviter) => {
      const wanted = await readWanted(deps, organization.id, asked);
      const { token, digest } = newToken(deps);
      const made = await members.alone(organization.id, (locked) =>
        insert(locked, organization.id, { ...wanted, deps, digest, inviter }),
      );
      return tell(deps, made, { organization, token, inviter });
    },
    resend: async (organization, id, inviter) => {
      const { token, digest } = newToken(deps);
      const made = await members.alone(organization.id, async (locked) => {
        await refuseForeign(locked, organization.id, { id, inviter });
        const renewed = { id, digest, expiresAtMs: nowMs() + LIFETIME_MS };
        return locked.replaceInvitationToken(organization.id, renewed);
      });
      if (made === undefined) throw notOpen();
      return tell(deps, made, { organization, token, inviter });
    },
    revoke: async (organizationId, id, inviter) => {
      const revoked = await members.alone(organizationId, async (locked) => {
        await refuseForeign(locked, organizationId, { id, inviter });
        return locked.revokeInvitation(organizationId, { id, nowMs: nowMs() });
      });
      if (revoked === undefined) throw notOpen();
      return showInvitation(revoked, nowMs());
    },
  };
}

/** The token is 256 random bits, so a plain digest cannot be guessed back. */
export function digestOfToken(token: string): string {
  return createHash('sha256').update(token, 'utf8').digest('base64url');
}

function newToken({ randomBytes }: InvitationsDeps) {
  const token = Buffer.from(randomBytes(32)).toString('base64url');
  return { token, digest: digestOfToken(token) };
}

type Wanted = Pick<StoredInvitation, 'email' | 'role' | 'projects'>;

async function readWanted(
  { tenants }: InvitationsDeps,
  organizationId: string,
  { email: text, role, projects: asked = [] }: NewInvitation,
): Promise<Wanted> {
  const email = normalizeEmail(text);
  if (email === undefined) throw invalid('email', 'The address has characters that are not plain.');
  if (role === undefined && asked.length === 0) {
    throw invalid('role', 'Say which role they are invited to, in the organization or in projects.');
  }
  const all = asked.length === 0 ? [] : await tenants.listProjects(organizationId);
  const projects = asked.map(({ project, role: given }, at) => {
    const found = all.find(({ id }) => id === project) ?? all.find(({ slug }) => slug === project);
    if (found === undefined) throw invalid(`projects.${at}.project`, 'The organization has no such project.');
    return { projectId: found.id, name: found.name, role: given };
  });
  if (new Set(projects.map(({ projectId }) => projectId)).size < projects.length) {
    throw invalid('projects', 'A project is named twice.');
  }
  return { email, role, projects };
}

type Inserting = Wanted & { deps: InvitationsDeps; digest: string; inviter: Inviter };

async function insert(
  locked: LockedMembers,
  organizationId: string,
  { deps, digest, inviter, ...wanted }: Inserting,
): Promise<StoredInvitation> {
  const nowMs = deps.nowMs();
  const { email, role, projects } = wanted;
  const own = await readRole(locked, inviter, { organizationId });
  refuseAbove(own, [role, ...projects.map((given) => given.role)]);
  const member = await locked.findMemberByEmail(organizationId, { email });
  if (member?.role !== undefined) {
    throw conflict('They belong to the organization already: change their role instead.');
  }
  await locked.revokeExpiredInvitation(organizationId, { email, nowMs });
  const open = await locked.countOpenInvitations(organizationId, { nowMs });
  const { total } = await locked.countMembers(organizationId, { userId: '' });
  if (open >= OPEN_MAX || total + open >= MEMBERS_MAX) {
    throw conflict(`${open} invitations are open, which is as many as there may be. Take some back first.`);
  }
  const createdBy = inviter.kind === 'operator' ? undefined : inviter.id;
  const expiresAtMs = nowMs + LIFETIME_MS;
  const row = { ...wanted, id: deps.newId(), createdAtMs: nowMs, createdBy, expiresAtMs };
  if (!(await locked.insertInvitation(organizationId, { ...row, digest }))) {
    throw conflict('This address has an open invitation: send that one again, or take it back first.');
  }
  return { ...row, organizationId, acceptedAtMs: undefined, revokedAtMs: undefined };
}

/** An invitation to more than one's own role is not one's own to renew or to take back. */
async function refuseForeign(
  locked: LockedMembers,
  organizationId: string,
  { id, inviter }: { id: string; inviter: MemberActor },
): Promise<void> {
  const found = await locked.findInvitation(organizationId, { id });
  if (found === undefined) throw noInvitation();
  const own = await readRole(locked, inviter, { organizationId });
  refuseAbove(own, [found.role, ...found.projects.map(({ role }) => role)]);
}

type Telling = { organization: Place; token: string; inviter: Inviter };

/** The link goes out by e-mail where there is a server for it, and is shown to its maker this once. */
async function tell(
  deps: InvitationsDeps,
  invitation: StoredInvitation,
  { organization, token, inviter }: Telling,
): Promise<CreatedInvitation> {
  // A fragment is never sent: the token stays out of logs, proxies and the Referer header.
  const link = `${new URL(deps.url).origin}/invitation#token=${token}`;
  const shown = showInvitation(invitation, deps.nowMs());
  if (!deps.mailer.isConfigured) return { ...shown, link, mailed: false };
  const { allowed } = await deps.mails.consume(organization.id, MAILS);
  if (!allowed) return { ...shown, link, mailed: false };
  const about = { to: invitation.email, organization: organization.name, invitedBy: inviter.label, link };
  try {
    await deps.mailer.send(writeInvitationMail(about));
    return { ...shown, link, mailed: true };
  } catch (error) {
    deps.onWarning('An invitation could not be sent by e-mail.', error);
    return { ...shown, link, mailed: false };
  }
}

function noInvitation(): GatewayError {
  return new GatewayError('not_found', 'There is no such invitation.', { retryable: false });
}

function notOpen(): GatewayError {
  return conflict('The invitation was accepted or taken back already.');
}

function conflict(message: string): GatewayError {
  return new GatewayError('conflict', message, { retryable: false });
}

function invalid(param: string, message: string): GatewayError {
  return new GatewayError('invalid_parameter', message, { param, retryable: false });
}
