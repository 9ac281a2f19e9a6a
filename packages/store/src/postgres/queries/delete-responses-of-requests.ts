import { projectQuery } from '../query.ts';

/** Deletes the replies of these calls and what they added to conversations, and gives how many replies there were. */
export const deleteResponsesOfRequests = projectQuery({
  sql: `with gone as (
      delete from stored_responses where project_id = $1 and request_id = any($2) returning id
    ), items as (
      delete from conversation_items where project_id = $1 and request_id = any($2) returning 1
    )
    select count(*) as responses, (select count(*) from items) as items from gone`,
  values: ({ requestIds }: { requestIds: readonly string[] }) => [requestIds],
  read: ([row]: { responses: string }[]) => Number(row?.responses ?? 0),
});
