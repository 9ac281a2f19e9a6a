import type { Secret } from '@app/providers';

/** What a reference gives now. A value that was good stays when the place it came from fails. */
export type ReferenceValue = {
  secret: Secret | undefined;
  /** Why there is none, or why it may be old; names no secret and no address. */
  problem: string | undefined;
};

/** The secrets that the operator listed under `secret_refs`, by name. */
export type SecretRefs = {
  /** Undefined for a name that is not listed. */
  find(name: string): ReferenceValue | undefined;
  /** Whether keys that are stored over the API may name it. */
  mayStore(name: string, use: { providerId: string; organizationId: string }): boolean;
};

/** Nothing is listed. */
export const noSecretRefs: SecretRefs = { find: () => undefined, mayStore: () => false };
