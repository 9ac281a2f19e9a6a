import type { RelationalStore } from '@app/store';
import type { Config } from '../config.ts';
import { type IdSource, newId } from '../ids.ts';
import { createTenancy, type Tenancy } from './create-tenancy.ts';

export type OpenTenancyDeps = {
  config: { file: { defaults: Pick<Config['file']['defaults'], 'capture' | 'organizations_created_by'> } };
  store: Pick<RelationalStore, 'tenants'>;
  ids: IdSource;
};

/** Organizations and projects under the installation's settings, for the server and the command line. */
export function openTenancy({ config, store, ids }: OpenTenancyDeps): Tenancy {
  const { capture, organizations_created_by: creators } = config.file.defaults;
  return createTenancy({
    tenants: store.tenants,
    newId: (prefix) => newId(prefix, ids),
    newSuffix: () => Buffer.from(ids.randomBytes(3)).toString('hex'),
    nowMs: ids.nowMs,
    capture,
    creators,
  });
}
