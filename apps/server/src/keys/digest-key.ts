import { createHmac, createSecretKey } from 'node:crypto';

/**
 * Gives the digest under which keys are stored and looked up: HMAC-SHA-256 under the installation's pepper, base64url.
 * The stored digest does not authenticate, and without the pepper it cannot be tried against guesses.
 */
export function digestKey(pepper: Uint8Array): (text: string) => string {
  const secret = createSecretKey(pepper);
  return (text) => createHmac('sha256', secret).update(text, 'utf8').digest('base64url');
}
