import { AuditAction, AuditActor, type AuditEvent, AuditOutcome } from '@app/contract';
import type { StoredAuditEvent } from '@app/store';

/** An event as people and programs are shown it. */
export function showEvent(event: StoredAuditEvent): AuditEvent {
  return {
    id: event.id,
    sequence: event.sequence,
    at: new Date(event.atMs).toISOString(),
    // What somebody wrote into the table is shown as far as it can be: the verification says what is wrong.
    action: AuditAction.catch('settings.change').parse(event.action),
    outcome: AuditOutcome.catch('failed').parse(event.outcome),
    actor: {
      kind: AuditActor.shape.kind.catch('anyone').parse(event.actorKind),
      id: event.actorId,
      label: event.actorLabel,
      role: event.actorRole,
      session_id: event.actorSession,
    },
    ip: event.ip,
    user_agent: event.userAgent,
    request_id: event.requestId,
    project_id: event.projectId,
    target:
      event.targetKind === null || event.targetId === null
        ? null
        : { kind: event.targetKind, id: event.targetId, name: event.targetName },
    before: parse(event.before),
    after: parse(event.after),
    reason: event.reason,
    count: event.count,
    mac: event.mac.toString('hex'),
  };
}

function parse(json: string | null): unknown {
  if (json === null) return null;
  try {
    return JSON.parse(json);
  } catch {
    return '(not JSON)';
  }
}
