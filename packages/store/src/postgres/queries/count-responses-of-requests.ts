import { projectQuery } from '../query.ts';

/** How many replies of these calls are kept, and how much of them conversations hold. */
export const countResponsesOfRequests = projectQuery({
  sql: `select (select count(*) from stored_responses where project_id = $1 and request_id = any($2)) as responses,
    (select count(*) from conversation_items where project_id = $1 and request_id = any($2)) as items`,
  values: ({ requestIds }: { requestIds: readonly string[] }) => [requestIds],
  read: ([row]: { responses: string; items: string }[]) => ({
    responses: Number(row?.responses ?? 0),
    items: Number(row?.items ?? 0),
  }),
});
