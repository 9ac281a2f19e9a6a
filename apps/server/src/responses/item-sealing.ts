import type { Owner } from './stored-turn.ts';

/** Under which names an item of a conversation is sealed. */
export function itemSealing(owner: Owner, conversationId: string, id: string) {
  return { owner, kind: 'conversation-item', id: `${conversationId} ${id}` } as const;
}
