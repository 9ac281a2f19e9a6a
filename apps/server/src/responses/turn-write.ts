import type { Cipher } from './create-cipher.ts';
import type { ConversationAppend, TurnTables } from './create-turn-store.ts';
import type { PendingWrite } from './open-pending-writes.ts';
import { itemIdsOf, type Owner, type StoredTurn } from './stored-turn.ts';

type TurnFacts = Pick<
  StoredTurn,
  'id' | 'status' | 'createdAtMs' | 'previousId' | 'conversationId' | 'isBackground'
>;

/** A turn on its way to the database, as the text that will be sealed. */
export type TurnWrite = PendingWrite & {
  key: string;
  owner: Owner;
  /** Absent when there is nothing to keep but what the conversation gets. */
  turn: TurnFacts | undefined;
  kind: 'insert' | 'end';
  text: Buffer;
  itemIds: readonly string[];
  append: ConversationAppend | undefined;
  /** An earlier write of the same turn that waits as well. */
  before: TurnWrite | undefined;
};

export type TurnWriteInput = Pick<TurnWrite, 'key' | 'owner' | 'kind' | 'append' | 'before'> & {
  turn: StoredTurn | undefined;
};

/** What one that waits takes beside its text. */
const OVERHEAD_BYTES = 1_024;

export function createTurnWrite({ turn, ...rest }: TurnWriteInput): TurnWrite {
  const text = Buffer.from(turn === undefined ? '' : JSON.stringify(turn));
  // What goes into a conversation is part of the turn; alone it is counted by its own text.
  const appendBytes = turn === undefined ? JSON.stringify(rest.append ?? null).length : 0;
  return {
    ...rest,
    turn: turn === undefined ? undefined : factsOf(turn),
    text,
    itemIds: turn === undefined ? [] : itemIdsOf(turn),
    bytes: text.length + appendBytes + OVERHEAD_BYTES,
    isDropped: false,
    isWriting: false,
  };
}

function factsOf({
  id,
  status,
  createdAtMs,
  previousId,
  conversationId,
  isBackground,
}: StoredTurn): TurnFacts {
  return { id, status, createdAtMs, previousId, conversationId, isBackground };
}

export type WriteTurnsDeps = {
  tables: Pick<TurnTables, 'insertStoredResponses' | 'endStoredResponse'>;
  appendItems: (owner: Owner, append: ConversationAppend) => Promise<void>;
  cipher: Cipher;
  serverId: string;
  retentionMs: number;
};

/** Writes them in order. Doing it twice leaves what doing it once leaves. */
export async function writeTurns(deps: WriteTurnsDeps, writes: readonly TurnWrite[]): Promise<void> {
  const rows = writes.flatMap((write) => (write.kind === 'insert' ? rowsOf(deps, write) : []));
  if (rows.length > 0) await deps.tables.insertStoredResponses(rows);
  for (const write of writes) {
    if (write.kind === 'end') await endTurn(deps, write);
    if (write.append !== undefined) await deps.appendItems(write.owner, write.append);
  }
}

function rowsOf(deps: WriteTurnsDeps, { owner, turn, text, itemIds }: TurnWrite) {
  if (turn === undefined) return [];
  const { id, status, previousId, conversationId, createdAtMs } = turn;
  return [
    {
      projectId: owner.projectId,
      mode: owner.mode,
      keyId: owner.keyId,
      id,
      status,
      previousId,
      conversationId,
      itemIds,
      serverId: turn.isBackground ? deps.serverId : undefined,
      createdAtMs,
      expiresAtMs: createdAtMs + deps.retentionMs,
      sealed: deps.cipher.seal({ owner, kind: 'response', id }, text),
    },
  ];
}

async function endTurn(deps: WriteTurnsDeps, { owner, turn, text, itemIds }: TurnWrite): Promise<void> {
  if (turn === undefined) return;
  const { id, status } = turn;
  const sealed = deps.cipher.seal({ owner, kind: 'response', id }, text);
  await deps.tables.endStoredResponse(owner.projectId, { mode: owner.mode, id, status, itemIds, sealed });
}
