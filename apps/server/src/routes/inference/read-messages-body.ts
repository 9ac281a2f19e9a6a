import type { JsonObject } from '@app/protocol';
import type { ReadBody } from './read-chat-body.ts';
import { takeRoutingFields } from './routing-fields.ts';

/** Reads a body of `/v1/messages`, in place: Anthropic's own, with our routing fields beside it. Throws `GatewayError`. */
export function readMessagesBody(body: JsonObject): ReadBody {
  return { body, ...takeRoutingFields(body) };
}
