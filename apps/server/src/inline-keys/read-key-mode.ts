import type { KeyModeAsked, Outcome } from '@app/gateway';
import { GatewayError, type Json } from '@app/protocol';

const KEY_MODES: readonly KeyModeAsked[] = ['inline', 'stored', 'mixed', 'auto'];

/** The header that says what the body's `key_mode` would, for requests whose body has no room for it. */
export const KEY_MODE_HEADER = 'x-tr-key-mode';

/** Whose keys a call may use; undefined where it does not say. `field` is how the caller spells it. */
export function readKeyMode(value: Json | undefined, field = 'key_mode'): Outcome<KeyModeAsked | undefined> {
  if (value === undefined || value === null) return { ok: true, value: undefined };
  const mode = KEY_MODES.find((name) => name === value);
  if (mode !== undefined) return { ok: true, value: mode };
  const message = `\`${field}\` must be one of ${KEY_MODES.join(', ')}.`;
  return {
    ok: false,
    error: new GatewayError('invalid_parameter', message, { param: field, retryable: false }),
  };
}
