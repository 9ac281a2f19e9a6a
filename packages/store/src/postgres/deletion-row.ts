import type { DataFilter, Deletion, DeletionReceipt } from '@app/contract';

export type DeletionCounts = Deletion['deleted'];

/** What somebody asked to delete, and where it stands. */
export type StoredDeletion = {
  id: string;
  organizationId: string;
  projectId: string;
  filter: DataFilter;
  isDryRun: boolean;
  isTestOnly: boolean;
  state: Deletion['state'];
  requestedBy: string | undefined;
  requestedAtMs: number;
  finishedAtMs: number | undefined;
  serverId: string | undefined;
  deleted: DeletionCounts;
  /** Steps that are done; whoever takes over begins with the next. */
  step: number;
  error: string | undefined;
  receipt: DeletionReceipt | undefined;
};

export const deletionColumns = `id, organization_id, project_id, filter, is_dry_run, is_test_only, state, requested_by,
  requested_at, finished_at, server_id, deleted, step, error, receipt`;

export type DeletionRow = {
  id: string;
  organization_id: string;
  project_id: string;
  filter: DataFilter;
  is_dry_run: boolean;
  is_test_only: boolean;
  state: Deletion['state'];
  requested_by: string | null;
  requested_at: Date;
  finished_at: Date | null;
  server_id: string | null;
  deleted: DeletionCounts;
  step: number;
  error: string | null;
  receipt: DeletionReceipt | null;
};

export function readDeletion(row: DeletionRow): StoredDeletion {
  return {
    id: row.id,
    organizationId: row.organization_id,
    projectId: row.project_id,
    filter: row.filter,
    isDryRun: row.is_dry_run,
    isTestOnly: row.is_test_only,
    state: row.state,
    requestedBy: row.requested_by ?? undefined,
    requestedAtMs: row.requested_at.getTime(),
    finishedAtMs: row.finished_at?.getTime(),
    serverId: row.server_id ?? undefined,
    deleted: row.deleted,
    step: row.step,
    error: row.error ?? undefined,
    receipt: row.receipt ?? undefined,
  };
}
