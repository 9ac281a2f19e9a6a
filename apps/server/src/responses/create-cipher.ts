import { type Json, parseJson } from '@app/protocol';
import { seal, unseal } from '../secrets/seal.ts';
import type { Owner } from './stored-turn.ts';

/** What is sealed, and under which names, so that no row can stand in for another. */
type Sealing = { owner: Pick<Owner, 'projectId' | 'mode'>; kind: SealedKind; id: string };

type SealedKind = 'response' | 'conversation' | 'conversation-item';

export type Cipher = {
  seal(sealing: Sealing, text: string | Buffer): Buffer;
  /** Undefined when it is not what was sealed under these names. */
  open(sealing: Sealing, sealed: Buffer): Json | undefined;
};

/** Seals what the Responses API keeps, with AES-256-GCM. `key` has 32 bytes. */
export function createCipher(key: Buffer): Cipher {
  return {
    seal: (sealing, text) => seal(key, Buffer.from(text), identityOf(sealing)),
    open: (sealing, sealed) => {
      const opened = unseal(key, sealed, identityOf(sealing));
      return opened === undefined ? undefined : parseJson(opened.toString('utf8'));
    },
  };
}

function identityOf({ owner, kind, id }: Sealing): string {
  return JSON.stringify([kind, owner.projectId, owner.mode, id]);
}
