import type { Schedule } from '@app/gateway';
import { type Json, parseJson } from '@app/protocol';
import type { CallOwner, RelationalStore } from '@app/store';
import { openPendingWrites } from './open-pending-writes.ts';
import { type Chain, type ChainBounds, createReadChain } from './read-chain.ts';
import { readTurn } from './read-turn.ts';
import type { InputItem, Owner, StoredTurn } from './stored-turn.ts';
import { findItemsOf } from './turn-items.ts';
import { createTurnWrite, type TurnWrite, type WriteTurnsDeps, writeTurns } from './turn-write.ts';

export type TurnTables = RelationalStore['responses'];

export type TurnStoreDeps = WriteTurnsDeps & {
  tables: TurnTables;
  nowMs: () => number;
  schedule: Schedule;
  /** What may wait in memory to be written. */
  pendingBytesMax: number;
  onWarning: (message: string, error?: unknown) => void;
};

/** Items for the end of a conversation. */
export type ConversationAppend = {
  conversationId: string;
  items: readonly InputItem[];
  /** Of the call that adds them; absent for what is added by itself. */
  by?: CallOwner | undefined;
  createdAtMs?: number | undefined;
};

export type TurnStore = {
  /** Keeps a turn: at once for this process, soon in the database. False when there was no room. */
  put(owner: Owner, turn: StoredTurn, append?: ConversationAppend): boolean;
  /** Keeps how a turn ended that was put while it ran. */
  end(owner: Owner, turn: StoredTurn, append?: ConversationAppend): boolean;
  /** Adds to a conversation what is kept nowhere else. */
  append(owner: Owner, append: ConversationAppend): boolean;
  /** Whether the database may not have the turn yet. */
  isWaiting(owner: Owner, id: string): boolean;
  find(owner: Owner, id: string): Promise<StoredTurn | undefined>;
  readChain(owner: Owner, id: string, bounds: ChainBounds): Promise<Chain>;
  /** Items by their names, from whichever turn they are in. */
  findItems(owner: Owner, ids: readonly string[], bytesMax: number): Promise<Map<string, Json>>;
  /** Marks a turn as cancelled that runs on another server, which will see it. */
  cancel(owner: Owner, id: string): Promise<boolean>;
  delete(owner: Owner, id: string): Promise<boolean>;
  /** Resolves when everything put so far is in the database. */
  flush(): Promise<void>;
  stats(): { waiting: number; bytes: number; lost: number };
  close(): Promise<void>;
};

/** Keeps turns: what was put is found at once, whether or not the database has it by then. */
export function createTurnStore(deps: TurnStoreDeps): TurnStore {
  const memory = openMemory(deps);
  const list = (owner: Owner, ids: readonly string[]) => listTurns(deps, owner, ids);
  return {
    put: (owner, turn, append) => memory.add(owner, { kind: 'insert', turn, append }),
    end: (owner, turn, append) => memory.add(owner, { kind: 'end', turn, append }),
    append: (owner, append) => memory.add(owner, { kind: 'insert', turn: undefined, append }),
    isWaiting: memory.has,
    find: async (owner, id) => memory.find(owner, id)?.turn ?? (await list(owner, [id]))[0],
    readChain: createReadChain({
      findWaiting: memory.find,
      listLinks: deps.tables.listResponseChain,
      list,
      nowMs: deps.nowMs,
    }),
    findItems: async (owner, ids, bytesMax) => {
      const found = memory.findItems(owner, ids);
      const missing = ids.filter((id) => !found.has(id));
      if (missing.length === 0) return found;
      const { projectId, mode } = owner;
      const asked = { mode, itemIds: missing, nowMs: deps.nowMs() };
      let bytes = 0;
      const fitting = (await deps.tables.listResponsesOfItems(projectId, asked)).filter((place) => {
        bytes += place.bytes;
        return bytes <= bytesMax;
      });
      const places = fitting.map(({ id }) => id);
      for (const turn of await list(owner, places)) findItemsOf(turn, missing, found);
      return found;
    },
    cancel: ({ projectId, mode }, id) => deps.tables.cancelStoredResponse(projectId, { mode, id }),
    delete: async (owner, id) => {
      const wasWaiting = await memory.drop(owner, id);
      const { projectId, mode } = owner;
      const wasThere = await deps.tables.deleteStoredResponse(projectId, { mode, id });
      return wasThere || wasWaiting;
    },
    flush: memory.flush,
    stats: memory.stats,
    close: memory.close,
  };
}

type Addition = Pick<TurnWrite, 'kind'> & {
  turn: StoredTurn | undefined;
  append: ConversationAppend | undefined;
};

/** The turns that the database may not have yet. */
function openMemory(deps: TurnStoreDeps) {
  const waiting = new Map<string, TurnWrite>();
  const pending = openPendingWrites<TurnWrite>({
    write: (writes) => writeTurns(deps, writes),
    onGone: (write) => {
      if (waiting.get(write.key) === write) waiting.delete(write.key);
    },
    schedule: deps.schedule,
    bytesMax: deps.pendingBytesMax,
    onWarning: deps.onWarning,
  });
  const find = (owner: Owner, id: string) => {
    const write = waiting.get(keyOf(owner, id));
    return write === undefined ? undefined : readWaiting(write);
  };
  return {
    find,
    has: (owner: Owner, id: string): boolean => waiting.has(keyOf(owner, id)),
    add: (owner: Owner, { turn, ...rest }: Addition): boolean => {
      const key = turn === undefined ? '' : keyOf(owner, turn.id);
      const write = createTurnWrite({ ...rest, turn, owner, key, before: waiting.get(key) });
      if (!pending.add(write)) return false;
      if (turn !== undefined) waiting.set(key, write);
      return true;
    },
    findItems: (owner: Owner, ids: readonly string[]): Map<string, Json> => {
      const found = new Map<string, Json>();
      for (const write of waiting.values()) {
        const isOwn = write.owner.projectId === owner.projectId && write.owner.mode === owner.mode;
        if (!isOwn || !write.itemIds.some((id) => ids.includes(id))) continue;
        findItemsOf(readWaiting(write)?.turn, ids, found);
      }
      return found;
    },
    /** Says whether there was something to drop. */
    drop: async (owner: Owner, id: string): Promise<boolean> => {
      const newest = waiting.get(keyOf(owner, id));
      for (let write = newest; write !== undefined; write = write.before) await pending.drop(write);
      return newest !== undefined;
    },
    flush: pending.flush,
    stats: pending.stats,
    close: pending.close,
  };
}

function readWaiting({ turn, text }: TurnWrite): { turn: StoredTurn; bytes: number } | undefined {
  const read = turn === undefined ? undefined : readTurn(parseJson(text.toString('utf8')), turn.status);
  return read === undefined ? undefined : { turn: read, bytes: text.length };
}

async function listTurns(deps: TurnStoreDeps, owner: Owner, ids: readonly string[]): Promise<StoredTurn[]> {
  if (ids.length === 0) return [];
  const { projectId, mode } = owner;
  const rows = await deps.tables.listStoredResponses(projectId, { mode, ids, nowMs: deps.nowMs() });
  return rows.flatMap(({ id, status, sealed }) => {
    const turn = readTurn(deps.cipher.open({ owner, kind: 'response', id }, sealed), status);
    if (turn === undefined) deps.onWarning(`The stored response ${id} cannot be read.`);
    return turn ?? [];
  });
}

function keyOf({ projectId, mode }: Owner, id: string): string {
  return `${projectId} ${mode} ${id}`;
}
