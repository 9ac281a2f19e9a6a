import type { RelationalStore } from '@app/store';
import { type IdSource, newId } from '../ids.ts';
import type { NewAuditActor } from './audit.ts';
import type { AuditKeys } from './audit-keys.ts';
import { bindEvents } from './bind-events.ts';
import { draftEvent } from './draft-event.ts';

export type PruneDeps = {
  audit: Pick<RelationalStore['audit'], 'pruneAuditEvents'>;
  keys: AuditKeys;
  getChainKey(organizationId: string): Promise<Buffer>;
  ids: IdSource;
};

export type Prune = { organizationId: string; beforeMs: number; actor: NewAuditActor };

/**
 * Takes out of a chain what is older. A link at its end says from where it begins then, so that it can be verified as
 * before; the newest link always stays. Answers with how many links that were.
 */
export async function pruneChain(
  { audit, keys, getChainKey, ids }: PruneDeps,
  { organizationId, beforeMs, actor }: Prune,
): Promise<number> {
  const key = await getChainKey(organizationId);
  return audit.pruneAuditEvents(organizationId, {
    sinceMs: beforeMs,
    link: (chain, events) => bindEvents(key, chain, events),
    tell: (floor) => {
      const after = {
        before: new Date(beforeMs).toISOString(),
        from_sequence: floor.sequence,
        previous_mac: floor.previous.toString('hex'),
      };
      const told = {
        id: newId('aud_', ids),
        atMs: ids.nowMs(),
        outcome: 'done' as const,
        digest: keys.digest,
      };
      const { organizationId: _, ...event } = draftEvent(
        { organizationId, action: 'audit.prune', actor, after },
        told,
      );
      return event;
    },
  });
}
