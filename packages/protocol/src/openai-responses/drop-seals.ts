import { isObject, type Json, type JsonObject, textOf } from '../json.ts';
import type { Losses } from '../losses.ts';
import { readSignature } from '../signature.ts';
import type { Words } from '../words.ts';
import { MAKER, readSeal, realId } from './wire.ts';

/**
 * A request as it came, without what its provider would refuse: thinking that another maker sealed, or that came from us
 * under an id we made up. A seal of the provider's own that we carried is put back into its place.
 */
export function dropForeignSeals(body: JsonObject, words: Words, losses: Losses): JsonObject {
  const { input } = body;
  if (!Array.isArray(input) || !input.some((item) => isObject(item) && item.type === 'reasoning'))
    return body;
  const kept = input.flatMap((item): Json[] => {
    const own = isObject(item) && item.type === 'reasoning' ? ownThinking(item) : item;
    if (own === undefined) losses.add(words.thinkingPart, 'unsupported');
    return own === undefined ? [] : [own];
  });
  return { ...body, input: kept };
}

function ownThinking(item: JsonObject): JsonObject | undefined {
  const encrypted = textOf(item.encrypted_content);
  if (encrypted === '') return item.id === undefined || realId(item.id) !== undefined ? item : undefined;
  if (readSeal(encrypted) !== undefined) return undefined;
  const { maker, value, id } = readSignature(encrypted, MAKER);
  if (maker !== MAKER) return undefined;
  return id === undefined ? item : { ...item, id, encrypted_content: value };
}
