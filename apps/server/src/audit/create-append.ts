import { randomBytes } from 'node:crypto';
import type { RelationalStore, StoredAuditEvent } from '@app/store';
import type { AuditKeys } from './audit-keys.ts';
import { bindEvents, FIRST_PREVIOUS, headMacOf } from './bind-events.ts';
import type { DraftedEvent } from './draft-event.ts';

export type AppendDeps = {
  audit: Pick<RelationalStore['audit'], 'insertAuditChain' | 'findAuditChain' | 'appendAuditEvents'>;
  keys: AuditKeys;
  nowMs: () => number;
  /** Hears of links that were just added. */
  onAppended?: (organizationId: string, events: readonly StoredAuditEvent[]) => void;
};

export type Append = {
  /** Adds events to their chains, in order; those that are there already are left out. Rejects when not all could be. */
  append(events: readonly DraftedEvent[]): Promise<void>;
  /** What binds the links of a chain, which begins when there is none. */
  getChainKey(organizationId: string): Promise<Buffer>;
};

/** One transaction binds so many: few enough that nobody waits long for the chain. */
const BATCH_MAX = 500;
const KEYS_MAX = 10_000;

/** Adds to chains. What one chain refuses keeps no other waiting. */
export function createAppend(deps: AppendDeps): Append {
  const { audit, nowMs } = deps;
  const known = new Map<string, Buffer>();

  async function getChainKey(organizationId: string): Promise<Buffer> {
    const cached = known.get(organizationId);
    if (cached !== undefined) return cached;
    const key = await openChainKey(deps, organizationId, nowMs());
    if (known.size >= KEYS_MAX) known.clear();
    known.set(organizationId, key);
    return key;
  }

  async function appendTo(organizationId: string, events: readonly DraftedEvent[]): Promise<void> {
    const key = await getChainKey(organizationId);
    for (let at = 0; at < events.length; at += BATCH_MAX) {
      const added = await audit.appendAuditEvents(organizationId, {
        events: events.slice(at, at + BATCH_MAX),
        link: (chain, fresh) => bindEvents(key, chain, fresh),
      });
      if (added.length > 0) deps.onAppended?.(organizationId, added);
    }
  }

  return {
    getChainKey,
    async append(events) {
      const chains = Map.groupBy(events, ({ organizationId }) => organizationId);
      const failures: unknown[] = [];
      for (const [organizationId, own] of chains) {
        await appendTo(organizationId, own).catch((error: unknown) => failures.push(error));
      }
      if (failures.length > 0) throw failures[0];
    },
  };
}

async function openChainKey(
  { audit, keys }: Pick<AppendDeps, 'audit' | 'keys'>,
  organizationId: string,
  createdAtMs: number,
): Promise<Buffer> {
  const kept = (await audit.findAuditChain(organizationId)) ?? (await begin());
  const key = keys.openChainKey(organizationId, kept.sealedKey);
  if (key === undefined) throw new Error(`The key of the audit chain of ${organizationId} does not open.`);
  return key;

  async function begin() {
    const fresh = randomBytes(32);
    return audit.insertAuditChain({
      organizationId,
      sealedKey: keys.sealChainKey(organizationId, fresh),
      mac: FIRST_PREVIOUS,
      headMac: headMacOf(fresh, organizationId, { sequence: 0, mac: FIRST_PREVIOUS }),
      createdAtMs,
    });
  }
}
