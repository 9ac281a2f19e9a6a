import { randomBytes } from 'node:crypto';
import type { Project, RelationalStore } from '@app/store';
import type { Config } from '../config.ts';
import { ensureDefaultTenant } from '../identity/ensure-default-tenant.ts';
import { type IdSource, newId } from '../ids.ts';
import { createKeys, type Keys } from './create-keys.ts';

export type OpenKeysDeps = {
  config: Config;
  store: Pick<RelationalStore, 'keys' | 'tenants'>;
  /** Digest under the installation's pepper. */
  digest: (text: string) => string;
  ids: IdSource;
};

/** The keys of an installation, with the limits that its settings give to new ones, and its first project. */
export async function openKeys({
  config,
  store,
  digest,
  ids,
}: OpenKeysDeps): Promise<{ keys: Keys; tenant: Project }> {
  const { capture, requests_per_minute, concurrency } = config.file.defaults;
  const { nowMs } = ids;
  const tenant = await ensureDefaultTenant({
    tenants: store.tenants,
    newId: (prefix) => newId(prefix, ids),
    nowMs,
    capture,
  });
  const keys = createKeys({
    keys: store.keys,
    digest,
    // A secret takes its bytes from the system itself, never from the pool of ids.
    randomBytes,
    nowMs,
    newKeyId: () => newId('key_', ids),
    defaults: { requestsPerMinuteMax: requests_per_minute, concurrencyMax: concurrency },
  });
  return { keys, tenant };
}
