import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/** A key that never leaves its service: what it sealed, only it opens, and only under the same context. */
export type SealingKey = {
  seal(plaintext: string, context: string): string;
  open(ciphertext: string, context: string): string | undefined;
};

/** Texts are base64, as key services take and give them. */
export function createSealingKey(): SealingKey {
  const key = randomBytes(32);
  return {
    seal: (plaintext, context) => {
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(context));
      const sealed = Buffer.concat([cipher.update(plaintext, 'base64'), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64');
    },
    open: (ciphertext, context) => {
      const bytes = Buffer.from(ciphertext, 'base64');
      if (bytes.length < 28) return undefined;
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12))
        .setAAD(Buffer.from(context))
        .setAuthTag(bytes.subarray(12, 28));
      try {
        return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('base64');
      } catch {
        return undefined;
      }
    },
  };
}
