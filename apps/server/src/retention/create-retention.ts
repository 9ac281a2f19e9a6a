import type { RetentionChange, RetentionPolicy, StorageUse } from '@app/contract';
import type { Store } from '@app/store';
import { policyOf } from './retention-policy.ts';

export type RetentionDeps = {
  retention: Pick<Store['retention'], 'findRetention' | 'upsertRetention' | 'countStoredResponses'>;
  traces: Pick<Store['traces'], 'readStorageUse'>;
  defaults: RetentionPolicy;
  nowMs: () => number;
};

/** How long a project keeps what, and what it takes. */
export type Retention = {
  get(projectId: string): Promise<RetentionPolicy>;
  /** Changes what is named; the job keeps to it from its next run on. */
  update(projectId: string, change: RetentionChange, by: string | undefined): Promise<RetentionPolicy>;
  readUse(projectId: string): Promise<StorageUse>;
};

export function createRetention({ retention, traces, defaults, nowMs }: RetentionDeps): Retention {
  return {
    get: async (projectId) => policyOf(defaults, await retention.findRetention(projectId)),
    update: async (projectId, policy, updatedBy) =>
      policyOf(
        defaults,
        await retention.upsertRetention(projectId, { policy, updatedAtMs: nowMs(), updatedBy }),
      ),
    readUse: async (projectId) => {
      const [use, responses] = await Promise.all([
        traces.readStorageUse(projectId),
        retention.countStoredResponses(projectId),
      ]);
      return { ...use, responses };
    },
  };
}
