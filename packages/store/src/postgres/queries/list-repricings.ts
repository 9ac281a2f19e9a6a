import { projectQuery } from '../query.ts';
import { type RepricingRow, readRepricing, repricingColumns } from '../repricing-row.ts';

/** A project's newest. */
export const listRepricings = projectQuery({
  sql: `select ${repricingColumns} from repricings where project_id = $1 order by created_at desc, id desc limit $2`,
  values: ({ limit }: { limit: number }) => [limit],
  read: (rows: RepricingRow[]) => rows.map(readRepricing),
});
