import type { Principal } from '@app/gateway';
import { isObject, type Json, type JsonObject } from '@app/protocol';
import type { CallOwner, ResponseStatus } from '@app/store';

/** Whose a stored thing is. What a test key stored is nothing to live keys of the same project, and the other way round. */
export type Owner = Pick<Principal, 'projectId' | 'mode' | 'keyId'>;

/** One item of a call's input, as the caller wrote it. `id` is the caller's own name for it, or one that we gave. */
export type InputItem = { id: string; item: Json };

/** One call of the Responses API and its reply, as it is kept. */
export type StoredTurn = {
  id: string;
  status: ResponseStatus;
  createdAtMs: number;
  previousId: string | undefined;
  conversationId: string | undefined;
  /** The reply as OpenAI's schema has it. */
  response: JsonObject;
  /** What this call added to what came before. */
  input: readonly InputItem[];
  /** What the call asked its reply to include. */
  include: readonly string[];
  /** True for a call that ran without its caller. */
  isBackground: boolean;
  /** Whose it is, as the call said. Not sealed with the rest. */
  by?: CallOwner;
  /** The data of every event of a stream, in order, so that a caller who comes back goes on where it was. */
  events?: readonly string[];
};

/** True for a call that has not ended. */
export function isRunning(status: ResponseStatus): boolean {
  return status === 'queued' || status === 'in_progress';
}

/** What a reply and its input call their items. */
export function itemIdsOf({ response, input }: Pick<StoredTurn, 'response' | 'input'>): string[] {
  const ids = input.map(({ id }) => id);
  for (const item of outputOf(response)) if (typeof item.id === 'string') ids.push(item.id);
  return ids.filter((id) => ITEM_ID.test(id)).slice(0, ITEMS_MAX);
}

/** The items of a reply. */
export function outputOf(response: JsonObject): JsonObject[] {
  const { output } = response;
  if (!Array.isArray(output)) return [];
  return output.filter(isObject);
}

/** What a name of an item may look like to be found again by it. */
export const ITEM_ID = /^[\w.:-]{1,128}$/;
const ITEMS_MAX = 1_000;
