import { installationQuery } from '../query.ts';

export type ProjectPlace = {
  id: string;
  organizationId: string;
  name: string;
  checkedAtMs: number | undefined;
};

type PlaceRow = { id: string; organization_id: string; name: string; checked_at: Date | null };

/** Projects that were not looked at for anomalies since a time, those that waited longest first. */
export const listProjectPlaces = installationQuery({
  sql: `select p.id, p.organization_id, p.name, c.checked_at
    from projects p left join anomaly_checks c on c.project_id = p.id
    where c.checked_at is null or c.checked_at <= $1 order by c.checked_at nulls first, p.id limit $2`,
  values: ({ beforeMs, limit }: { beforeMs: number; limit: number }) => [new Date(beforeMs), limit],
  read: (rows: PlaceRow[]): ProjectPlace[] =>
    rows.map((row) => ({
      id: row.id,
      organizationId: row.organization_id,
      name: row.name,
      checkedAtMs: row.checked_at?.getTime(),
    })),
});
