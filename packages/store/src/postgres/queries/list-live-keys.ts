import { installationQuery } from '../query.ts';

export type LiveKey = {
  id: string;
  name: string;
  projectId: string;
  /** Whether it is of the project that the first start made. */
  isOfFirstProject: boolean;
  mode: 'live' | 'test';
  permissions: string[];
  createdAtMs: number;
  lastUsedAtMs: number | undefined;
  expiresAtMs: number | undefined;
  hasIpRanges: boolean;
};

type Row = {
  id: string;
  name: string;
  project_id: string;
  is_first: boolean;
  mode: LiveKey['mode'];
  permissions: string[];
  created_at: Date;
  last_used_at: Date | null;
  expires_at: Date | null;
  has_ip_ranges: boolean;
};

/** Keys of all projects that work now, the oldest first. */
export const listLiveKeys = installationQuery({
  sql: `select k.id, k.name, k.project_id, o.slug = 'default' and p.slug = 'default' as is_first, k.mode, k.permissions,
      k.created_at, k.last_used_at, k.expires_at, k.ip_ranges is not null as has_ip_ranges
    from api_keys k
    join projects p on p.id = k.project_id join organizations o on o.id = p.organization_id
    where k.revoked_at is null and (k.expires_at is null or k.expires_at > $1)
    order by k.created_at, k.id limit $2`,
  values: ({ nowMs, limit }: { nowMs: number; limit: number }) => [new Date(nowMs), limit],
  read: (rows: Row[]): LiveKey[] =>
    rows.map((row) => ({
      id: row.id,
      name: row.name,
      projectId: row.project_id,
      isOfFirstProject: row.is_first,
      mode: row.mode,
      permissions: row.permissions,
      createdAtMs: row.created_at.getTime(),
      lastUsedAtMs: row.last_used_at?.getTime(),
      expiresAtMs: row.expires_at?.getTime(),
      hasIpRanges: row.has_ip_ranges,
    })),
});
