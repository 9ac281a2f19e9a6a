import type { Database } from './open-postgres.ts';
import { cancelStoredResponse } from './queries/cancel-stored-response.ts';
import { deleteConversation } from './queries/delete-conversation.ts';
import { deleteConversationItem } from './queries/delete-conversation-item.ts';
import { deleteExpiredResponses } from './queries/delete-expired-responses.ts';
import { deleteStoredResponse } from './queries/delete-stored-response.ts';
import { deleteUnusedConversations } from './queries/delete-unused-conversations.ts';
import { endStoredResponse } from './queries/end-stored-response.ts';
import { failInterruptedResponses } from './queries/fail-interrupted-responses.ts';
import { findConversation } from './queries/find-conversation.ts';
import { findConversationItem } from './queries/find-conversation-item.ts';
import { insertConversation } from './queries/insert-conversation.ts';
import { insertConversationItems } from './queries/insert-conversation-items.ts';
import { insertStoredResponses } from './queries/insert-stored-responses.ts';
import { listConversationItems } from './queries/list-conversation-items.ts';
import { listItemsOfConversations } from './queries/list-items-of-conversations.ts';
import { listResponseChain } from './queries/list-response-chain.ts';
import { listResponsesOfItems } from './queries/list-responses-of-items.ts';
import { listRunningResponses } from './queries/list-running-responses.ts';
import { listStoredResponses } from './queries/list-stored-responses.ts';
import { measureConversation } from './queries/measure-conversation.ts';
import { updateConversation } from './queries/update-conversation.ts';

/** What the Responses API keeps: replies, conversations and their items. Sealed before they come here. */
export function responseTables(postgres: Database) {
  return {
    responses: {
      insertStoredResponses: insertStoredResponses(postgres),
      endStoredResponse: endStoredResponse(postgres),
      cancelStoredResponse: cancelStoredResponse(postgres),
      deleteStoredResponse: deleteStoredResponse(postgres),
      listStoredResponses: listStoredResponses(postgres),
      listResponseChain: listResponseChain(postgres),
      listResponsesOfItems: listResponsesOfItems(postgres),
      listRunningResponses: listRunningResponses(postgres),
      failInterruptedResponses: failInterruptedResponses(postgres),
      deleteExpiredResponses: deleteExpiredResponses(postgres),
    },
    conversations: {
      insertConversation: insertConversation(postgres),
      findConversation: findConversation(postgres),
      updateConversation: updateConversation(postgres),
      deleteConversation: deleteConversation(postgres),
      measureConversation: measureConversation(postgres),
      insertConversationItems: insertConversationItems(postgres),
      listConversationItems: listConversationItems(postgres),
      findConversationItem: findConversationItem(postgres),
      deleteConversationItem: deleteConversationItem(postgres),
      listItemsOfConversations: listItemsOfConversations(postgres),
      deleteUnusedConversations: deleteUnusedConversations(postgres),
    },
  };
}
