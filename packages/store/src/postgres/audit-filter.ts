/** Which links of a chain are meant; what is absent filters nothing. */
export type AuditFilter = {
  action?: string | undefined;
  outcome?: string | undefined;
  /** An id or a label. */
  actor?: string | undefined;
  targetId?: string | undefined;
  projectId?: string | undefined;
  ip?: string | undefined;
  fromMs?: number | undefined;
  /** Up to and without it. */
  toMs?: number | undefined;
};

/** In the order in which queries bind them. */
export function valuesOfFilter({
  action,
  outcome,
  actor,
  targetId,
  projectId,
  ip,
  fromMs,
  toMs,
}: AuditFilter) {
  return [
    ...[action, outcome, actor, targetId, projectId, ip].map((value) => value ?? null),
    ...[fromMs, toMs].map((ms) => (ms === undefined ? null : new Date(ms))),
  ];
}
