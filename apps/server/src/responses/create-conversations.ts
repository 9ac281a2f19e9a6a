import { GatewayError, isObject, type Json, type JsonObject } from '@app/protocol';
import type { RelationalStore } from '@app/store';
import type { Cipher } from './create-cipher.ts';
import type { ConversationAppend } from './create-turn-store.ts';
import { itemSealing } from './item-sealing.ts';
import { showItem } from './name-items.ts';
import { isConversationId, type NewId } from './new-id.ts';
import { type InputItem, ITEM_ID, type Owner } from './stored-turn.ts';

type ConversationTables = RelationalStore['conversations'];

export type ConversationsDeps = {
  tables: ConversationTables;
  cipher: Cipher;
  /** Resolves when what was said so far is in the database. */
  flush: () => Promise<void>;
  nowMs: () => number;
  newId: NewId;
  onWarning: (message: string) => void;
};

type ItemBounds = { bytesMax: number; take: (bytes: number) => boolean };
type ItemPage = { after: string | undefined; isAscending: boolean; limit: number };
type Metadata = { [key: string]: string };

/** Conversations as OpenAI's API has them. What is not there, or is somebody else's, is `not_found` alike. */
export type Conversations = {
  create(owner: Owner, given: { metadata: Metadata; items: readonly InputItem[] }): Promise<JsonObject>;
  get(owner: Owner, id: string): Promise<JsonObject>;
  update(owner: Owner, id: string, metadata: Metadata): Promise<JsonObject>;
  delete(owner: Owner, id: string): Promise<void>;
  addItems(owner: Owner, id: string, items: readonly InputItem[]): Promise<JsonObject[]>;
  /** One more than asked for when there are more. */
  listItems(owner: Owner, id: string, page: ItemPage): Promise<JsonObject[]>;
  getItem(owner: Owner, id: string, itemId: string): Promise<JsonObject>;
  deleteItem(owner: Owner, id: string, itemId: string): Promise<JsonObject>;
  /** Everything that was said, as the input of a call. */
  readItems(owner: Owner, id: string, bounds: ItemBounds): Promise<InputItem[]>;
  findItems(owner: Owner, ids: readonly string[]): Promise<Map<string, Json>>;
  /** Adds what a call said and heard. A conversation that is gone by then takes nothing. */
  append(owner: Owner, append: ConversationAppend): Promise<void>;
};

export function createConversations(deps: ConversationsDeps): Conversations {
  return {
    create: (owner, given) => create(deps, owner, given),
    get: (owner, id) => get(deps, owner, id),
    update: (owner, id, metadata) => update(deps, owner, { id, metadata }),
    delete: async (owner, id) => {
      const { projectId, mode } = owner;
      const isThere = isConversationId(id) && (await deps.tables.deleteConversation(projectId, { mode, id }));
      if (!isThere) throw gone(id);
    },
    addItems: async (owner, id, items) => {
      await deps.flush();
      if (!isConversationId(id) || !(await insert(deps, owner, { conversationId: id, items })))
        throw gone(id);
      return items.map(showItem);
    },
    listItems: async (owner, id, page) => {
      await deps.flush();
      await get(deps, owner, id);
      return (await list(deps, owner, { id, page: { ...page, limit: page.limit + 1 } })).map(showItem);
    },
    getItem: (owner, id, itemId) => getItem(deps, owner, { id, itemId }),
    deleteItem: async (owner, id, itemId) => {
      await deps.flush();
      const conversation = await get(deps, owner, id);
      const { projectId, mode } = owner;
      const named = { mode, conversationId: id, id: itemId };
      const isDeleted = ITEM_ID.test(itemId) && (await deps.tables.deleteConversationItem(projectId, named));
      if (!isDeleted) throw goneItem(id, itemId);
      return conversation;
    },
    readItems: (owner, id, bounds) => readItems(deps, owner, { id, bounds }),
    findItems: async (owner, itemIds) => {
      const { projectId, mode } = owner;
      const rows = await deps.tables.listItemsOfConversations(projectId, { mode, itemIds });
      const items = rows.flatMap((row) => open(deps, owner, { id: row.conversationId, row }));
      return new Map(items.map(({ id, item }) => [id, item]));
    },
    append: async (owner, append) => {
      await insert(deps, owner, append);
    },
  };
}

type Given = { metadata: Metadata; items: readonly InputItem[] };

async function create(
  deps: ConversationsDeps,
  owner: Owner,
  { metadata, items }: Given,
): Promise<JsonObject> {
  const id = deps.newId('conv_');
  const createdAtMs = deps.nowMs();
  await deps.tables.insertConversation(owner.projectId, {
    mode: owner.mode,
    id,
    keyId: owner.keyId,
    createdAtMs,
    sealed: deps.cipher.seal({ owner, kind: 'conversation', id }, JSON.stringify(metadata)),
  });
  if (items.length > 0) await insert(deps, owner, { conversationId: id, items });
  return show(id, createdAtMs, metadata);
}

