import { z } from 'zod';

export const DestinationKind = z.enum(['webhook', 'slack', 'email']);
export type DestinationKind = z.infer<typeof DestinationKind>;

/** Where messages go. Addresses that let anybody post, Slack's, are secrets: only their host is shown. */
export const Destination = z.object({
  id: z.string(),
  name: z.string(),
  kind: DestinationKind,
  /** A URL without what is secret in it, or e-mail addresses. */
  target: z.string(),
  /** Whether budgets and limits of the organization tell their news there. */
  budget_notices: z.boolean(),
  created_at: z.iso.datetime(),
  created_by: z.string().nullable(),
  last_delivery: z.object({ at: z.iso.datetime(), ok: z.boolean(), error: z.string().nullable() }).nullable(),
});
export type Destination = z.infer<typeof Destination>;
export const DestinationList = z.object({ data: z.array(Destination), next_cursor: z.string().nullable() });
export type DestinationList = z.infer<typeof DestinationList>;

const url = z.url({ protocol: /^https?$/, error: 'must be an http:// or https:// URL' }).max(2_000);
const emails = z.array(z.email().max(254)).min(1).max(50);

export const NewDestination = z.strictObject({
  name: z.string().trim().min(1).max(128),
  kind: DestinationKind,
  /** For `webhook` and `slack`. */
  url: url.optional(),
  /** For `email`. */
  emails: emails.optional(),
  budget_notices: z.boolean().default(false),
});
export type NewDestination = z.input<typeof NewDestination>;
/** The secret that a webhook's messages are signed with is shown this once; null for the other kinds. */
export const CreatedDestination = Destination.extend({ secret: z.string().nullable() });
export type CreatedDestination = z.infer<typeof CreatedDestination>;
export const DestinationChange = z.strictObject({
  name: z.string().trim().min(1).max(128).optional(),
  url: url.optional(),
  emails: emails.optional(),
  budget_notices: z.boolean().optional(),
});
export type DestinationChange = z.infer<typeof DestinationChange>;
export const DestinationTest = z.object({ ok: z.boolean(), error: z.string().nullable() });
export type DestinationTest = z.infer<typeof DestinationTest>;
