import { installationQuery } from '../query.ts';
import type { StoredResponse } from '../stored-response-row.ts';

/** Inserts many at a time, of any projects. One that is there already stays as it is. */
export const insertStoredResponses = installationQuery({
  sql: `insert into stored_responses (project_id, mode, id, key_id, status, previous_id, conversation_id, server_id,
      created_at, expires_at, sealed, item_ids, request_id, user_id, session_id, tags)
    select u.project_id, u.mode, u.id, u.key_id, u.status, u.previous_id, u.conversation_id, u.server_id,
      u.created_at, u.expires_at, u.sealed, array(select jsonb_array_elements_text(u.item_ids)),
      u.request_id, u.user_id, u.session_id, array(select jsonb_array_elements_text(u.tags))
    from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
      $9::timestamptz[], $10::timestamptz[], $11::bytea[], $12::jsonb[], $13::text[], $14::text[], $15::text[],
      $16::jsonb[])
      as u (project_id, mode, id, key_id, status, previous_id, conversation_id, server_id,
        created_at, expires_at, sealed, item_ids, request_id, user_id, session_id, tags)
    on conflict (project_id, mode, id) do nothing`,
  values: (responses: readonly StoredResponse[]) => [
    responses.map(({ projectId }) => projectId),
    responses.map(({ mode }) => mode),
    responses.map(({ id }) => id),
    responses.map(({ keyId }) => keyId),
    responses.map(({ status }) => status),
    responses.map(({ previousId }) => previousId ?? null),
    responses.map(({ conversationId }) => conversationId ?? null),
    responses.map(({ serverId }) => serverId ?? null),
    responses.map(({ createdAtMs }) => new Date(createdAtMs)),
    responses.map(({ expiresAtMs }) => new Date(expiresAtMs)),
    responses.map(({ sealed }) => sealed),
    responses.map(({ itemIds }) => JSON.stringify(itemIds)),
    responses.map(({ by }) => by?.requestId ?? null),
    responses.map(({ by }) => by?.userId ?? null),
    responses.map(({ by }) => by?.sessionId ?? null),
    responses.map(({ by }) => JSON.stringify(by?.tags ?? [])),
  ],
  read: () => undefined,
});
