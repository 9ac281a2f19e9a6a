import { type Asked, listFileIds, mayNameFiles, type ObjectRegistry } from '@app/gateway';
import { GatewayError } from '@app/protocol';

/** Undefined when the call names no files, so that other calls pay next to nothing. */
export type CheckFiles = (asked: Asked) => Promise<Asked> | undefined;

/**
 * A call may name files that its project brought, and goes to the provider that keeps them; any other file is unknown.
 * Without this, an id that became known would open another project's file, as all projects share one account.
 */
export function createCheckFiles(registry: Pick<ObjectRegistry, 'findFiles'>): CheckFiles {
  return (asked) => {
    const { body, bodyText, principal } = asked;
    // The sandbox, which answers test keys, reads no files.
    if (!body.ok || principal.mode === 'test' || !mayNameFiles(bodyText)) return undefined;
    const check = async (): Promise<Asked> => {
      try {
        const ids = listFileIds(body.value);
        if (ids.length === 0) return asked;
        const own = await registry.findFiles(principal.projectId, ids);
        const stranger = ids.find((id) => !own.some((file) => file.id === id));
        if (stranger !== undefined) throw unknownFile(stranger);
        return { ...asked, providerIds: [...new Set(own.map(({ providerId }) => providerId))] };
      } catch (error) {
        if (error instanceof GatewayError) return { ...asked, body: { ok: false, error } };
        throw error;
      }
    };
    return check();
  };
}

function unknownFile(id: string): GatewayError {
  const message = `No such File object: ${id.slice(0, 100)}`;
  return new GatewayError('not_found', message, { param: 'file_id', retryable: false });
}
