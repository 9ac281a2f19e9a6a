import { type RelationalStore, StoreError } from '@app/store';

const away = () => Promise.reject(new StoreError('store_unavailable', 'PostgreSQL is away.'));

/** The tables of the Responses API while PostgreSQL is away: what is kept stays in memory. */
export const awayTables: Pick<RelationalStore, 'responses' | 'conversations'> = {
  responses: {
    insertStoredResponses: away,
    endStoredResponse: away,
    cancelStoredResponse: away,
    deleteStoredResponse: away,
    listStoredResponses: away,
    listResponseChain: away,
    listResponsesOfItems: away,
    listRunningResponses: away,
    failInterruptedResponses: away,
    deleteExpiredResponses: away,
  },
  conversations: {
    insertConversation: away,
    findConversation: away,
    updateConversation: away,
    deleteConversation: away,
    measureConversation: away,
    insertConversationItems: away,
    listConversationItems: away,
    findConversationItem: away,
    deleteConversationItem: away,
    listItemsOfConversations: away,
    deleteUnusedConversations: away,
  },
};
