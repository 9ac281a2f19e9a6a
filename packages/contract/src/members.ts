import { z } from 'zod';

/** From most to least: owner, admin, member (who only reads). */
export const Role = z.enum(['owner', 'admin', 'member']);
export type Role = z.infer<typeof Role>;

const email = z.email().max(254);

export const ProjectRole = z.object({ project_id: z.string(), name: z.string(), role: Role });
export type ProjectRole = z.infer<typeof ProjectRole>;

/** Somebody who belongs to an organization, or to single projects of it (`role` is null then). */
export const Member = z.object({
  user_id: z.string(),
  name: z.string(),
  email: z.string(),
  role: Role.nullable(),
  /** What they may do in single projects beyond `role`. */
  projects: z.array(ProjectRole),
  joined_at: z.iso.datetime(),
  /** The last time that they did anything here while signed in. */
  last_active_at: z.iso.datetime().nullable(),
  /** Not active for as long as the organization's policy says. */
  is_stale: z.boolean(),
  two_factor: z.boolean(),
});
export type Member = z.infer<typeof Member>;
/** What keys a removed member made, which go on working because they belong to their projects. */
export const RemovedMember = Member.extend({
  keys: z.array(z.object({ id: z.string(), name: z.string(), project_id: z.string() })),
});
export type RemovedMember = z.infer<typeof RemovedMember>;
/** 1,000 at a time, by address. */
export const MemberSearch = z.strictObject({ cursor: z.string().max(600).optional() });
export const MemberList = z.object({
  data: z.array(Member),
  next_cursor: z.string().nullable(),
  /** After how many days without activity somebody is stale. */
  stale_days: z.int(),
});
export type MemberList = z.infer<typeof MemberList>;
export const MemberChange = z.strictObject({ role: Role });
export type MemberChange = z.infer<typeof MemberChange>;

export const ProjectMember = z.object({
  user_id: z.string(),
  name: z.string(),
  email: z.string(),
  /** What they may do in this project, by whichever role is the stronger. */
  role: Role,
  /** Where that comes from. */
  by: z.enum(['organization', 'project']),
  last_active_at: z.iso.datetime().nullable(),
});
export type ProjectMember = z.infer<typeof ProjectMember>;
export const ProjectMemberList = z.object({
  data: z.array(ProjectMember),
  next_cursor: z.string().nullable(),
});
export type ProjectMemberList = z.infer<typeof ProjectMemberList>;
/** Somebody who belongs to the organization already; others are invited. */
export const NewProjectMember = z.strictObject({ email, role: Role });
export type NewProjectMember = z.infer<typeof NewProjectMember>;

export const Invitation = z.object({
  id: z.string(),
  email: z.string(),
  role: Role.nullable(),
  projects: z.array(ProjectRole),
  state: z.enum(['open', 'accepted', 'revoked', 'expired']),
  created_at: z.iso.datetime(),
  created_by: z.string().nullable(),
  expires_at: z.iso.datetime(),
});
export type Invitation = z.infer<typeof Invitation>;
export const InvitationList = z.object({ data: z.array(Invitation), next_cursor: z.string().nullable() });
export type InvitationList = z.infer<typeof InvitationList>;
export const NewInvitation = z.strictObject({
  email,
  /** Left out for somebody who is to see single projects only. */
  role: Role.optional(),
  projects: z
    .array(z.strictObject({ project: z.string().min(1).max(64), role: Role }))
    .max(100)
    .optional(),
});
export type NewInvitation = z.infer<typeof NewInvitation>;
/** `link` is shown this once; `mailed` tells whether it also went out by e-mail. */
export const CreatedInvitation = Invitation.extend({ link: z.string(), mailed: z.boolean() });
export type CreatedInvitation = z.infer<typeof CreatedInvitation>;

/** What the holder of an invitation's link may see of it. */
export const InvitationView = z.object({
  organization: z.string(),
  email: z.string(),
  role: Role.nullable(),
  projects: z.array(z.string()),
  invited_by: z.string().nullable(),
  expires_at: z.iso.datetime(),
  /** Whether the address has an account here: then it signs in, else it sets a password or comes by a provider. */
  has_account: z.boolean(),
  /** The provider by which the organization demands that people sign in. */
  required_provider: z.string().nullable(),
});
export type InvitationView = z.infer<typeof InvitationView>;
export const InvitationToken = z.strictObject({ token: z.string().min(1).max(200) });
export type InvitationToken = z.infer<typeof InvitationToken>;
/** With name and password for somebody who has no account; without for whoever is signed in. */
export const InvitationAcceptance = InvitationToken.extend({
  name: z.string().trim().min(1).max(100).optional(),
  password: z.string().min(12).max(72).optional(),
});
export type InvitationAcceptance = z.infer<typeof InvitationAcceptance>;
export const AcceptedInvitation = z.object({ organization_id: z.string(), organization: z.string() });
export type AcceptedInvitation = z.infer<typeof AcceptedInvitation>;

const domain = z
  .string()
  .trim()
  .toLowerCase()
  .regex(
    /^(?=.{4,253}$)([a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/,
    'must be a domain, such as example.com',
  );

/** Who gets into an organization, and how they have to sign in. */
export const SignInPolicy = z.object({
  /** People whose provider vouches for an address of such a domain join by themselves. */
  domains: z.array(z.object({ domain: z.string(), provider: z.string(), role: Role })),
  /** The only way in for members, by its id in `sign_in.providers`; null allows every way. */
  required_provider: z.string().nullable(),
  two_factor_required: z.boolean(),
  stale_days: z.int(),
  /** E-mail a reminder of stale members to the owners once a month. */
  stale_reminders: z.boolean(),
});
export type SignInPolicy = z.infer<typeof SignInPolicy>;
export const SignInPolicyChange = z.strictObject({
  domains: z
    .array(z.strictObject({ domain, provider: z.string().min(1).max(64), role: z.enum(['admin', 'member']) }))
    .max(50)
    .optional(),
  required_provider: z.string().min(1).max(64).nullable().optional(),
  two_factor_required: z.boolean().optional(),
  stale_days: z.int().min(1).max(3_650).optional(),
  stale_reminders: z.boolean().optional(),
});
export type SignInPolicyChange = z.infer<typeof SignInPolicyChange>;
