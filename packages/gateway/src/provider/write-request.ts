import { type Call, type JsonObject, type Loss, providerDialects } from '@app/protocol';
import { applyQuirks, type Provider } from '@app/providers';
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
  const { outbound } = providerDialects[provider.dialect];
  const { body, losses } = departed(provider, outbound.writeCall(call, model));
  const paths = provider.paths ?? outbound.paths;
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
    path: pathTo(call.stream ? paths.stream : paths.whole, model),
    headers,
    body: JSON.stringify(body),
  };
  return { request, losses };
}

type Written = { body: JsonObject; losses: Loss[] };

function departed({ quirks }: Provider, written: Written): Written {
  if (quirks === undefined) return written;
  const { body, losses } = applyQuirks(written.body, quirks);
  return { body, losses: losses.length === 0 ? written.losses : [...written.losses, ...losses] };
}

function pathTo(template: string, model: string): string {
  return template.includes('{model}')
    ? template.replace('{model}', () => encodeURIComponent(model))
    : template;
}
