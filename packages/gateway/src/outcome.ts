import type { GatewayError } from '@app/protocol';

/** A result whose failure is expected, so it is a value and not an exception. */
export type Outcome<T> = { ok: true; value: T } | { ok: false; error: GatewayError };