async function get({ tables, cipher }: ConversationsDeps, owner: Owner, id: string): Promise<JsonObject> {
  const { projectId, mode } = owner;
  const row = isConversationId(id) ? await tables.findConversation(projectId, { mode, id }) : undefined;
  if (row === undefined) throw gone(id);
  return show(id, row.createdAtMs, cipher.open({ owner, kind: 'conversation', id }, row.sealed));
}

type Update = { id: string; metadata: Metadata };

async function update(deps: ConversationsDeps, owner: Owner, { id, metadata }: Update): Promise<JsonObject> {
  const { projectId, mode } = owner;
  const sealed = deps.cipher.seal({ owner, kind: 'conversation', id }, JSON.stringify(metadata));
  const change = { mode, id, sealed, usedAtMs: deps.nowMs() };
  const updated = isConversationId(id) ? await deps.tables.updateConversation(projectId, change) : undefined;
  if (updated === undefined) throw gone(id);
  return show(id, updated.createdAtMs, metadata);
}

async function getItem(
  deps: ConversationsDeps,
  owner: Owner,
  { id, itemId }: { id: string; itemId: string },
): Promise<JsonObject> {
  await deps.flush();
  const { projectId, mode } = owner;
  const isName = isConversationId(id) && ITEM_ID.test(itemId);
  const named = { mode, conversationId: id, id: itemId };
  const row = isName ? await deps.tables.findConversationItem(projectId, named) : undefined;
  const [item] = row === undefined ? [] : open(deps, owner, { id, row });
  if (item === undefined) throw goneItem(id, itemId);
  return showItem(item);
}

async function readItems(
  deps: ConversationsDeps,
  owner: Owner,
  { id, bounds: { bytesMax, take } }: { id: string; bounds: ItemBounds },
): Promise<InputItem[]> {
  await deps.flush();
  const { projectId, mode } = owner;
  const size = isConversationId(id)
    ? await deps.tables.measureConversation(projectId, { mode, id })
    : undefined;
  if (size === undefined) throw gone(id, 'conversation');
  if (size.count > ITEMS_MAX || size.bytes > bytesMax || !take(size.bytes)) throw tooLong(bytesMax);
  return list(deps, owner, { id, page: { after: undefined, isAscending: true, limit: ITEMS_MAX } });
}

type Listing = { id: string; page: ItemPage };

async function list(deps: ConversationsDeps, owner: Owner, { id, page }: Listing): Promise<InputItem[]> {
  const { projectId, mode } = owner;
  const rows = await deps.tables.listConversationItems(projectId, { mode, conversationId: id, ...page });
  return rows.flatMap((row) => open(deps, owner, { id, row }));
}

/** False when there is no such conversation. */
function insert(
  { tables, cipher, nowMs }: ConversationsDeps,
  owner: Owner,
  { conversationId, items, by }: ConversationAppend,
): Promise<boolean> {
  const { projectId, mode } = owner;
  const sealed = items.map(({ id, item }) => ({
    id,
    sealed: cipher.seal(itemSealing(owner, conversationId, id), JSON.stringify(item)),
  }));
  return tables.insertConversationItems(projectId, {
    mode,
    conversationId,
    items: sealed,
    usedAtMs: nowMs(),
    by,
  });
}

type Sealed = { id: string; row: { id: string; sealed: Buffer } };

function open(deps: ConversationsDeps, owner: Owner, { id, row }: Sealed): InputItem[] {
  const item = deps.cipher.open(itemSealing(owner, id, row.id), row.sealed);
  if (item !== undefined) return [{ id: row.id, item }];
  deps.onWarning(`An item of the conversation ${id} cannot be read.`);
  return [];
}

const ITEMS_MAX = 10_000;

function show(id: string, createdAtMs: number, metadata: Json | undefined): JsonObject {
  return {
    id,
    object: 'conversation',
    created_at: Math.floor(createdAtMs / 1_000),
    metadata: isObject(metadata) ? metadata : {},
  };
}

function gone(id: string, param?: string): GatewayError {
  const detail = param === undefined ? { retryable: false } : { param, retryable: false };
  return new GatewayError('not_found', `Conversation with id '${id.slice(0, 100)}' not found.`, detail);
}

function goneItem(id: string, itemId: string): GatewayError {
  const message = `Item with id '${itemId.slice(0, 100)}' not found in the conversation '${id.slice(0, 100)}'.`;
  return new GatewayError('not_found', message, { retryable: false });
}

function tooLong(bytesMax: number): GatewayError {
  const message = `The conversation has more than ${ITEMS_MAX} items or ${bytesMax} bytes. Delete items from it, or begin a new one with a summary.`;
  return new GatewayError('invalid_parameter', message, { param: 'conversation', retryable: false });
}
