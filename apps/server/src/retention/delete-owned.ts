import type { CallFilter, Store } from '@app/store';
import { ownedFilterOf } from './owned-filter.ts';

export type OwnedTables = Pick<
  Store['owned'],
  'deleteOwnedResponses' | 'deleteOwnedItems' | 'deleteConversationOfSession'
>;

const BATCH = 1_000;

/** Deletes stored replies and what conversations hold, by what their calls said of themselves. Gives how many replies. */
export async function deleteOwned(owned: OwnedTables, projectId: string, asked: CallFilter): Promise<number> {
  const filter = ownedFilterOf(asked);
  if (filter === undefined) return 0;
  let responses = 0;
  for (let batch = BATCH; batch === BATCH; ) {
    batch = await owned.deleteOwnedResponses(projectId, { ...filter, limit: BATCH });
    responses += batch;
  }
  for (let batch = BATCH; batch === BATCH; ) {
    batch = await owned.deleteOwnedItems(projectId, { ...filter, limit: BATCH });
  }
  const { user, session, tag, fromMs, toMs, isTestOnly } = filter;
  // A session that nothing else narrows down may be a conversation of ours, and then it goes whole.
  if (session !== undefined && user === undefined && tag === undefined && fromMs === undefined)
    await owned.deleteConversationOfSession(projectId, { id: session, toMs, isTestOnly });
  return responses;
}
