import type { RepricingCursor } from '../repricing.ts';

/** What one model cost in a range, before and after. Nano-dollars are decimal text: sums may be beyond a safe integer. */
export type RepricedModel = {
  provider: string;
  model: string;
  attempts: number;
  changed: number;
  beforeNanos: string;
  afterNanos: string;
  /** Attempts whose cost was, and is, not known. */
  unknownBefore: number;
  unknownAfter: number;
  /** Kept as they were, because no price is known today. */
  kept: number;
  /** The first few of either. */
  versionsBefore: string[];
  versionsAfter: string[];
};

export type RepricingProgress = {
  /** Batches that are in the report; the last of them may not be in the spans yet. */
  batches: number;
  /** Where the next batch begins; undefined before the first. */
  cursor?: RepricingCursor | undefined;
  calls: number;
  changedCalls: number;
  models: RepricedModel[];
};

export type StoredRepricing = {
  id: string;
  organizationId: string;
  projectId: string;
  fromMs: number;
  toMs: number;
  isApplied: boolean;
  status: 'running' | 'done' | 'failed';
  requestedBy: string | undefined;
  createdAtMs: number;
  updatedAtMs: number;
  endedAtMs: number | undefined;
  serverId: string;
  callsTotal: number;
  progress: RepricingProgress;
  error: string | undefined;
};

export const repricingColumns = `id, organization_id, project_id, from_at, to_at, is_applied, status, requested_by,
  created_at, updated_at, ended_at, server_id, calls_total, progress, error`;

export type RepricingRow = {
  id: string;
  organization_id: string;
  project_id: string;
  from_at: Date;
  to_at: Date;
  is_applied: boolean;
  status: StoredRepricing['status'];
  requested_by: string | null;
  created_at: Date;
  updated_at: Date;
  ended_at: Date | null;
  server_id: string;
  calls_total: string;
  progress: RepricingProgress;
  error: string | null;
};

export function readRepricing(row: RepricingRow): StoredRepricing {
  return {
    id: row.id,
    organizationId: row.organization_id,
    projectId: row.project_id,
    fromMs: row.from_at.getTime(),
    toMs: row.to_at.getTime(),
    isApplied: row.is_applied,
    status: row.status,
    requestedBy: row.requested_by ?? undefined,
    createdAtMs: row.created_at.getTime(),
    updatedAtMs: row.updated_at.getTime(),
    endedAtMs: row.ended_at?.getTime(),
    serverId: row.server_id,
    callsTotal: Number(row.calls_total),
    progress: row.progress,
    error: row.error ?? undefined,
  };
}
