import {
  AcceptedInvitation,
  CreatedInvitation,
  Invitation,
  InvitationList,
  InvitationView,
  Member,
  MemberList,
  type NewInvitation,
  ProjectMember,
  ProjectMemberList,
  RemovedMember,
  type Role,
  SignInPolicy,
  type SignInPolicyChange,
} from '@app/contract';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { ask, queryOf } from './client.ts';

const base = (organization: string) => `/api/v1/organizations/${encodeURIComponent(organization)}`;
const inProject = (project: string) => `/api/v1/projects/${encodeURIComponent(project)}/members`;

export const membersQuery = (organization: string) =>
  infiniteQueryOptions({
    queryKey: ['members', organization],
    queryFn: ({ signal, pageParam }) =>
      ask(`${base(organization)}/members${queryOf({ cursor: pageParam })}`, MemberList, { signal }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor,
  });

export const updateMember = (organization: string, id: string, role: Role) =>
  ask(`${base(organization)}/members/${encodeURIComponent(id)}`, Member, { method: 'PATCH', body: { role } });

/** Takes all their roles. What keys they made is told, because those go on working. */
export const removeMember = (organization: string, id: string) =>
  ask(`${base(organization)}/members/${encodeURIComponent(id)}`, RemovedMember, { method: 'DELETE' });

export const projectMembersQuery = (project: string) =>
  queryOptions({
    queryKey: ['project-members', project],
    queryFn: ({ signal }) => ask(inProject(project), ProjectMemberList, { signal }),
  });

export const addProjectMember = (project: string, email: string, role: Role) =>
  ask(inProject(project), ProjectMember, { method: 'POST', body: { email, role } });

export const updateProjectMember = (project: string, id: string, role: Role) =>
  ask(`${inProject(project)}/${encodeURIComponent(id)}`, ProjectMember, { method: 'PATCH', body: { role } });

export const removeProjectMember = (project: string, id: string) =>
  ask(`${inProject(project)}/${encodeURIComponent(id)}`, ProjectMember, { method: 'DELETE' });

export const invitationsQuery = (organization: string) =>
  queryOptions({
    queryKey: ['invitations', organization],
    queryFn: ({ signal }) => ask(`${base(organization)}/invitations`, InvitationList, { signal }),
  });

/** The answer is the only one that ever holds the link. */
export const createInvitation = (organization: string, invitation: NewInvitation) =>
  ask(`${base(organization)}/invitations`, CreatedInvitation, { method: 'POST', body: invitation });

/** Puts a new link in the place of the old one. */
export const resendInvitation = (organization: string, id: string) =>
  ask(`${base(organization)}/invitations/${encodeURIComponent(id)}/resend`, CreatedInvitation, {
    method: 'POST',
  });

export const revokeInvitation = (organization: string, id: string) =>
  ask(`${base(organization)}/invitations/${encodeURIComponent(id)}`, Invitation, { method: 'DELETE' });

export const invitationQuery = (token: string) =>
  queryOptions({
    queryKey: ['invitation', token],
    queryFn: () => ask('/api/v1/invitations/view', InvitationView, { method: 'POST', body: { token } }),
    retry: false,
  });

/** With a name and a password for somebody who has no account yet. */
export const acceptInvitation = (token: string, account: { name?: string; password?: string } = {}) =>
  ask('/api/v1/invitations/accept', AcceptedInvitation, { method: 'POST', body: { token, ...account } });

export const signInPolicyQuery = (organization: string) =>
  queryOptions({
    queryKey: ['sign-in-policy', organization],
    queryFn: ({ signal }) => ask(`${base(organization)}/sign-in-policy`, SignInPolicy, { signal }),
  });

export const updateSignInPolicy = (organization: string, change: SignInPolicyChange) =>
  ask(`${base(organization)}/sign-in-policy`, SignInPolicy, { method: 'PATCH', body: change });
