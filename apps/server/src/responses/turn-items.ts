import { isObject, type Json } from '@app/protocol';
import type { ConversationAppend } from './create-turn-store.ts';
import { type InputItem, outputOf, type StoredTurn } from './stored-turn.ts';

/** Everything that turns add to a conversation, as the input of a later call: what was asked, then what was answered. */
export function itemsOf(turns: readonly Pick<StoredTurn, 'id' | 'input' | 'response'>[]): InputItem[] {
  return turns.flatMap(({ id, input, response }) => [
    ...input,
    ...outputOf(response).map((item, place) => ({ id: nameOf(item.id, `${id}.${place}`), item })),
  ]);
}

function nameOf(id: Json | undefined, otherwise: string): string {
  return typeof id === 'string' && id !== '' ? id : otherwise;
}

/** What a turn adds to the conversation that it named; a turn that failed adds nothing. */
export function appendOf(turn: StoredTurn): ConversationAppend | undefined {
  const { conversationId, status } = turn;
  if (conversationId === undefined || (status !== 'completed' && status !== 'incomplete')) return undefined;
  return { conversationId, items: itemsOf([turn]), by: turn.by, createdAtMs: turn.createdAtMs };
}

/** Adds those items of a turn to `found` that are among `ids`. */
export function findItemsOf(
  turn: StoredTurn | undefined,
  ids: readonly string[],
  found: Map<string, Json>,
): void {
  if (turn === undefined) return;
  for (const { id, item } of itemsOf([turn])) if (ids.includes(id) && !found.has(id)) found.set(id, item);
}

/** Thinking that nobody can go on from: neither its seal nor a word of it was kept. */
export function isEmptyReasoning(item: Json): boolean {
  if (!isObject(item) || item.type !== 'reasoning') return false;
  const hasText = [item.summary, item.content].some((part) => Array.isArray(part) && part.length > 0);
  return typeof item.encrypted_content !== 'string' && !hasText;
}
