import { installationQuery } from '../query.ts';

export type InsertOrganization = { id: string; slug: string; name: string; createdAtMs: number };

/** False when the slug or id is taken. */
export const insertOrganization = installationQuery({
  sql: `insert into organizations (id, slug, name, created_at) values ($1, $2, $3, $4)
    on conflict do nothing returning id`,
  values: (organization: InsertOrganization) => [
    organization.id,
    organization.slug,
    organization.name,
    new Date(organization.createdAtMs),
  ],
  read: (rows) => rows.length === 1,
});
