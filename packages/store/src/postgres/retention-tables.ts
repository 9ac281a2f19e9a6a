import type { ChangeFeeds } from './open-change-feeds.ts';
import type { Database } from './open-postgres.ts';
import { answerDataRound } from './queries/answer-data-round.ts';
import { askContentSweeps } from './queries/ask-content-sweeps.ts';
import { beginDataRound } from './queries/begin-data-round.ts';
import { claimDeletion } from './queries/claim-deletion.ts';
import { claimRetentionRun } from './queries/claim-retention-run.ts';
import { countOwnedRows } from './queries/count-owned-rows.ts';
import { countStoredResponses } from './queries/count-stored-responses.ts';
import { countToldUser } from './queries/count-told-user.ts';
import { countUnansweredRounds } from './queries/count-unanswered-rounds.ts';
import { deleteConversationOfSession } from './queries/delete-conversation-of-session.ts';
import { deleteOwnedItems } from './queries/delete-owned-items.ts';
import { deleteOwnedResponses } from './queries/delete-owned-responses.ts';
import { deleteResponsesOfRequests } from './queries/delete-responses-of-requests.ts';
import { deleteUnusedConversationsOfProject } from './queries/delete-unused-conversations-of-project.ts';
import { endContentSweep } from './queries/end-content-sweep.ts';
import { findDataRound } from './queries/find-data-round.ts';
import { findDeletion } from './queries/find-deletion.ts';
import { findRetention } from './queries/find-retention.ts';
import { forgetRetentionRun } from './queries/forget-retention-run.ts';
import { forgetToldUser } from './queries/forget-told-user.ts';
import { insertDeletion } from './queries/insert-deletion.ts';
import { listContentSweeps } from './queries/list-content-sweeps.ts';
import { listDeletions } from './queries/list-deletions.ts';
import { listErasures } from './queries/list-erasures.ts';
import { listItemsToExport } from './queries/list-items-to-export.ts';
import { listResponsesToExport } from './queries/list-responses-to-export.ts';
import { listRetentions } from './queries/list-retentions.ts';
import { listToldAnomalies } from './queries/list-told-anomalies.ts';
import { listToldEvents } from './queries/list-told-events.ts';
import { saveDeletion } from './queries/save-deletion.ts';
import { setResponseExpiry } from './queries/set-response-expiry.ts';
import { upsertRetention } from './queries/upsert-retention.ts';

/** How long data is kept, what is deleted on request, and what is handed out. */
export function retentionTables(
  postgres: Database,
  { onDataRound, onDeletion }: Pick<ChangeFeeds, 'onDataRound' | 'onDeletion'>,
) {
  return {
    retention: {
      findRetention: findRetention(postgres),
      upsertRetention: upsertRetention(postgres),
      listRetentions: listRetentions(postgres),
      claimRetentionRun: claimRetentionRun(postgres),
      forgetRetentionRun: forgetRetentionRun(postgres),
      setResponseExpiry: setResponseExpiry(postgres),
      deleteUnusedConversationsOfProject: deleteUnusedConversationsOfProject(postgres),
      askContentSweeps: askContentSweeps(postgres),
      listContentSweeps: listContentSweeps(postgres),
      endContentSweep: endContentSweep(postgres),
      countStoredResponses: countStoredResponses(postgres),
    },
    deletions: {
      insertDeletion: insertDeletion(postgres),
      findDeletion: findDeletion(postgres),
      listDeletions: listDeletions(postgres),
      claimDeletion: claimDeletion(postgres),
      saveDeletion: saveDeletion(postgres),
      listErasures: listErasures(postgres),
      beginDataRound: beginDataRound(postgres),
      findDataRound: findDataRound(postgres),
      answerDataRound: answerDataRound(postgres),
      countUnansweredRounds: countUnansweredRounds(postgres),
      onDataRound,
      onDeletion,
    },
    owned: {
      deleteResponsesOfRequests: deleteResponsesOfRequests(postgres),
      deleteOwnedResponses: deleteOwnedResponses(postgres),
      deleteOwnedItems: deleteOwnedItems(postgres),
      countOwnedRows: countOwnedRows(postgres),
      deleteConversationOfSession: deleteConversationOfSession(postgres),
      listResponsesToExport: listResponsesToExport(postgres),
      listItemsToExport: listItemsToExport(postgres),
      forgetToldUser: forgetToldUser(postgres),
      countToldUser: countToldUser(postgres),
      listToldEvents: listToldEvents(postgres),
      listToldAnomalies: listToldAnomalies(postgres),
    },
  };
}
