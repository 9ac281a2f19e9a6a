import { GatewayError, type JsonObject } from '@app/protocol';
import { FILE_IDS_MAX, type NamedObjects, readNamedObjects } from './named-objects.ts';
import type { ObjectRegistry } from './object-registry.ts';

export type OwnObjectsDeps = {
  registry: Pick<ObjectRegistry, 'findFiles'>;
  /** Every project may use what the accounts keep: stores, containers, caches, prompts, buckets. Files stay apart. */
  isShared?: boolean;
};

/**
 * Whether a call names only what is its project's own. All projects share one account at a provider, so an id that
 * became known would open another project's things.
 */
export type OwnObjects = {
  /** Undefined for a body that names nothing, or only containers that are `known` to be the project's own. */
  find(body: JsonObject, known?: ReadonlySet<string>): NamedObjects | undefined;
  /** The providers that keep all of the files; none when no file is named. Rejects with a `GatewayError` for a stranger. */
  check(projectId: string, named: NamedObjects): Promise<string[]>;
};

export function createOwnObjects({ registry, isShared = false }: OwnObjectsDeps): OwnObjects {
  return {
    find(body, known) {
      const named = readNamedObjects(body, known);
      return named.files.length > 0 || (named.shared !== undefined && !isShared) ? named : undefined;
    },
    async check(projectId, { files, shared }) {
      if (shared !== undefined && !isShared) throw unknownOwner(shared);
      if (files.length > FILE_IDS_MAX) throw tooMany();
      if (files.length === 0) return [];
      const own = await registry.findFiles(projectId, files);
      const isOwn = (providerId: string, id: string) =>
        own.some((file) => file.id === id && file.providerId === providerId);
      const keepers = [...new Set(own.map(({ providerId }) => providerId))].filter((providerId) =>
        files.every((id) => isOwn(providerId, id)),
      );
      if (keepers.length > 0) return keepers;
      const [first] = own;
      const stranger = files.find((id) => first === undefined || !isOwn(first.providerId, id));
      throw unknownFile(stranger ?? '');
    },
  };
}

function unknownFile(id: string): GatewayError {
  const message = `No such File object: ${id.slice(0, 100)}`;
  return new GatewayError('not_found', message, { param: 'file_id', retryable: false });
}

function tooMany(): GatewayError {
  const message = `A call may name at most ${FILE_IDS_MAX} files.`;
  return new GatewayError('invalid_parameter', message, { param: 'file_id', retryable: false });
}

function unknownOwner(param: string): GatewayError {
  const message = `\`${param}\` names what a provider keeps in an account that several projects share, and nobody can tell whose it is.`;
  return new GatewayError('unsupported_parameter', message, { param, retryable: false });
}
