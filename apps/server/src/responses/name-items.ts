import { isObject, type Json, type JsonObject } from '@app/protocol';
import type { NewId } from './new-id.ts';
import { type InputItem, ITEM_ID } from './stored-turn.ts';

/** The items of a call's `input`, each with a name. Undefined for an input that is neither a text nor a list. */
export function nameItems(input: Json | undefined, newId: NewId): InputItem[] | undefined {
  if (typeof input === 'string') {
    return [{ id: newId('msg_'), item: { type: 'message', role: 'user', content: input } }];
  }
  if (!Array.isArray(input)) return undefined;
  return input.map((item) => ({ id: ownName(item) ?? newId(prefixOf(item)), item }));
}

function ownName(item: Json): string | undefined {
  if (!isObject(item) || isReference(item)) return undefined;
  return typeof item.id === 'string' && ITEM_ID.test(item.id) ? item.id : undefined;
}

/** A name alone, which stands for an item that is kept here. */
export function isReference(item: Json): item is JsonObject & { id: string } {
  if (!isObject(item) || typeof item.id !== 'string') return false;
  return item.type === 'item_reference' || (item.type === undefined && Object.keys(item).length === 1);
}

/** As OpenAI names the kinds. */
function prefixOf(item: Json): `${string}_` {
  const type = isObject(item) ? item.type : undefined;
  if (type === 'function_call') return 'fc_';
  if (type === 'function_call_output') return 'fco_';
  if (type === 'reasoning') return 'rs_';
  return type === undefined || type === 'message' ? 'msg_' : 'item_';
}

/** An item as lists show it: with its name and status, and a message's text as a part. */
export function showItem({ id, item }: InputItem): JsonObject {
  if (!isObject(item)) return { type: 'message', id, status: 'completed', role: 'user', content: [] };
  const type = item.type ?? 'message';
  const status = item.status ?? 'completed';
  if (type === 'reasoning') return { ...item, type, id };
  if (type !== 'message') return { ...item, type, id, status };
  const role = item.role ?? 'user';
  return { ...item, type, id, status, role, content: showContent(item.content, role) };
}

function showContent(content: Json | undefined, role: Json): Json {
  if (typeof content !== 'string') return content ?? [];
  if (role !== 'assistant') return [{ type: 'input_text', text: content }];
  return [{ type: 'output_text', text: content, annotations: [], logprobs: [] }];
}
