import type { Permission } from '@app/contract';
import { GatewayError } from '@app/protocol';
import type { Outcome } from '../outcome.ts';
import type { Clock, Principal, Snapshot } from '../ports.ts';

export type AuthenticateDeps = {
  snapshot: Pick<Snapshot, 'findPrincipal'>;
  /** HMAC-SHA-256 of the text under the installation's pepper, in base64url. */
  digest: (secretText: string) => string;
  clock: Clock;
};

/** What is wanted with a key, and the address that it comes from; no address where it was looked at before. */
export type Presenting = { permission: Permission; ip: string | undefined };

/** Who presents this secret, when it may do `permission` from here. Safe to call before the body is read. */
export type Authenticate = (secretText: string | undefined, presenting: Presenting) => Outcome<Principal>;

/**
 * Finds the principal behind a presented key. A key that is missing, malformed, unknown, revoked or expired takes the
 * same operations (one digest, one look-up, one look at the clock) and meets the same 401. Only a good key is told that
 * it comes from an address that it is not for.
 */
export function createAuthenticate({ snapshot, digest, clock }: AuthenticateDeps): Authenticate {
  return (secretText, { permission, ip }) => {
    const presented = secretText === undefined || secretText.length > SECRET_CHARS_MAX ? '' : secretText;
    const principal = snapshot.findPrincipal(digest(presented));
    const nowMs = clock.nowMs();
    if (principal === undefined || presented === '' || (principal.expiresAtMs ?? Infinity) <= nowMs) {
      return refused(new GatewayError('invalid_api_key', 'Invalid API key provided', { retryable: false }));
    }
    if (ip !== undefined && principal.allowed?.hasAddress?.(ip) === false) {
      const message = 'This key may not be used from this address.';
      return refused(new GatewayError('ip_not_allowed', message, { retryable: false }));
    }
    if (principal.kind === 'ingest' && permission !== 'traces:write') {
      const message = 'This is an ingest key, which can only send traces. Use a gateway key here.';
      return refused(new GatewayError('key_kind_not_allowed', message, { retryable: false }));
    }
    if (!principal.permissions.has(permission)) {
      const message = 'API key does not have permission for this resource';
      return refused(new GatewayError('insufficient_permissions', message, { retryable: false }));
    }
    return { ok: true, value: principal };
  };
}

/** Longer than any key; what exceeds it is not hashed, so that a header bomb costs no more than a key. */
const SECRET_CHARS_MAX = 256;

function refused(error: GatewayError): { ok: false; error: GatewayError } {
  return { ok: false, error };
}
