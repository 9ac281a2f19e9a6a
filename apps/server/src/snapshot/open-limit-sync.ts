import type { Limit, Schedule, Snapshot } from '@app/gateway';
import type { RelationalStore } from '@app/store';
import { createLimitIndex } from './create-limit-index.ts';
import { openChangeSync } from './open-change-sync.ts';

export type LimitSyncDeps = {
  limits: Pick<
    RelationalStore['limits'],
    'readAllLimits' | 'listLimitChanges' | 'findLimitSequence' | 'listenLimitChanges' | 'acknowledge'
  >;
  /** Names this process among the live servers. */
  serverId: string;
  schedule: Schedule;
  onWarning: (message: string, error: unknown) => void;
};

export type LimitSync = {
  findLimits: NonNullable<Snapshot['findLimits']>;
  findLimit(id: string): Limit | undefined;
  size(): number;
  /** The number of the newest change that is applied here. */
  sequence(): number;
  close(): Promise<void>;
};

/** All limits and budgets in memory, followed as they change. Rejects when the first load fails. */
export async function openLimitSync(deps: LimitSyncDeps): Promise<LimitSync> {
  const { limits, serverId, schedule, onWarning } = deps;
  const sync = await openChangeSync({
    source: {
      readAll: limits.readAllLimits,
      listChanges: limits.listLimitChanges,
      findSequence: limits.findLimitSequence,
      listen: limits.listenLimitChanges,
      acknowledge: limits.acknowledge,
    },
    createIndex: createLimitIndex,
    serverId,
    schedule,
    onAway: (error) =>
      onWarning('Changes of limits cannot be read; calls are held to the limits known so far.', error),
  });
  return {
    findLimits: (principal, facts) => sync.index().findLimits(principal, facts),
    findLimit: (id) => sync.index().findLimit(id),
    size: () => sync.index().size(),
    sequence: sync.sequence,
    close: sync.close,
  };
}
