import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const VERSION = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEADER_BYTES = 1 + NONCE_BYTES;

/**
 * Encrypts with AES-256-GCM: one version byte, 12 bytes of nonce, the ciphertext, 16 bytes of tag.
 * `associatedData` names what is sealed, so that one sealed value cannot stand in for another.
 */
export function seal(key: Uint8Array, plaintext: Uint8Array, associatedData: string): Buffer {
  // The nonce is drawn here and never handed in: repeating one under the same key would give both texts away.
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(bind(associatedData));
  const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  return Buffer.concat([Buffer.of(VERSION), nonce, ciphertext, cipher.getAuthTag()]);
}

/** The plaintext, or undefined when the key, the associated data, the version or a single bit is not the one that was sealed. */
export function unseal(key: Uint8Array, sealed: Uint8Array, associatedData: string): Buffer | undefined {
  if (sealed.length < HEADER_BYTES + TAG_BYTES || sealed[0] !== VERSION) return undefined;
  const tagStart = sealed.length - TAG_BYTES;
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(1, HEADER_BYTES), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(bind(associatedData));
  decipher.setAuthTag(sealed.subarray(tagStart));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(HEADER_BYTES, tagStart)), decipher.final()]);
  } catch {
    return undefined;
  }
}

/** The version takes part in the authentication, so that a later format cannot be read as this one. */
function bind(associatedData: string): Buffer {
  return Buffer.from(`tokenrouter.${VERSION}.${associatedData}`, 'utf8');
}
