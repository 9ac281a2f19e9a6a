import type { Schedule } from '@app/gateway';
import type { RelationalStore } from '@app/store';
import type { AuditKeys } from '../audit/audit-keys.ts';
import { pruneChain } from '../audit/prune-chain.ts';
import type { IdSource } from '../ids.ts';

export type AuditUpkeepDeps = {
  audit: Pick<RelationalStore['audit'], 'listAuditChains' | 'pruneAuditEvents'>;
  keys: AuditKeys;
  getChainKey(organizationId: string): Promise<Buffer>;
  /** Brings what commands left that are gone into the chains. */
  adopt(): Promise<void>;
  /** Absent: events stay for ever. */
  keepDays: number | undefined;
  ids: IdSource;
  schedule: Schedule;
  onWarning: (message: string, error: unknown) => void;
};

const EVERY_MS = 300_000;
const DAY_MS = 86_400_000;

/** What the audit chains need by the clock: the rest of commands that were cut off, and the end of old events. */
export function openAuditUpkeep(deps: AuditUpkeepDeps): { close(): Promise<void> } {
  const { ids, schedule, onWarning } = deps;
  let prunedAtMs = Number.NEGATIVE_INFINITY;
  let cancel = () => {};
  let running: Promise<void> = Promise.resolve();
  let isClosed = false;

  async function run(): Promise<void> {
    await deps
      .adopt()
      .catch((error: unknown) =>
        onWarning('What a command wrote down is not in its audit chain yet.', error),
      );
    if (deps.keepDays === undefined || ids.nowMs() - prunedAtMs < DAY_MS) return;
    prunedAtMs = ids.nowMs();
    await pruneAll(deps, deps.keepDays, () => isClosed).catch((error: unknown) =>
      onWarning('Old events could not be taken out of their audit chain.', error),
    );
  }

  const beat = (delayMs: number) => {
    cancel = schedule(delayMs, () => {
      running = run().then(() => {
        if (!isClosed) beat(EVERY_MS);
      });
    });
  };
  beat(FIRST_MS);
  return {
    close: async () => {
      isClosed = true;
      cancel();
      await running;
    },
  };
}

/** A start has other things to do. */
const FIRST_MS = 60_000;

async function pruneAll(deps: AuditUpkeepDeps, keepDays: number, isClosed: () => boolean): Promise<void> {
  const beforeMs = deps.ids.nowMs() - keepDays * DAY_MS;
  let after = '';
  for (;;) {
    const chains = await deps.audit.listAuditChains({ after });
    for (const { organizationId } of chains) {
      if (isClosed()) return;
      await pruneChain(deps, { organizationId, beforeMs, actor: { kind: 'server' } });
    }
    if (chains.length === 0) return;
    after = chains.at(-1)?.organizationId ?? '';
  }
}
