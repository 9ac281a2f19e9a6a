import type { Auth } from '../provider.ts';
import type { Secret } from '../secret.ts';
import { readServiceAccount } from './google-assertion.ts';

const HEADER_TEXT = /^[\x21-\x7e]+$/;

/** Why this text cannot be a credential of that form, as the end of a sentence that quotes none of it. */
export function findSecretProblem(auth: Auth, secret: Secret): string | undefined {
  if (auth.kind !== 'google-oauth') {
    const isText = HEADER_TEXT.test(secret.reveal());
    return isText ? undefined : 'must be one line of visible ASCII characters without spaces';
  }
  try {
    readServiceAccount(secret);
    return undefined;
  } catch (error) {
    return `cannot be used: ${error instanceof Error ? error.message : String(error)}`;
  }
}
