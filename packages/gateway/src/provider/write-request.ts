import { type Call, dialects, type Loss } from '@app/protocol';
import type { Asked } from '../asked.ts';
import type { ProviderRequest, Target } from '../ports.ts';

/** What every attempt of one call shares. */
export type Order = { call: Call; asked: Pick<Asked, 'dialect' | 'dialectHeaders' | 'principal'> };

/** The call in the target's dialect, and what that dialect could not say. Throws what `writeCall` throws. */
export function writeRequest(
  { call, asked }: Order,
  target: Target,
): { request: ProviderRequest; losses: Loss[] } {
  const { provider, model } = target;
  const { outbound } = dialects[provider.dialect];
  const { body, losses } = outbound.writeCall(call, model);
  const headers = {
    ...provider.headers,
    ...(provider.dialect === asked.dialect.id ? asked.dialectHeaders : undefined),
    'content-type': 'application/json',
    accept: call.stream ? 'text/event-stream' : 'application/json',
    // Decompressing a relayed reply would cost more than it saves.
    'accept-encoding': 'identity',
  };
  const request = {
    provider,
    mode: asked.principal.mode,
    path: outbound.path,
    headers,
    body: JSON.stringify(body),
  };
  return { request, losses };
}
