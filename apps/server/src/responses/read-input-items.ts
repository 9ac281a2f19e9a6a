import type { TurnStore } from './create-turn-store.ts';
import { parseResponseId } from './new-id.ts';
import type { InputItem, Owner, StoredTurn } from './stored-turn.ts';
import { itemsOf } from './turn-items.ts';

export type InputItemsDeps = { turns: Pick<TurnStore, 'readChain'>; bytesMax: number };

const DEPTH_MAX = 1_000;

/**
 * The items that made a reply: those of the turns before it, as far as they are still there, then the call's own. What
 * the call's conversation said before is listed by the conversation.
 */
export async function readInputItems(
  { turns, bytesMax }: InputItemsDeps,
  owner: Owner,
  { previousId, input }: StoredTurn,
): Promise<InputItem[]> {
  const id = previousId === undefined ? undefined : parseResponseId(previousId);
  if (id === undefined) return [...input];
  const chain = await turns.readChain(owner, id, { depthMax: DEPTH_MAX, bytesMax, take: () => true });
  return chain.ok ? [...itemsOf(chain.turns), ...input] : [...input];
}
