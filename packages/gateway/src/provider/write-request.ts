import { type Call, type JsonObject, type Loss, providerDialects } from '@app/protocol';
import { applyQuirks, moveHeaders, type Provider } from '@app/providers';
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
  const { body, losses, dialectHeaders } = departed(provider, {
    ...outbound.writeCall(call, model),
    dialectHeaders: provider.dialect === asked.dialect.id ? asked.dialectHeaders : undefined,
  });
  const paths = provider.paths ?? outbound.paths;
  const headers = {
    ...provider.headers,
    ...dialectHeaders,
    'content-type': 'application/json',
    accept: call.stream ? STREAM_TYPES[provider.framing ?? 'sse'] : 'application/json',
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

const STREAM_TYPES = {
  sse: 'text/event-stream',
  'aws-event-stream': 'application/vnd.amazon.eventstream',
};

type Written = { body: JsonObject; losses: Loss[]; dialectHeaders: Asked['dialectHeaders'] };

function departed({ quirks }: Provider, written: Written): Written {
  if (quirks === undefined) return written;
  const { body, losses } = applyQuirks(written.body, quirks);
  const { headers, fields } = moveHeaders(written.dialectHeaders ?? {}, quirks);
  return {
    body: { ...fields, ...body },
    losses: losses.length === 0 ? written.losses : [...written.losses, ...losses],
    dialectHeaders: headers,
  };
}

function pathTo(template: string, model: string): string {
  return template.includes('{model}')
    ? template.replace('{model}', () => encodeURIComponent(model))
    : template;
}
