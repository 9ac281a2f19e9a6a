import { createHmac } from 'node:crypto';

/** A secret shorter than this would be guessed; ours have 43 characters. */
const SECRET_CHARS_MIN = 32;

/**
 * The value of `x-tokenrouter-signature`: `t=<Unix seconds>,v1=<hex HMAC-SHA-256 of "t.body">`. The key of the HMAC is the
 * whole secret as text. Throws for a secret that is empty or short.
 */
export function signMessage(secret: string, { body, atMs }: { body: string; atMs: number }): string {
  if (secret.length < SECRET_CHARS_MIN) throw new Error('A message cannot be signed with so short a secret.');
  const t = Math.floor(atMs / 1_000);
  const digest = createHmac('sha256', secret).update(`${t}.${body}`, 'utf8').digest('hex');
  return `t=${t},v1=${digest}`;
}
