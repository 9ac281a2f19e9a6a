import { z } from 'zod';

/** Everything that is written down, as `noun.verb`; the list is closed. */
export const AuditAction = z.enum([
  'setup.complete',
  'session.sign_in',
  'session.sign_in_failed',
  'session.sign_out',
  'session.revoke',
  'account.change',
  'account.change_password',
  'account.reset_password',
  'account.enable_two_factor',
  'account.disable_two_factor',
  'account.add_passkey',
  'account.remove_passkey',
  'account.link_identity',
  'account.unlink_identity',
  'invitation.create',
  'invitation.revoke',
  'invitation.accept',
  'member.add',
  'member.change',
  'member.remove',
  'organization.create',
  'organization.change',
  'sign_in_policy.change',
  'project.create',
  'project.change',
  'key.create',
  'key.import',
  'key.change',
  'key.rotate',
  'key.revoke',
  'credential.create',
  'credential.change',
  'credential.delete',
  'credential.check',
  'limit.create',
  'limit.change',
  'limit.delete',
  'budget.create',
  'budget.change',
  'budget.delete',
  'budget.grant',
  'budget.decline',
  'repricing.create',
  'remapping.create',
  'alert.create',
  'alert.change',
  'alert.delete',
  'destination.create',
  'destination.change',
  'destination.delete',
  'destination.test',
  'anomaly.acknowledge',
  'score.create',
  'score.delete',
  'retention.change',
  'deletion.create',
  'deletion.finish',
  'data.export',
  'audit.export',
  'audit.prune',
  'access.refuse',
  'server.start',
  'settings.change',
  'master_key.rotate',
]);
export type AuditAction = z.infer<typeof AuditAction>;

/** `refused`: not allowed. `failed`: allowed, and it did not happen. */
export const AuditOutcome = z.enum(['done', 'refused', 'failed']);
export type AuditOutcome = z.infer<typeof AuditOutcome>;

export const AuditActor = z.object({
  /** `operator`: the command line on the machine itself. `server`: what runs by the clock or at a start. */
  kind: z.enum(['person', 'key', 'operator', 'server', 'anyone']),
  id: z.string().nullable(),
  /** An e-mail address, the name of a key, an account of the machine. */
  label: z.string().nullable(),
  role: z.string().nullable(),
  session_id: z.string().nullable(),
});
export type AuditActor = z.infer<typeof AuditActor>;

export const AuditTarget = z.object({ kind: z.string(), id: z.string(), name: z.string().nullable() });
export type AuditTarget = z.infer<typeof AuditTarget>;

/** One link of an organization's chain. What `before` and `after` hold of secrets are digests. */
export const AuditEvent = z.object({
  id: z.string(),
  /** Counts from 1 without a gap. */
  sequence: z.int(),
  at: z.iso.datetime(),
  action: AuditAction,
  outcome: AuditOutcome,
  actor: AuditActor,
  ip: z.string().nullable(),
  user_agent: z.string().nullable(),
  request_id: z.string().nullable(),
  project_id: z.string().nullable(),
  target: AuditTarget.nullable(),
  before: z.unknown().optional(),
  after: z.unknown().optional(),
  /** Why it was refused or failed. */
  reason: z.string().nullable(),
  /** How often the same was refused in the minute from `at`; 1 for everything else. */
  count: z.int(),
  /** Binds this event to all before it; lower-case hexadecimal. */
  mac: z.string(),
});
export type AuditEvent = z.infer<typeof AuditEvent>;

/** `installation`: what belongs to no organization, such as failed sign-ins; for the organization that runs it. */
export const AuditChainName = z.enum(['organization', 'installation']);
export type AuditChainName = z.infer<typeof AuditChainName>;

export const AuditChainSearch = z.strictObject({ chain: AuditChainName.optional() });
export type AuditChainSearch = z.infer<typeof AuditChainSearch>;

export const AuditSearch = z.strictObject({
  chain: AuditChainName.optional(),
  action: AuditAction.optional(),
  outcome: AuditOutcome.optional(),
  /** An id or a label. */
  actor: z.string().min(1).max(254).optional(),
  /** The id of what was changed. */
  target: z.string().min(1).max(64).optional(),
  project: z.string().min(1).max(64).optional(),
  ip: z.string().min(2).max(64).optional(),
  from: z.iso.datetime().optional(),
  to: z.iso.datetime().optional(),
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export type AuditSearch = z.infer<typeof AuditSearch>;

/** Newest first. */
export const AuditList = z.object({ data: z.array(AuditEvent), next_cursor: z.string().nullable() });
export type AuditList = z.infer<typeof AuditList>;

/** What is wrong with a chain, at which link. */
export const AuditFault = z.object({
  kind: z.enum(['edited', 'missing', 'inserted', 'reordered', 'truncated', 'forked', 'anchor_missing']),
  sequence: z.int().nullable(),
  message: z.string(),
});
export type AuditFault = z.infer<typeof AuditFault>;

export const AuditVerification = z.object({
  at: z.iso.datetime(),
  is_whole: z.boolean(),
  /** How many links were looked at, from which sequence to which. */
  checked: z.int(),
  first_sequence: z.int().nullable(),
  last_sequence: z.int().nullable(),
  /** Signed copies of the chain's end outside the database that it was compared with. */
  anchors: z.int(),
  last_anchor_at: z.iso.datetime().nullable(),
  faults: z.array(AuditFault),
});
export type AuditVerification = z.infer<typeof AuditVerification>;
