import type { RepricingCursor } from '../repricing.ts';

export type RemappingProgress = {
  /** Where it goes on; undefined before the first batch. */
  cursor?: RepricingCursor | undefined;
  isOver: boolean;
  spans: number;
  changed: number;
  lost: number;
};

export type StoredRemapping = {
  id: string;
  organizationId: string;
  projectId: string;
  fromMs: number;
  toMs: number;
  isDryRun: boolean;
  isForced: boolean;
  status: 'running' | 'done' | 'failed';
  requestedBy: string | undefined;
  createdAtMs: number;
  updatedAtMs: number;
  endedAtMs: number | undefined;
  serverId: string;
  spansTotal: number;
  progress: RemappingProgress;
  error: string | undefined;
};

export const remappingColumns = `id, organization_id, project_id, from_at, to_at, is_dry_run, is_forced, status,
  requested_by, created_at, updated_at, ended_at, server_id, spans_total, progress, error`;

export type RemappingRow = {
  id: string;
  organization_id: string;
  project_id: string;
  from_at: Date;
  to_at: Date;
  is_dry_run: boolean;
  is_forced: boolean;
  status: StoredRemapping['status'];
  requested_by: string | null;
  created_at: Date;
  updated_at: Date;
  ended_at: Date | null;
  server_id: string;
  spans_total: string;
  progress: RemappingProgress;
  error: string | null;
};

export function readRemapping(row: RemappingRow): StoredRemapping {
  return {
    id: row.id,
    organizationId: row.organization_id,
    projectId: row.project_id,
    fromMs: row.from_at.getTime(),
    toMs: row.to_at.getTime(),
    isDryRun: row.is_dry_run,
    isForced: row.is_forced,
    status: row.status,
    requestedBy: row.requested_by ?? undefined,
    createdAtMs: row.created_at.getTime(),
    updatedAtMs: row.updated_at.getTime(),
    endedAtMs: row.ended_at?.getTime(),
    serverId: row.server_id,
    spansTotal: Number(row.spans_total),
    progress: row.progress,
    error: row.error ?? undefined,
  };
}
