import { type LimitRow, limitColumns, readLimit } from '../limit-row.ts';
import { organizationQuery } from '../query.ts';

export type FindLimit = {
  /** Absent for what holds for the whole organization. */
  projectId: string | undefined;
  id: string;
  isBudget: boolean;
};

/** A limit or a budget by its id, of that project alone or of the whole organization alone. */
export const findLimit = organizationQuery({
  sql: `select ${limitColumns} from limits l join organizations o on o.id = l.organization_id
    where l.organization_id = $1 and l.project_id is not distinct from $2 and l.id = $3 and l.is_budget = $4
      and l.deleted_at is null`,
  values: ({ projectId, id, isBudget }: FindLimit) => [projectId, id, isBudget],
  read: ([row]: LimitRow[]) => (row === undefined ? undefined : readLimit(row)),
});
