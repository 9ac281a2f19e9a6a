import { createHmac, timingSafeEqual } from 'node:crypto';
import type { StoredAuditChain, StoredAuditEvent, UnlinkedAuditEvent } from '@app/store';

/** The chain of what belongs to no organization. */
export const INSTALLATION_CHAIN = 'installation';

/** What the first link is bound to. */
export const FIRST_PREVIOUS: Buffer = Buffer.alloc(32);

type Linked = {
  events: StoredAuditEvent[];
  head: Pick<StoredAuditChain, 'sequence' | 'mac' | 'headMac'>;
};

/** Numbers events on from the head of their chain, and binds each to all before it. */
export function bindEvents(
  key: Uint8Array,
  chain: Pick<StoredAuditChain, 'organizationId' | 'sequence' | 'mac'>,
  events: readonly UnlinkedAuditEvent[],
): Linked {
  const { organizationId } = chain;
  let { sequence, mac } = chain;
  const linked = events.map((event) => {
    sequence += 1;
    const bound = { ...event, sequence, previous: mac };
    mac = macOf(key, organizationId, bound);
    return { ...bound, mac };
  });
  return {
    events: linked,
    head: { sequence, mac, headMac: headMacOf(key, organizationId, { sequence, mac }) },
  };
}

/**
 * HMAC-SHA-256 over everything that a link says, its place and the mac of the link before: a JSON array of fixed order,
 * so that the same link is always the same bytes.
 */
export function macOf(key: Uint8Array, organizationId: string, event: Omit<StoredAuditEvent, 'mac'>): Buffer {
  const text = JSON.stringify([
    'tokenrouter.audit.1',
    organizationId,
    event.sequence,
    event.id,
    event.atMs,
    event.action,
    event.outcome,
    event.actorKind,
    event.actorId,
    event.actorLabel,
    event.actorRole,
    event.actorSession,
    event.ip,
    event.userAgent,
    event.requestId,
    event.projectId,
    event.targetKind,
    event.targetId,
    event.targetName,
    event.before,
    event.after,
    event.reason,
    event.count,
    event.previous.toString('hex'),
  ]);
  return createHmac('sha256', key).update(text, 'utf8').digest();
}

/** Proves which link is the newest, so that nobody without the key can move the end of a chain to where it never was. */
export function headMacOf(
  key: Uint8Array,
  organizationId: string,
  { sequence, mac }: Pick<StoredAuditChain, 'sequence' | 'mac'>,
): Buffer {
  const text = JSON.stringify(['tokenrouter.audit-head.1', organizationId, sequence, mac.toString('hex')]);
  return createHmac('sha256', key).update(text, 'utf8').digest();
}

export function isSameMac(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && timingSafeEqual(left, right);
}
