import type { Outcome } from '@app/gateway';
import { GatewayError, isObject, type Json } from '@app/protocol';
import { StoreError } from '@app/store';
import type { Conversations } from './create-conversations.ts';
import type { TurnStore } from './create-turn-store.ts';
import { isReference } from './name-items.ts';
import { parseResponseId } from './new-id.ts';
import type { Chain } from './read-chain.ts';
import type { StateFields } from './read-state-fields.ts';
import { type InputItem, ITEM_ID, isRunning, type Owner, outputOf, type StoredTurn } from './stored-turn.ts';
import { isEmptyReasoning, itemsOf } from './turn-items.ts';

export type ExpandDeps = {
  turns: Pick<TurnStore, 'readChain' | 'findItems'>;
  conversations: Pick<Conversations, 'readItems' | 'findItems'>;
  /** A call that runs without its caller and has not ended. */
  isRunningHere: (owner: Owner, id: string) => boolean;
  /** What one call's input may be in all. */
  bytesMax: number;
};

export type ExpandInput = {
  owner: Owner;
  fields: Pick<StateFields, 'previousId' | 'conversationId'>;
  items: readonly InputItem[];
  /** Takes room for what is read; false when there is none. */
  take: (bytes: number) => boolean;
};

/** The whole input of a call, the caller's own part of it, and the containers that providers made for earlier turns. */
export type Expanded = { input: Json[]; own: InputItem[]; containers: ReadonlySet<string> };

const DEPTH_MAX = 1_000;

/** True when a call's input is not all there is to say. */
export function needsExpanding({ fields, items }: Pick<ExpandInput, 'fields' | 'items'>): boolean {
  const goesOn = fields.previousId !== undefined || fields.conversationId !== undefined;
  return goesOn || items.some(({ item }) => isReference(item) || isSealLeftOut(item));
}

/** Puts what came before in front of a call's input, and items in the place of their names. An error is a value. */
export function createExpandInput(deps: ExpandDeps): (input: ExpandInput) => Promise<Outcome<Expanded>> {
  return async (asked) => {
    try {
      const { before, containers } = await readBefore(deps, asked);
      const own = await resolve(deps, asked, before);
      const history = before.map(({ item }) => item).filter((item) => !isEmptyReasoning(item));
      return { ok: true, value: { input: [...history, ...own.map(({ item }) => item)], own, containers } };
    } catch (error) {
      if (error instanceof GatewayError) return { ok: false, error };
      throw error;
    }
  };
}

type Before = { before: InputItem[]; containers: ReadonlySet<string> };

async function readBefore(deps: ExpandDeps, { owner, fields, take }: ExpandInput): Promise<Before> {
  const { previousId, conversationId } = fields;
  if (conversationId !== undefined) {
    const bounds = { bytesMax: deps.bytesMax, take };
    const before = await deps.conversations.readItems(owner, conversationId, bounds);
    return { before, containers: new Set() };
  }
  if (previousId === undefined) return { before: [], containers: new Set() };
  const id = parseResponseId(previousId);
  if (id === undefined) throw goneTurn(previousId, previousId);
  if (deps.isRunningHere(owner, id)) throw stillRunning(previousId);
  const chain = await deps.turns.readChain(owner, id, { depthMax: DEPTH_MAX, bytesMax: deps.bytesMax, take });
  if (!chain.ok) throw brokenChain(chain, id, deps.bytesMax);
  const last = chain.turns.at(-1);
  if (last !== undefined && isRunning(last.status)) throw stillRunning(previousId);
  const parts = chain.turns.filter(isPart);
  return { before: itemsOf(parts), containers: containersOf(parts) };
}

/** What a provider said alone: a caller could write any name into an item of its own. */
function containersOf(turns: readonly StoredTurn[]): Set<string> {
  const ids = turns.flatMap(({ response }) => outputOf(response).map((item) => item.container_id));
  return new Set(ids.filter((id) => typeof id === 'string'));
}

/** A turn that failed was asked all the same. */
function isPart(turn: StoredTurn): boolean {
  return !isRunning(turn.status);
}

