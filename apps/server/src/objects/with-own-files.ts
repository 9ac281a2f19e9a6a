import {
  type Asked,
  type Journey,
  listFileIds,
  mayNameFiles,
  type ObjectRegistry,
  type Running,
} from '@app/gateway';
import { GatewayError, type JsonObject } from '@app/protocol';

/**
 * The same journey for calls that may name files: only files that their project brought, and only the provider that
 * keeps them. Any other file is unknown. Without this, an id that became known would open another project's file, as
 * all projects share one account. It stands before the journey itself, so that no way to a provider is without it.
 */
export function withOwnFiles(journey: Journey, registry: Pick<ObjectRegistry, 'findFiles'>): Journey {
  return {
    ...journey,
    start(asked, caller) {
      const named = namedBy(asked);
      if (named === undefined) return journey.start(asked, caller);
      let running: Running | undefined;
      let hasLeft = false;
      // It never rejects: whatever is wrong is the call's error, which the journey tells and records.
      void checked(asked, named, registry).then((whole) => {
        running = journey.start(whole, caller);
        if (hasLeft) running.cancel();
      });
      return {
        cancel: () => {
          hasLeft = true;
          running?.cancel();
        },
      };
    },
  };
}

/** Undefined for a call that names none, which costs next to nothing to tell. */
function namedBy({ body, bodyText, principal, route }: Asked): JsonObject | undefined {
  // The sandbox, which answers test keys, reads no files.
  if (!body.ok || principal.mode === 'test') return undefined;
  // A response goes on where others ended: what those said is in the body, and not in the text that came.
  const mayName = route.startsWith(RESPONSES) || mayNameFiles(bodyText);
  return mayName && namesFiles(body.value) ? body.value : undefined;
}

const RESPONSES = '/v1/responses';

function namesFiles(body: JsonObject): boolean {
  try {
    return listFileIds(body).length > 0;
  } catch {
    // Too many are some; what is wrong with them is told later.
    return true;
  }
}

async function checked(
  asked: Asked,
  body: JsonObject,
  registry: Pick<ObjectRegistry, 'findFiles'>,
): Promise<Asked> {
  try {
    const ids = listFileIds(body);
    const own = await registry.findFiles(asked.principal.projectId, ids);
    const stranger = ids.find((id) => !own.some((file) => file.id === id));
    if (stranger !== undefined) throw unknownFile(stranger);
    return { ...asked, providerIds: [...new Set(own.map(({ providerId }) => providerId))] };
  } catch (cause) {
    const unforeseen = new GatewayError('internal_error', 'The call could not be completed.', { cause });
    return { ...asked, body: { ok: false, error: cause instanceof GatewayError ? cause : unforeseen } };
  }
}

function unknownFile(id: string): GatewayError {
  const message = `No such File object: ${id.slice(0, 100)}`;
  return new GatewayError('not_found', message, { param: 'file_id', retryable: false });
}
