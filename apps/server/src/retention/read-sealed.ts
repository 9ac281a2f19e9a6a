import type { Json } from '@app/protocol';
import { createCipher } from '../responses/create-cipher.ts';
import { itemSealing } from '../responses/item-sealing.ts';
import type { Owner } from '../responses/stored-turn.ts';

/** What the Responses API keeps, opened; undefined for what is not what was sealed. */
export type ReadSealed = {
  response(owner: Owner, row: { id: string; sealed: Buffer }): Json | undefined;
  item(owner: Owner, row: { conversationId: string; id: string; sealed: Buffer }): Json | undefined;
};

export function createReadSealed(responseKey: Buffer): ReadSealed {
  const cipher = createCipher(responseKey);
  return {
    response: (owner, { id, sealed }) => cipher.open({ owner, kind: 'response', id }, sealed),
    item: (owner, { conversationId, id, sealed }) =>
      cipher.open(itemSealing(owner, conversationId, id), sealed),
  };
}
