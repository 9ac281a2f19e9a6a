import type { Database } from '../src/postgres/open-postgres.ts';
import type { InsertKey } from '../src/postgres/queries/insert-key.ts';
import { insertOrganization } from '../src/postgres/queries/insert-organization.ts';
import { insertProject } from '../src/postgres/queries/insert-project.ts';

const createdAtMs = Date.UTC(2026, 4, 1);

/** An organization with one project, `org_<name>` and `proj_<name>`. */
export async function insertTenant(db: Database, name: string): Promise<void> {
  await insertOrganization(db)({ id: `org_${name}`, slug: name, name, createdAtMs });
  await insertProject(db)(`org_${name}`, {
    id: `proj_${name}`,
    slug: 'default',
    name,
    capture: 'full',
    createdAtMs,
  });
}

/** A key of that tenant. */
export function keyOf(name: string, index: number, changes: Partial<InsertKey> = {}): InsertKey {
  return {
    organizationId: `org_${name}`,
    id: `key_${name}_${index}`,
    name: `key ${index}`,
    kind: 'gateway',
    mode: 'live',
    environment: 'production',
    permissions: ['inference:call', 'models:read'],
    digest: `digest-${name}-${index}`,
    prefix: 'tr_live_',
    lastFour: 'aB3x',
    requestsPerMinuteMax: 600,
    concurrencyMax: 20,
    createdAtMs: createdAtMs + index,
    createdBy: undefined,
    expiresAtMs: undefined,
    ...changes,
  };
}
