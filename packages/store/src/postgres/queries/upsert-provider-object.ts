import type { ProviderObject } from '../provider-object-row.ts';
import { projectQuery } from '../query.ts';

/** Notes an object, or what is new about it. False, and nothing is changed, when it is another project's. */
export const upsertProviderObject = projectQuery({
  sql: `insert into provider_objects as held
      (project_id, organization_id, provider_id, object_id, kind, purpose, created_at, sealed)
    values ($1, $2, $3, $4, $5, $6, $7, $8)
    on conflict (provider_id, object_id) do update set sealed = excluded.sealed, purpose = excluded.purpose
      where held.project_id = $1 and held.kind = $5
    returning held.object_id`,
  values: (object: ProviderObject & { organizationId: string }) => [
    object.organizationId,
    object.providerId,
    object.id,
    object.kind,
    object.purpose,
    new Date(object.createdAtMs),
    object.sealed,
  ],
  read: (rows: { object_id: string }[]) => rows.length === 1,
});
