import { createHash, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import type { DeletionReceipt } from '@app/contract';
import { signingKeyOf } from '../secrets/signing-key.ts';
import { canonicalJson } from './canonical-json.ts';

export type ReceiptKey = {
  kid: string;
  publicPem: string;
  sign(receipt: Omit<DeletionReceipt, 'key_id' | 'signature'>): DeletionReceipt;
};

/** The key that signs receipts, from the installation's secret of 32 bytes. */
export function createReceiptKey(secret: Buffer): ReceiptKey {
  const key = signingKeyOf(secret);
  const publicKey = createPublicKey(key);
  const kid = kidOf(publicKey);
  return {
    kid,
    publicPem: publicKey.export({ format: 'pem', type: 'spki' }).toString(),
    sign: (receipt) => {
      const whole = { ...receipt, key_id: kid };
      const signature = sign(null, Buffer.from(canonicalJson(whole)), key).toString('base64url');
      return { ...whole, signature };
    },
  };
}

/** Whether a receipt is word for word what the holder of the key signed. Asks nobody. */
export function isGenuineReceipt({ signature, ...signed }: DeletionReceipt, publicPem: string): boolean {
  const key = createPublicKey(publicPem);
  if (key.asymmetricKeyType !== 'ed25519' || signed.key_id !== kidOf(key)) return false;
  return verify(null, Buffer.from(canonicalJson(signed)), key, Buffer.from(signature, 'base64url'));
}

/** The first 96 bits of the public key's SHA-256, base64url. */
function kidOf(key: KeyObject): string {
  const der = key.export({ format: 'der', type: 'spki' });
  return createHash('sha256').update(der).digest('base64url').slice(0, 16);
}
