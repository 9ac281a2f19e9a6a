import { createRedactor, type RedactorOptions } from '@app/redact';
import { hmacSha256 } from './hmac-sha256.ts';
import type { Redactors } from './redact-record.ts';
import type { PiiOptions } from './tracer-options.ts';

const PSEUDONYM_DIGITS = 12;

/**
 * The engines of a tracer. `user_id` and `session_id` are named by a keyed digest even where contents are numbered:
 * with numbers, all users whose id is an address would become the one user `[EMAIL_1]`.
 */
export function createRedactors(pii: PiiOptions, apiKey: string): Redactors {
  const base: RedactorOptions = {
    ...(pii.types && { types: pii.types }),
    ...(pii.patterns && { patterns: pii.patterns }),
  };
  const named = (key: string): RedactorOptions => ({
    ...base,
    pseudonym: (type, value) => hmacSha256(key, `${type}:${value}`).slice(0, PSEUDONYM_DIGITS),
  });
  return {
    content: createRedactor(pii.pseudonymKey === undefined ? base : named(pii.pseudonymKey)),
    joined: createRedactor(named(pii.pseudonymKey ?? apiKey)),
    clean: new Set(),
  };
}
