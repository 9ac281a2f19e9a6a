import type { Store } from '@app/store';
import type { IdSource } from '../src/ids.ts';
import { createDeletions } from '../src/retention/create-deletions.ts';
import { createExports } from '../src/retention/create-exports.ts';
import { createRetention } from '../src/retention/create-retention.ts';
import { type ExportSourcesDeps, exportSources } from '../src/retention/export-sources.ts';
import { createReadSealed } from '../src/retention/read-sealed.ts';
import { readDefaultPolicy } from '../src/retention/retention-policy.ts';
import type { DataOperationDeps } from '../src/routes/api/retention/data-operations.ts';

export type DataTraces = Pick<
  Store['traces'],
  'readStorageUse' | 'countErasable' | 'listCallsToExport' | 'readClock'
>;

type Deps = Omit<ExportSourcesDeps, 'retention' | 'store'> & {
  store: ExportSourcesDeps['store'] & Pick<Store, 'retention' | 'deletions' | 'owned'>;
  responseKey: Buffer;
  ids: IdSource;
};

/** What the management API does with a project's data, from where traces are, or from nowhere. Nothing runs by itself. */
export function createTestData(deps: Deps, traces: DataTraces = noTraces): DataOperationDeps {
  const { store, ids, responseKey } = deps;
  const { nowMs } = ids;
  const defaults = readDefaultPolicy({ limit_usage_days: 400, stored_responses_days: 30 });
  const retention = createRetention({ retention: store.retention, traces, defaults, nowMs });
  return {
    retention,
    deletions: createDeletions({ ...store, traces, ids, wake: () => undefined }),
    exports: createExports({
      ...{ traces, nowMs },
      owned: store.owned,
      readSealed: createReadSealed(responseKey),
      sources: exportSources({ ...deps, retention }),
    }),
  };
}

const noTraces: DataTraces = {
  readStorageUse: async () => ({
    ...{ traces: 0, spans: 0, trace_bytes: 0, contents: 0, content_bytes: 0 },
    oldest_at: null,
  }),
  countErasable: async () => ({ traces: 0, spans: 0, contents: 0, bytes: 0 }),
  readClock: async () => 0,
  listCallsToExport: async () => ({ calls: [], next: undefined }),
};
