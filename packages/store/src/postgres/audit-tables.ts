import type { StoredAuditChain } from './audit-chain-row.ts';
import type { StoredAuditEvent } from './audit-event-row.ts';
import type { Database, Postgres } from './open-postgres.ts';
import { claimAuditStream } from './queries/claim-audit-stream.ts';
import { findAuditChain } from './queries/find-audit-chain.ts';
import { findAuditFloor } from './queries/find-audit-floor.ts';
import { findAuditPrune } from './queries/find-audit-prune.ts';
import { findKnownAuditIds } from './queries/find-known-audit-ids.ts';
import { insertAuditChain } from './queries/insert-audit-chain.ts';
import { insertAuditEvents } from './queries/insert-audit-events.ts';
import { listAuditChains } from './queries/list-audit-chains.ts';
import { listAuditEvents } from './queries/list-audit-events.ts';
import { listAuditEventsUpwards } from './queries/list-audit-events-upwards.ts';
import { listAuditStreamPositions } from './queries/list-audit-stream-positions.ts';
import { lockAuditChain } from './queries/lock-audit-chain.ts';
import { markAuditAnchor } from './queries/mark-audit-anchor.ts';
import { type AuditHead, moveAuditHead } from './queries/move-audit-head.ts';
import { pruneAuditEvents } from './queries/prune-audit-events.ts';
import { readAuditEvents } from './queries/read-audit-events.ts';
import { releaseAuditStream } from './queries/release-audit-stream.ts';
import { saveAuditStreamPosition } from './queries/save-audit-stream-position.ts';

/** An event that has no place in its chain yet. */
export type UnlinkedAuditEvent = Omit<StoredAuditEvent, 'sequence' | 'previous' | 'mac'>;

export type AppendAuditEvents = {
  events: readonly UnlinkedAuditEvent[];
  /** Numbers events and binds them to the head; runs while the chain is held. */
  link(
    chain: StoredAuditChain,
    events: readonly UnlinkedAuditEvent[],
  ): { events: readonly StoredAuditEvent[]; head: AuditHead };
};

export type PruneAuditEvents = {
  sinceMs: number;
  /** The link that says from where the chain begins then: it is added before anything is taken out. */
  tell(floor: StoredAuditEvent): UnlinkedAuditEvent;
  link: AppendAuditEvents['link'];
};

/** What people, keys and the operator did. A chain is named by its organization; it must have been begun. */
export function auditTables(postgres: Postgres) {
  return {
    audit: {
      insertAuditChain: insertAuditChain(postgres),
      findAuditChain: findAuditChain(postgres),
      listAuditChains: listAuditChains(postgres),
      listAuditEvents: listAuditEvents(postgres),
      listAuditEventsUpwards: listAuditEventsUpwards(postgres),
      readAuditEvents: readAuditEvents(postgres),
      findAuditPrune: findAuditPrune(postgres),
      markAuditAnchor: markAuditAnchor(postgres),
      claimAuditStream: claimAuditStream(postgres),
      releaseAuditStream: releaseAuditStream(postgres),
      listAuditStreamPositions: listAuditStreamPositions(postgres),
      saveAuditStreamPosition: saveAuditStreamPosition(postgres),
      /**
       * Adds events to the end of a chain, all or none; those that are in a chain already are left out. Several servers
       * may do it at once: each waits for the chain. Answers with the links that were added.
       */
      appendAuditEvents: (organizationId: string, append: AppendAuditEvents) =>
        appendAuditEvents(postgres, organizationId, append),
      /** Takes out what is older, but never the newest link. Answers with how many links that were. */
      pruneAuditEvents: (organizationId: string, prune: PruneAuditEvents) =>
        takeOutOld(postgres, organizationId, prune),
    },
  };
}

async function appendAuditEvents(
  postgres: Postgres,
  organizationId: string,
  { events, link }: AppendAuditEvents,
): Promise<readonly StoredAuditEvent[]> {
  return postgres.transaction(async (db) => {
    const chain = await lockChain(db, organizationId);
    const known = await findKnownAuditIds(db)({ ids: events.map(({ id }) => id) });
    const fresh = events.filter(({ id }) => !known.has(id));
    if (fresh.length === 0) return [];
    const linked = link(chain, fresh);
    await insertAuditEvents(db)(organizationId, { events: linked.events });
    await moveAuditHead(db)(organizationId, linked.head);
    return linked.events;
  });
}

async function takeOutOld(
  postgres: Postgres,
  organizationId: string,
  { sinceMs, tell, link }: PruneAuditEvents,
): Promise<number> {
  return postgres.transaction(async (db) => {
    const chain = await lockChain(db, organizationId);
    const [oldest] = await readAuditEvents(db)(organizationId, { afterSequence: 0, limit: 1 });
    const [newest] = await readAuditEvents(db)(organizationId, {
      afterSequence: chain.sequence - 1,
      limit: 1,
    });
    const floor = (await findAuditFloor(db)(organizationId, { sinceMs })) ?? newest;
    if (oldest === undefined || floor === undefined || floor.sequence <= oldest.sequence) return 0;
    const linked = link(chain, [tell(floor)]);
    await insertAuditEvents(db)(organizationId, { events: linked.events });
    await moveAuditHead(db)(organizationId, linked.head);
    return pruneAuditEvents(db)({ organizationId, beforeSequence: floor.sequence });
  });
}

async function lockChain(db: Database, organizationId: string): Promise<StoredAuditChain> {
  const chain = await lockAuditChain(db)(organizationId);
  if (chain === undefined) throw new Error(`There is no audit chain of ${organizationId}.`);
  return chain;
}
