import { installationQuery } from '../query.ts';

export type InsertOrganization = {
  id: string;
  slug: string;
  name: string;
  /** IANA name; UTC when absent. */
  zone?: string;
  createdAtMs: number;
};

/** False when the slug or id is taken. */
export const insertOrganization = installationQuery({
  sql: `insert into organizations (id, slug, name, created_at, zone) values ($1, $2, $3, $4, coalesce($5, 'UTC'))
    on conflict do nothing returning id`,
  values: (organization: InsertOrganization) => [
    organization.id,
    organization.slug,
    organization.name,
    new Date(organization.createdAtMs),
    organization.zone ?? null,
  ],
  read: (rows) => rows.length === 1,
});
