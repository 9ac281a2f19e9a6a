import { projectQuery } from '../query.ts';
import { type RepricingRow, readRepricing, repricingColumns } from '../repricing-row.ts';

/** One of a project's, whether it runs or is over. */
export const findRepricing = projectQuery({
  sql: `select ${repricingColumns} from repricings where project_id = $1 and id = $2`,
  values: ({ id }: { id: string }) => [id],
  read: ([row]: RepricingRow[]) => (row === undefined ? undefined : readRepricing(row)),
});
