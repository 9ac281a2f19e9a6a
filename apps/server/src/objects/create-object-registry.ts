import { hkdfSync } from 'node:crypto';
import type { ObjectRegistry, OwnedObject } from '@app/gateway';
import { GatewayError, isObject, type JsonObject, parseJson } from '@app/protocol';
import { type RelationalStore, StoreError } from '@app/store';
import { seal, unseal } from '../secrets/seal.ts';

export type ObjectRegistryDeps = {
  objects: RelationalStore['objects'];
  /** 32 bytes; what providers said about objects is sealed with it, as file names tell a lot. */
  key: Buffer;
  nowMs: () => number;
};

/** Which project each file and batch belongs to, in PostgreSQL. */
export function createObjectRegistry({ objects, key, nowMs }: ObjectRegistryDeps): ObjectRegistry {
  const open = (projectId: string, row: SealedObject): OwnedObject => {
    const { sealed, ...object } = row;
    return { ...object, body: bodyOf(unseal(key, sealed, identityOf(projectId, row)), row) };
  };
  return {
    keep: ({ organizationId, projectId }, { body, ...object }) => {
      const text = JSON.stringify(body);
      if (text.length > BODY_CHARS_MAX) throw tooLong(object.providerId);
      const sealed = seal(key, Buffer.from(text), identityOf(projectId, object));
      return known(objects.upsertProviderObject(projectId, { ...object, organizationId, sealed }));
    },
    find: async (projectId, object) => {
      const found = await known(objects.findProviderObject(projectId, object));
      return found === undefined ? undefined : open(projectId, found);
    },
    findFiles: (projectId, ids) => known(objects.findProviderFiles(projectId, { ids })),
    list: async (projectId, search) => {
      const found = await known(
        objects.listProviderObjects(projectId, { ...search, limit: search.limit + 1 }),
      );
      return found.map((row) => open(projectId, row));
    },
    remove: (projectId, object) => known(objects.deleteProviderObject(projectId, object)),
    claimUsage: (projectId, object) =>
      known(objects.chargeProviderObject(projectId, { ...object, atMs: nowMs() })),
  };
}

/** The key that seals objects, from the secret that all servers of an installation share. */
export function objectKeyOf(pepper: Uint8Array): Buffer {
  return Buffer.from(hkdfSync('sha256', pepper, '', 'tokenrouter provider objects', 32));
}

type SealedObject = Omit<OwnedObject, 'body'> & { sealed: Buffer };

/** A batch that failed lists its errors; more than this is no description of an object. */
const BODY_CHARS_MAX = 1_000_000;

function identityOf(projectId: string, named: Pick<OwnedObject, 'kind' | 'providerId' | 'id'>): string {
  return JSON.stringify(['provider-object', projectId, named.kind, named.providerId, named.id]);
}

/** What cannot be opened any more is still there, and its provider can be asked about it. */
function bodyOf(opened: Buffer | undefined, { id, kind }: SealedObject): JsonObject {
  const body = opened === undefined ? undefined : parseJson(opened.toString('utf8'));
  return isObject(body) ? body : { id, object: kind };
}

function tooLong(provider: string): GatewayError {
  const message = `The provider ${provider} described an object at too great a length.`;
  return new GatewayError('provider_bad_response', message, { provider });
}

async function known<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (cause) {
    if (!(cause instanceof StoreError)) throw cause;
    const message = 'Which files are yours cannot be looked up at the moment. Try again soon.';
    throw new GatewayError('store_unavailable', message, { retryAfterS: 1, cause });
  }
}
