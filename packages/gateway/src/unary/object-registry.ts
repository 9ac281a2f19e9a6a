import type { JsonObject } from '@app/protocol';
import type { Principal } from '../ports.ts';

/** What providers keep for callers. */
export type ObjectKind = 'file' | 'batch';

/** An object at a provider, and the provider's last word about it. */
export type OwnedObject = {
  id: string;
  kind: ObjectKind;
  providerId: string;
  /** What a file is for, in OpenAI's words; empty for everything else. */
  purpose: string;
  createdAtMs: number;
  body: JsonObject;
};

export type ObjectSearch = {
  kind: ObjectKind;
  purpose: string | undefined;
  /** Only what comes after this object in the order. */
  after: string | undefined;
  limit: number;
  order: 'asc' | 'desc';
};

/**
 * Which project each object belongs to: all projects share one account at a provider, so only this tells their objects
 * apart. Every function rejects with `store_unavailable` when the store cannot be asked.
 */
export type ObjectRegistry = {
  /** Keeps an object, or what is new about it. False when it is another project's. */
  keep(owner: Pick<Principal, 'organizationId' | 'projectId'>, object: OwnedObject): Promise<boolean>;
  /** Undefined for another project's object, exactly as for one that does not exist. */
  find(projectId: string, object: { kind: ObjectKind; id: string }): Promise<OwnedObject | undefined>;
  /** Those of these ids that are files of the project, with their providers. */
  findFiles(projectId: string, ids: readonly string[]): Promise<{ id: string; providerId: string }[]>;
  /** One more than `limit` when there are more. */
  list(projectId: string, search: ObjectSearch): Promise<OwnedObject[]>;
  remove(projectId: string, object: { kind: ObjectKind; id: string }): Promise<void>;
  /** True for the one who may charge this object's usage: the first to ask. */
  claimUsage(projectId: string, object: { kind: ObjectKind; id: string }): Promise<boolean>;
};

/** An id as providers make them; whatever else comes cannot become a part of a path. */
export function isObjectId(id: string): boolean {
  return OBJECT_ID.test(id) && !id.includes('..');
}

const OBJECT_ID = /^[A-Za-z0-9][A-Za-z0-9_.:-]{0,199}$/;
