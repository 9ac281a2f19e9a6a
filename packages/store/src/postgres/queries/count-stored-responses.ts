import { projectQuery } from '../query.ts';

export const countStoredResponses = projectQuery({
  sql: 'select count(*) as responses from stored_responses where project_id = $1',
  values: () => [],
  read: ([row]: { responses: string }[]) => Number(row?.responses ?? 0),
});
