import { organizationQuery } from '../query.ts';

export type AddressNews = {
  sequence: number;
  projectId: string;
  keyId: string;
  keyName: string;
  range: string;
  ip: string;
  atMs: number;
};

type NewsRow = {
  sequence: string;
  project_id: string;
  key_id: string;
  key_name: string;
  range: string;
  ip: string;
  at: Date;
};

/** Keys of an organization that were used from where they never were, after a number, in order. */
export const listAddressNews = organizationQuery({
  sql: `select sequence, project_id, key_id, key_name, range, ip, at from key_address_news
    where organization_id = $1 and sequence > $2 order by sequence limit $3`,
  values: ({ after, limit }: { after: number; limit: number }) => [after, limit],
  read: (rows: NewsRow[]): AddressNews[] =>
    rows.map((row) => ({
      sequence: Number(row.sequence),
      projectId: row.project_id,
      keyId: row.key_id,
      keyName: row.key_name,
      range: row.range,
      ip: row.ip,
      atMs: row.at.getTime(),
    })),
});
