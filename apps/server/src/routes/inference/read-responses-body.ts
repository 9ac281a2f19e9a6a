import type { JsonObject } from '@app/protocol';
import type { ReadBody } from './read-chat-body.ts';
import { invalid, takeRoutingFields } from './routing-fields.ts';

/**
 * Reads a body of `/v1/responses`, in place: OpenAI's own, with our routing fields beside it, also under the names that
 * TokenRouter's generated SDKs send (`router_mode`, `router_model`, `router_provider`). Throws `GatewayError`.
 */
export function readResponsesBody(body: JsonObject): ReadBody {
  const { router_mode: mode, router_model: model } = body;
  delete body.router_mode;
  delete body.router_model;
  if (mode !== undefined && mode !== null) body.mode ??= mode;
  if (model !== undefined && model !== null) {
    if (typeof model !== 'string' || model === '')
      throw invalid('router_model', 'must be the name of a model');
    body.model = model;
  }
  takeProvider(body);
  return { body, ...takeRoutingFields(body) };
}

/** A provider's name goes in front of its model's. */
function takeProvider(body: JsonObject): void {
  const { router_provider: provider, model } = body;
  delete body.router_provider;
  if (provider === undefined || provider === null) return;
  if (typeof provider !== 'string' || provider === '') {
    throw invalid('router_provider', 'must be the name of a provider');
  }
  const isNamed = typeof model === 'string' && model !== '' && model !== 'auto' && !model.startsWith('auto:');
  if (!isNamed) throw invalid('router_provider', 'needs the name of a model beside it');
  if (!model.startsWith(`${provider}/`)) body.model = `${provider}/${model}`;
}