/** Names in the place of items, and thinking without its seal, as the caller may send it who knows that it is kept here. */
async function resolve(
  deps: ExpandDeps,
  { owner, items, take: takeRoom }: ExpandInput,
  before: readonly InputItem[],
): Promise<InputItem[]> {
  const wanted = items.flatMap(({ item }) =>
    isObject(item) && typeof item.id === 'string' && (isReference(item) || isSealLeftOut(item))
      ? [item.id]
      : [],
  );
  if (wanted.length === 0) return [...items];
  const names = new Set(wanted);
  const found = new Map<string, Json>();
  for (const { id, item } of before) if (names.has(id)) found.set(id, item);
  const isBefore = new Set(found.keys());
  const inTurns = [...names].filter((id) => !found.has(id) && ITEM_ID.test(id)).slice(0, REFERENCES_MAX);
  const kept = findKept(deps, owner, inTurns);
  // A seal that nobody can look up is one that was never kept: the call goes on without it.
  const isNeeded = items.some(({ item }) => isReference(item));
  for (const [id, item] of isNeeded ? await kept : await kept.catch(nothingWhenAway)) found.set(id, item);
  const take = createRoom(deps.bytesMax, takeRoom);
  return items.flatMap((entry) => {
    const { item } = entry;
    if (isReference(item)) {
      const named = found.get(item.id);
      if (named === undefined) throw goneItem(item.id);
      // What comes before is in the input already.
      return isBefore.has(item.id) ? [] : [{ id: item.id, item: take(named) }];
    }
    const sealed = isSealLeftOut(item) && isObject(item) ? found.get(String(item.id)) : undefined;
    return [sealed === undefined ? entry : { id: entry.id, item: take(sealed) }];
  });
}

/** A name is short, and what it stands for is not: named a thousand times, it takes its room a thousand times. */
function createRoom(bytesMax: number, takeRoom: (bytes: number) => boolean): (item: Json) => Json {
  const sizes = new Map<Json, number>();
  let taken = 0;
  return (item) => {
    const size = sizes.get(item) ?? JSON.stringify(item).length;
    sizes.set(item, size);
    taken += size;
    if (taken > bytesMax || !takeRoom(size)) throw tooMuchNamed(bytesMax);
    return item;
  };
}

function tooMuchNamed(bytesMax: number): GatewayError {
  const message = `The items that \`input\` names are more than ${bytesMax} bytes in all, or more than this server has room for now.`;
  return new GatewayError('invalid_parameter', message, { param: 'input', retryable: false });
}

async function findKept(deps: ExpandDeps, owner: Owner, ids: readonly string[]): Promise<Map<string, Json>> {
  if (ids.length === 0) return new Map();
  const found = new Map(await deps.turns.findItems(owner, ids, deps.bytesMax));
  const missing = ids.filter((id) => !found.has(id));
  if (missing.length === 0) return found;
  return new Map([...found, ...(await deps.conversations.findItems(owner, missing))]);
}

function nothingWhenAway(error: unknown): Map<string, Json> {
  if (error instanceof StoreError && error.code === 'store_unavailable') return new Map();
  throw error;
}

const REFERENCES_MAX = 200;

function isSealLeftOut(item: Json): boolean {
  if (!isObject(item) || item.type !== 'reasoning' || typeof item.id !== 'string') return false;
  return typeof item.encrypted_content !== 'string';
}

function brokenChain(chain: Chain & { ok: false }, id: string, bytesMax: number): GatewayError {
  if ('gone' in chain) return goneTurn(id, chain.gone);
  const why =
    chain.exceeded === 'depth'
      ? `goes back over more than ${DEPTH_MAX} responses`
      : `goes back over more than ${bytesMax} bytes, or more than this server has room for now`;
  const message = `The conversation before \`previous_response_id\` ${why}. Begin a new one with a summary as its input.`;
  return new GatewayError('invalid_parameter', message, { param: 'previous_response_id', retryable: false });
}

function goneTurn(asked: string, gone: string): GatewayError {
  const shown = asked.slice(0, 100);
  const message =
    gone === asked
      ? `Previous response with id '${shown}' not found.`
      : `The conversation before '${shown}' is not stored any more: '${gone}' was deleted or has expired. Send what it said as \`input\`.`;
  return new GatewayError('not_found', message, { param: 'previous_response_id', retryable: false });
}

function stillRunning(id: string): GatewayError {
  const message = `The response '${id.slice(0, 100)}' has not ended yet. Wait until its status is final.`;
  return new GatewayError('invalid_parameter', message, { param: 'previous_response_id', retryable: false });
}

function goneItem(id: string): GatewayError {
  const message = `Item with id '${id.slice(0, 100)}' not found. It was not stored, was deleted, or has expired; send the item itself.`;
  return new GatewayError('not_found', message, { param: 'input', retryable: false });
}
