import { z } from 'zod';

/** Names in addresses: lower-case letters, digits and single dashes. */
export const Slug = z
  .string()
  .regex(/^[a-z0-9](?:-?[a-z0-9]){0,47}$/, 'must be 1 to 48 lower-case letters, digits and single dashes');
export type Slug = z.infer<typeof Slug>;

/** An IANA name, such as `Europe/Berlin`. */
const zone = z.string().trim().min(1).max(64);

export const Organization = z.object({
  id: z.string(),
  slug: z.string(),
  name: z.string(),
  /** The zone in which its days and months begin. */
  zone: z.string(),
  created_at: z.iso.datetime(),
});
export type Organization = z.infer<typeof Organization>;
export const NewOrganization = z.strictObject({
  name: z.string().trim().min(1).max(128),
  slug: Slug.optional(),
  zone: zone.optional(),
});
export type NewOrganization = z.input<typeof NewOrganization>;
export const OrganizationChange = z.strictObject({
  name: z.string().trim().min(1).max(128).optional(),
  zone: zone.optional(),
});
export type OrganizationChange = z.infer<typeof OrganizationChange>;
/** With what its reader may do there. */
export const OwnOrganization = Organization.extend({ role: z.string() });
export type OwnOrganization = z.infer<typeof OwnOrganization>;
export const OrganizationList = z.object({
  data: z.array(OwnOrganization),
  next_cursor: z.string().nullable(),
});
export type OrganizationList = z.infer<typeof OrganizationList>;

export const Project = z.object({
  id: z.string(),
  organization_id: z.string(),
  slug: z.string(),
  name: z.string(),
  capture: z.enum(['full', 'redacted', 'metadata']),
  created_at: z.iso.datetime(),
});
export type Project = z.infer<typeof Project>;
export const NewProject = z.strictObject({
  name: z.string().trim().min(1).max(128),
  slug: Slug.optional(),
  capture: z.enum(['full', 'redacted', 'metadata']).optional(),
});
export type NewProject = z.input<typeof NewProject>;
export const ProjectChange = z.strictObject({
  name: z.string().trim().min(1).max(128).optional(),
  capture: z.enum(['full', 'redacted', 'metadata']).optional(),
});
export type ProjectChange = z.infer<typeof ProjectChange>;
export const ProjectList = z.object({ data: z.array(Project), next_cursor: z.string().nullable() });
export type ProjectList = z.infer<typeof ProjectList>;
