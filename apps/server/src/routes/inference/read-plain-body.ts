import type { JsonObject } from '@app/protocol';
import type { ReadBody } from './read-chat-body.ts';
import { takeRoutingFields } from './routing-fields.ts';

/** Reads a body that is its dialect's own, in place, with our routing fields beside it. Throws `GatewayError`. */
export function readPlainBody(body: JsonObject): ReadBody {
  return { body, ...takeRoutingFields(body) };
}
