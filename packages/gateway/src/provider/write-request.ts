import { type Call, callerPath, type JsonObject, type Loss, providerDialects } from '@app/protocol';
import { applyQuirks, moveHeaders } from '@app/providers';
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
  const { body, losses, dialectHeaders } = departed(call, target, {
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

/** As this provider takes it. Losses are told in the caller's words. */
function departed(call: Call, { provider, model }: Target, written: Written): Written {
  const { quirks, dialect } = provider;
  if (quirks === undefined) return written;
  const caller = call.extra.dialect;
  const { body, losses } = applyQuirks(written.body, quirks, { model, isOwn: caller === dialect });
  const { headers, fields } = moveHeaders(written.dialectHeaders ?? {}, quirks);
  const told = losses.map(({ path, why }) => ({ path: callerPath(path, dialect, caller), why }));
  return {
    body: { ...fields, ...body },
    losses: told.length === 0 ? written.losses : eachOnce([...written.losses, ...told]),
    dialectHeaders: headers,
  };
}

/** What was told first stands. */
function eachOnce(losses: Loss[]): Loss[] {
  return losses.filter(({ path }, at) => losses.findIndex((loss) => loss.path === path) === at);
}

function pathTo(template: string, model: string): string {
  return template.includes('{model}')
    ? template.replace('{model}', () => encodeURIComponent(model))
    : template;
}
