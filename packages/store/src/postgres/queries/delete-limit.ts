import { type LimitRow, limitColumns, readLimit } from '../limit-row.ts';
import { organizationQuery } from '../query.ts';
import type { FindLimit } from './find-limit.ts';

/** Ends a limit or a budget that was made over the API; `undefined` when there is none. Its row stays as a mark. */
export const deleteLimit = organizationQuery({
  sql: `with l as (
      update limits set deleted_at = $5
      where organization_id = $1 and project_id is not distinct from $2 and id = $3 and is_budget = $4
        and deleted_at is null and source = 'api'
      returning *
    )
    select ${limitColumns}, l.sequence from l join organizations o on o.id = l.organization_id`,
  values: (input: FindLimit & { deletedAtMs: number }) => [
    input.projectId,
    input.id,
    input.isBudget,
    new Date(input.deletedAtMs),
  ],
  read: ([row]: (LimitRow & { sequence: string })[]) =>
    row === undefined ? undefined : { limit: readLimit(row), sequence: Number(row.sequence) },
});
