import type { AuditAction, AuditTarget } from '@app/contract';

export type NewAuditActor = {
  kind: 'person' | 'key' | 'operator' | 'server' | 'anyone';
  id?: string | undefined;
  label?: string | undefined;
  role?: string | undefined;
  sessionId?: string | undefined;
};

/** Something that somebody does, before it has its place in a chain. */
export type NewAuditEvent = {
  /** Whose chain it belongs to; undefined for what belongs to the installation. */
  organizationId?: string | undefined;
  projectId?: string | undefined;
  action: AuditAction;
  actor: NewAuditActor;
  ip?: string | undefined;
  userAgent?: string | undefined;
  requestId?: string | undefined;
  target?: AuditTarget | undefined;
  /** As people are shown it. What is secret in it becomes a digest before it is kept. */
  before?: unknown;
  after?: unknown;
};

/** A change under way. One that ends in neither way, because the process died, is written down as `failed`. */
export type AuditEntry = {
  done(event: NewAuditEvent): Promise<void>;
  failed(reason: string): Promise<void>;
};

export type Refusal = Omit<NewAuditEvent, 'action' | 'before' | 'after' | 'target'> & {
  /** The code of the error, and what was asked for: a method and a route, not an address with values in it. */
  code: string;
  route: string;
};

/** What people and keys do is written down here. */
export type Audit = {
  /**
   * Before a change. Where changes have to be audited and this one cannot be, it rejects with `store_unavailable`,
   * and nothing may change; elsewhere it never rejects.
   */
  begin(event: NewAuditEvent): Promise<AuditEntry>;
  /** What happened already, such as a sign-in. */
  record(event: NewAuditEvent & { outcome?: 'done' | 'refused' | 'failed'; reason?: string }): Promise<void>;
  /** Counts what was refused; the same from the same is told once a minute, with how often. Never waits. */
  noteRefusal(refusal: Refusal): void;
  /** Writes out what waits. */
  close(): Promise<void>;
};
