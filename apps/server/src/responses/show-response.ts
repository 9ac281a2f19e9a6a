import { isObject, type JsonObject } from '@app/protocol';
import { outputOf, type StoredTurn } from './stored-turn.ts';

/** What a call or a fetch includes to see the seals of thinking. */
export const ENCRYPTED_THINKING = 'reasoning.encrypted_content';

/** A reply as it is fetched: thinking comes sealed only for whoever asked for it, in the call or now. */
export function showResponse({ response, include }: StoredTurn, wanted: readonly string[]): JsonObject {
  if (include.includes(ENCRYPTED_THINKING) || wanted.includes(ENCRYPTED_THINKING)) return response;
  const output = outputOf(response);
  if (!output.some(({ encrypted_content: seal }) => seal !== undefined)) return response;
  return { ...response, output: output.map(withoutSeal) };
}

function withoutSeal(item: JsonObject): JsonObject {
  if (!isObject(item) || item.encrypted_content === undefined) return item;
  const { encrypted_content: _, ...rest } = item;
  return rest;
}
