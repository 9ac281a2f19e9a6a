import { installationQuery } from '../query.ts';

export type InsertOwnedOrganization = {
  id: string;
  slug: string;
  name: string;
  zone: string;
  /** Whoever is signed in. */
  ownerId: string;
  createdAtMs: number;
};

/** An organization and its owner, both or neither. False when the slug or id is taken. */
export const insertOwnedOrganization = installationQuery({
  sql: `with made as (
      insert into organizations (id, slug, name, zone, created_at) values ($1, $2, $3, $4, $6)
      on conflict do nothing returning id, created_at
    )
    insert into memberships (organization_id, user_id, role, created_at)
    select id, $5, 'owner', created_at from made returning organization_id`,
  values: (made: InsertOwnedOrganization) => [
    made.id,
    made.slug,
    made.name,
    made.zone,
    made.ownerId,
    new Date(made.createdAtMs),
  ],
  read: (rows) => rows.length === 1,
});
