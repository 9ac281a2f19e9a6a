import type { Schedule } from '@app/gateway';
import type { Log, RelationalStore, StoredAuditEvent } from '@app/store';
import { createGroupCommit } from '@app/tracing';

/** Brings events to one receiver outside. */
export type Carrier = {
  /** Under this name it is remembered what the receiver has. */
  name: string;
  /** So many events of a chain at once. */
  batchMax: number;
  /** Resolves when the receiver has them; rejects when that is not sure. */
  carry(organizationId: string, events: readonly StoredAuditEvent[]): Promise<void>;
  close(): void;
};

export type AuditStreamDeps = {
  audit: Pick<
    RelationalStore['audit'],
    | 'claimAuditStream'
    | 'releaseAuditStream'
    | 'listAuditStreamPositions'
    | 'saveAuditStreamPosition'
    | 'readAuditEvents'
  >;
  carrier: Carrier;
  /** This process, among those that share the store: one of them at a time brings events. */
  holder: string;
  nowMs: () => number;
  schedule: Schedule;
  log: Log;
};

export type AuditStream = {
  /** There may be something new. */
  wake(): void;
  close(): Promise<void>;
};

/** Other servers add events as well. */
const POLL_MS = 10_000;
const HELD_MS = 60_000;
const RETRY_MS_MIN = 1_000;
const RETRY_MS_MAX = 300_000;

/**
 * Brings every chain to a receiver, each in order, at least once: what it has is remembered in PostgreSQL, and what it
 * lacks is read from the chain, so that nothing piles up in memory however long it is away.
 */
export function openAuditStream(deps: AuditStreamDeps): AuditStream {
  const { audit, carrier, holder, nowMs, schedule, log } = deps;
  const { name } = carrier;
  let retryMs = RETRY_MS_MIN;
  let isFailing = false;
  let isClosed = false;
  let cancel = () => {};

  const hold = () => audit.claimAuditStream({ name, holder, nowMs: nowMs(), untilMs: nowMs() + HELD_MS });

  async function carryChain(organizationId: string, from: number): Promise<void> {
    let sequence = from;
    while (!isClosed && (await hold())) {
      const events = await audit.readAuditEvents(organizationId, {
        afterSequence: sequence,
        limit: carrier.batchMax,
      });
      const last = events.at(-1);
      if (last === undefined) return;
      await carrier.carry(organizationId, events);
      sequence = last.sequence;
      if (!(await audit.saveAuditStreamPosition({ name, holder, organizationId, sequence }))) return;
    }
  }

  const run = createGroupCommit(async () => {
    cancel();
    if (isClosed) return;
    try {
      if (await hold()) {
        for (const { organizationId, sequence } of await audit.listAuditStreamPositions({ name })) {
          await carryChain(organizationId, sequence);
        }
      }
      if (isFailing) log.info({ stream: name }, 'The receiver of audit events has them again.');
      isFailing = false;
      retryMs = RETRY_MS_MIN;
      cancel = schedule(POLL_MS, () => void run());
    } catch (err) {
      if (!isFailing) log.error({ err, stream: name }, 'Audit events wait for their receiver.');
      isFailing = true;
      cancel = schedule(retryMs, () => void run());
      retryMs = Math.min(2 * retryMs, RETRY_MS_MAX);
    }
  });
  void run();

  return {
    // While the receiver is away, the next retry is soon enough.
    wake: () => void (isFailing || isClosed || run()),
    close: async () => {
      if (!isFailing) await run();
      isClosed = true;
      await run();
      cancel();
      carrier.close();
      await audit.releaseAuditStream({ name, holder }).catch(() => undefined);
    },
  };
}
