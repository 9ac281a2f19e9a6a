import { type LimitRow, limitColumns, readLimit } from '../limit-row.ts';
import { installationQuery } from '../query.ts';

/** What came from the configuration file, and whatever else has one of these ids, which no two may share. */
export const listFileLimits = installationQuery({
  sql: `select ${limitColumns} from limits l join organizations o on o.id = l.organization_id
    where l.deleted_at is null and (l.source = 'file' or l.id = any($1))`,
  values: (input: { ids: readonly string[] }) => [input.ids],
  read: (rows: LimitRow[]) => rows.map(readLimit),
});
