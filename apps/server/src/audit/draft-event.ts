import type { UnlinkedAuditEvent } from '@app/store';
import type { NewAuditEvent } from './audit.ts';
import { INSTALLATION_CHAIN } from './bind-events.ts';
import { writeSafeJson, writeSafeText } from './write-safe-json.ts';

/** An event as it will be kept, before it has its place in a chain. */
export type DraftedEvent = UnlinkedAuditEvent & { organizationId: string };

type Drafting = {
  id: string;
  atMs: number;
  outcome: 'done' | 'refused' | 'failed';
  reason?: string | undefined;
  count?: number;
  digest: (text: string) => string;
};

/** Nothing that is secret or without bound goes further than here. */
export function draftEvent(event: NewAuditEvent, drafting: Drafting): DraftedEvent {
  const { digest, id, atMs, outcome } = drafting;
  const text = (value: string | null | undefined, charsMax: number) =>
    value === undefined || value === null ? null : writeSafeText(value, charsMax, digest);
  const { actor, target } = event;
  return {
    organizationId: event.organizationId ?? INSTALLATION_CHAIN,
    id,
    atMs: Math.trunc(atMs),
    action: event.action,
    outcome,
    actorKind: actor.kind,
    actorId: text(actor.id, 128),
    actorLabel: text(actor.label, 254),
    actorRole: text(actor.role, 64),
    actorSession: text(actor.sessionId, 128),
    ip: text(event.ip, 64),
    userAgent: text(event.userAgent, 512),
    requestId: text(event.requestId, 128),
    projectId: text(event.projectId, 64),
    targetKind: text(target?.kind, 64),
    targetId: text(target?.id, 256),
    targetName: text(target?.name, 256),
    before: writeSafeJson(event.before, digest),
    after: writeSafeJson(event.after, digest),
    reason: text(drafting.reason, 1_000),
    count: drafting.count ?? 1,
  };
}
