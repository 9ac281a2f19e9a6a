import { endpoints } from '@app/contract';
import { GatewayError } from '@app/protocol';
import { type Accepting, type InvitationDoor, staleLink } from '../../../members/create-invitation-door.ts';
import type { Invitations } from '../../../members/create-invitations.ts';
import type { Access } from '../create-access.ts';
import { type ApiRequest, type Operation, organizationOperation, publicOperation } from '../operation.ts';

export type InvitationOperationDeps = {
  invitations: Invitations;
  invitationDoor: InvitationDoor;
  /** For who accepts while signed in. */
  enterSession: Access['enterSession'];
};

/** Invitations: made by owners and admins, opened by whoever holds the link. */
export function invitationOperations(deps: InvitationOperationDeps): Operation[] {
  return [...ofOrganization(deps.invitations), ...ofHolder(deps)];
}

function ofOrganization(invitations: Invitations): Operation[] {
  const target = (id: string, name: string | undefined) => ({ kind: 'invitation', id, name: name ?? null });
  return [
    organizationOperation({
      endpoint: endpoints.listInvitations,
      permission: 'keys:read',
      run: ({ organization }) => invitations.list(organization.id),
    }),
    organizationOperation({
      endpoint: endpoints.createInvitation,
      permission: 'members:write',
      audit: {
        action: 'invitation.create',
        target: (_, output) => output && target(output.id, output.email),
        after: ({ link: _, ...shown }) => shown,
      },
      run: ({ organization, body, actor }) => invitations.create(organization, body, actor),
    }),
    organizationOperation({
      endpoint: endpoints.resendInvitation,
      permission: 'members:write',
      audit: {
        action: 'invitation.create',
        target: ({ params }, output) => target(params.id, output?.email),
        before: ({ organization, params }) => invitations.get(organization.id, params.id),
        after: ({ link: _, ...shown }) => shown,
      },
      run: ({ organization, params, actor }) => invitations.resend(organization, params.id, actor),
    }),
    organizationOperation({
      endpoint: endpoints.revokeInvitation,
      permission: 'members:write',
      audit: {
        action: 'invitation.revoke',
        target: ({ params }, output) => target(params.id, output?.email),
        before: ({ organization, params }) => invitations.get(organization.id, params.id),
      },
      run: ({ organization, params, actor }) => invitations.revoke(organization.id, params.id, actor),
    }),
  ];
}

function ofHolder({ invitationDoor: door, enterSession }: InvitationOperationDeps): Operation[] {
  return [
    publicOperation({
      endpoint: endpoints.viewInvitation,
      permission: 'anyone',
      changesNothing: true,
      run: ({ body, request }) => door.view(body.token, request.ip),
    }),
    publicOperation({
      endpoint: endpoints.acceptInvitation,
      permission: 'anyone',
      audit: {
        action: 'invitation.accept',
        target: (_, output) => output && { kind: 'organization', id: output.organization_id, name: null },
        before: async ({ body, request }) => {
          await door.countTry(request.ip);
          const found = await door.find(body.token);
          // Who holds no link is turned away before anything is written down: strangers fill no chain.
          if (found === undefined) throw staleLink();
          // Written down in the organization that it is about.
          request.seen.organizationId = found.organizationId;
          return { id: found.id, email: found.email };
        },
      },
      run: async ({ body: { token, name, password }, request, setCookie }) => {
        const accepting = await readAccepting({ name, password, request, setCookie, enterSession });
        const { userId, ...accepted } = await door.accept(token, accepting);
        request.seen.actor ??= { kind: 'user', id: userId, permissions: new Set(), mode: 'live' };
        return accepted;
      },
    }),
  ];
}

type Asking = {
  name: string | undefined;
  password: string | undefined;
  request: ApiRequest;
  setCookie: (cookie: string) => void;
  enterSession: Access['enterSession'];
};

async function readAccepting({
  name,
  password,
  request,
  setCookie,
  enterSession,
}: Asking): Promise<Accepting> {
  if (name !== undefined && password !== undefined) return { name, password };
  if (name !== undefined || password !== undefined) {
    const param = name === undefined ? 'name' : 'password';
    const message = 'A new account needs a name and a password.';
    throw new GatewayError('missing_parameter', message, { param, retryable: false });
  }
  const { user, setCookies } = await enterSession(request);
  for (const cookie of setCookies) setCookie(cookie);
  return { user };
}
