import type { Secret } from '@app/providers';
import type { StoredCredential } from '@app/store';
import type { CredentialCipher } from './create-credential-cipher.ts';
import type { FindPlace, ProviderPlace } from './create-find-place.ts';
import type { SecretRefs } from './secret-refs.ts';

export type OpenCredentialDeps = {
  cipher: Pick<CredentialCipher, 'open'>;
  findPlace: FindPlace;
  refs: SecretRefs;
};

/** A key as it can be used now, or why it cannot. */
export type UsableCredential =
  | { ok: true; place: ProviderPlace; secret: Secret; warning: string | undefined }
  | { ok: false; problem: string };

/** What becomes of a stored key: a secret is opened once, a reference is asked again each time. */
export type OpenedCredential = () => UsableCredential;

/** Opens a key that was stored. The answer of the function it gives may change with what references give. */
export function openCredential(stored: StoredCredential, deps: OpenCredentialDeps): OpenedCredential {
  const found = deps.findPlace(stored.providerId);
  if (!found.ok) return always(found.problem);
  const { place } = found;
  const strange = place.origins.find((origin) => !stored.origins.includes(origin));
  if (strange !== undefined) return always(movedTo(strange, stored));
  const { sealed, reference } = stored;
  if (reference !== undefined) return () => ofReference(stored, reference, { ...deps, place });
  const secret = sealed === undefined ? undefined : deps.cipher.open(stored, sealed);
  if (secret === undefined) {
    return always('It cannot be opened: it was sealed by another installation. Store it again.');
  }
  const usable = { ok: true, place, secret, warning: undefined } as const;
  return () => usable;
}

function always(problem: string): OpenedCredential {
  const unusable = { ok: false, problem } as const;
  return () => unusable;
}

function movedTo(origin: string, { providerId, origins }: StoredCredential): string {
  return (
    `The provider ${providerId} is now at ${origin}, and this key was stored for ${origins.join(', ')}. ` +
    'Store its secret again if it may go there.'
  );
}

function ofReference(
  { providerId, organizationId }: StoredCredential,
  name: string,
  { refs, place }: { refs: SecretRefs; place: ProviderPlace },
): UsableCredential {
  const found = refs.mayStore(name, { providerId, organizationId }) ? refs.find(name) : undefined;
  if (found === undefined) {
    return { ok: false, problem: `The operator lists no reference "${name}" for ${providerId} any more.` };
  }
  const { secret, problem } = found;
  if (secret !== undefined) return { ok: true, place, secret, warning: problem };
  return { ok: false, problem: problem ?? `The reference "${name}" has no value yet.` };
}
