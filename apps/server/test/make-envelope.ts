import { constants, createCipheriv, publicEncrypt, randomBytes } from 'node:crypto';

type Parts = {
  alg?: unknown;
  enc?: unknown;
  ek?: unknown;
  iv?: unknown;
  ct?: unknown;
  tag?: unknown;
  kid?: unknown;
};

/**
 * `X-TR-Provider-Keys` as the older clients make it: the keys as JSON under AES-256-GCM, its key under RSA-OAEP with
 * SHA-256, everything base64url. `changed` replaces parts before the whole is written.
 */
export function makeEnvelope(publicPem: string, keys: unknown, changed: Parts = {}): string {
  const plaintext = typeof keys === 'string' ? keys : JSON.stringify(keys);
  const key = randomBytes(32);
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  const ct = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final()]);
  const padding = constants.RSA_PKCS1_OAEP_PADDING;
  const ek = publicEncrypt({ key: publicPem, padding, oaepHash: 'sha256' }, key);
  const parts = { ek, iv, ct, tag: cipher.getAuthTag() };
  const written = Object.entries(parts).map(([name, bytes]) => [name, bytes.toString('base64url')]);
  const envelope = { alg: 'RSA-OAEP-256', enc: 'A256GCM', ...Object.fromEntries(written), ...changed };
  return Buffer.from(JSON.stringify(envelope)).toString('base64url');
}
