import { isObject, type Json, type JsonObject } from '@app/protocol';
import type { ResponseStatus } from '@app/store';
import { type InputItem, isRunning, type StoredTurn } from './stored-turn.ts';

/**
 * A turn out of what was kept. `status` is the row's own: it knows of an end that came after the turn was sealed, when
 * it was cancelled or its server was gone. Undefined for what is not a turn.
 */
export function readTurn(value: Json | undefined, status: ResponseStatus): StoredTurn | undefined {
  if (!isObject(value) || !isObject(value.response) || typeof value.id !== 'string') return undefined;
  const { id, response, input, include, events, createdAtMs, previousId, conversationId, isBackground } =
    value;
  const turn: StoredTurn = {
    id,
    status,
    createdAtMs: Number(createdAtMs),
    previousId: textOf(previousId),
    conversationId: textOf(conversationId),
    response: response.status === status ? response : endedAs(response, status),
    input: Array.isArray(input) ? input.flatMap(readItem) : [],
    include: textsOf(include),
    isBackground: isBackground === true,
  };
  return Array.isArray(events) && !isRunning(status) && response.status === status
    ? { ...turn, events: textsOf(events) }
    : turn;
}

/** A reply whose end nobody could write into it. */
function endedAs(response: JsonObject, status: ResponseStatus): JsonObject {
  const error =
    status === 'failed'
      ? { code: 'server_error', message: 'The call was interrupted: the server that worked on it is gone.' }
      : (response.error ?? null);
  return { ...response, status, error };
}

function readItem(entry: Json): InputItem[] {
  if (!isObject(entry) || typeof entry.id !== 'string' || entry.item === undefined) return [];
  return [{ id: entry.id, item: entry.item }];
}

function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function textsOf(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.filter((text) => typeof text === 'string') : [];
}
