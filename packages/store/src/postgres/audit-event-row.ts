/** One link of a chain as it is kept. `before` and `after` are JSON to the letter, as they were bound. */
export type StoredAuditEvent = {
  sequence: number;
  id: string;
  atMs: number;
  action: string;
  outcome: string;
  actorKind: string;
  actorId: string | null;
  actorLabel: string | null;
  actorRole: string | null;
  actorSession: string | null;
  ip: string | null;
  userAgent: string | null;
  requestId: string | null;
  projectId: string | null;
  targetKind: string | null;
  targetId: string | null;
  targetName: string | null;
  before: string | null;
  after: string | null;
  reason: string | null;
  count: number;
  /** The mac of the link before; 32 bytes, as all macs. */
  previous: Buffer;
  mac: Buffer;
};

export type AuditEventRow = {
  sequence: string;
  id: string;
  at: Date;
  action: string;
  outcome: string;
  actor_kind: string;
  actor_id: string | null;
  actor_label: string | null;
  actor_role: string | null;
  actor_session: string | null;
  ip: string | null;
  user_agent: string | null;
  request_id: string | null;
  project_id: string | null;
  target_kind: string | null;
  target_id: string | null;
  target_name: string | null;
  before: string | null;
  after: string | null;
  reason: string | null;
  count: number;
  previous: Buffer;
  mac: Buffer;
};

export const auditEventColumns =
  'sequence, id, at, action, outcome, actor_kind, actor_id, actor_label, actor_role, actor_session, ip, user_agent, ' +
  'request_id, project_id, target_kind, target_id, target_name, before, after, reason, count, previous, mac';

export function readAuditEvent(row: AuditEventRow): StoredAuditEvent {
  return {
    sequence: Number(row.sequence),
    id: row.id,
    atMs: row.at.getTime(),
    action: row.action,
    outcome: row.outcome,
    actorKind: row.actor_kind,
    actorId: row.actor_id,
    actorLabel: row.actor_label,
    actorRole: row.actor_role,
    actorSession: row.actor_session,
    ip: row.ip,
    userAgent: row.user_agent,
    requestId: row.request_id,
    projectId: row.project_id,
    targetKind: row.target_kind,
    targetId: row.target_id,
    targetName: row.target_name,
    before: row.before,
    after: row.after,
    reason: row.reason,
    count: row.count,
    previous: row.previous,
    mac: row.mac,
  };
}
