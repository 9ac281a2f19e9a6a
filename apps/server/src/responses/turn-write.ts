import type { CallOwner } from '@app/store';
import type { Cipher } from './create-cipher.ts';
import type { ConversationAppend, TurnTables } from './create-turn-store.ts';
import type { PendingWrite } from './open-pending-writes.ts';
import { itemIdsOf, type Owner, type StoredTurn } from './stored-turn.ts';

type TurnFacts = Pick<
  StoredTurn,
  'id' | 'status' | 'createdAtMs' | 'previousId' | 'conversationId' | 'isBackground' | 'by'
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
  const text = Buffer.from(turn === undefined ? '' : JSON.stringify({ ...turn, by: undefined }));
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
  by,
}: StoredTurn): TurnFacts {
  const facts = { id, status, createdAtMs, previousId, conversationId, isBackground };
  return by === undefined ? facts : { ...facts, by };
}

export type WriteTurnsDeps = {
  tables: Pick<TurnTables, 'insertStoredResponses' | 'endStoredResponse'>;
  appendItems: (owner: Owner, append: ConversationAppend) => Promise<void>;
  cipher: Cipher;
  serverId: string;
  retentionMs: number;
  /** Whether all of what a call is about was deleted meanwhile: nothing of it is written then. */
  isErased?: ((owner: Owner, call: { createdAtMs: number; by: CallOwner }) => boolean) | undefined;
};

/** Writes them in order. Doing it twice leaves what doing it once leaves. */
export async function writeTurns(deps: WriteTurnsDeps, all: readonly TurnWrite[]): Promise<void> {
  const writes = all.filter((write) => !isErased(deps, write));
  const rows = writes.flatMap((write) => (write.kind === 'insert' ? rowsOf(deps, write) : []));
  if (rows.length > 0) await deps.tables.insertStoredResponses(rows);
  for (const write of writes) {
    if (write.kind === 'end') await endTurn(deps, write);
    if (write.append !== undefined) await deps.appendItems(write.owner, write.append);
  }
}

function isErased(deps: WriteTurnsDeps, { owner, turn, append }: TurnWrite): boolean {
  const by = turn?.by ?? append?.by;
  const createdAtMs = turn?.createdAtMs ?? append?.createdAtMs;
  if (by === undefined || createdAtMs === undefined) return false;
  return deps.isErased?.(owner, { createdAtMs, by }) ?? false;
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
      by: turn.by,
    },
  ];
}

async function endTurn(deps: WriteTurnsDeps, { owner, turn, text, itemIds }: TurnWrite): Promise<void> {
  if (turn === undefined) return;
  const { id, status } = turn;
  const sealed = deps.cipher.seal({ owner, kind: 'response', id }, text);
  await deps.tables.endStoredResponse(owner.projectId, { mode: owner.mode, id, status, itemIds, sealed });
}
