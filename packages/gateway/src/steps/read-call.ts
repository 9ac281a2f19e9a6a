import { type Call, GatewayError } from '@app/protocol';
import type { Asked } from '../asked.ts';
import type { Outcome } from '../outcome.ts';

/** The body in our own words, or what is wrong with it. */
export function readCall({ dialect, body }: Asked): Outcome<Call> {
  if (!body.ok) return body;
  try {
    return { ok: true, value: dialect.inbound.readCall(body.value) };
  } catch (error) {
    if (error instanceof GatewayError) return { ok: false, error };
    return {
      ok: false,
      error: new GatewayError('internal_error', 'The call could not be read.', { cause: error }),
    };
  }
}
