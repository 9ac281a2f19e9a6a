import type {
  NewProviderCredential,
  ProviderCredential,
  ProviderCredentialChange,
  ProviderCredentialCheck,
  ProviderCredentialList,
} from '@app/contract';
import type { KeyHealth } from '@app/gateway';
import { findSecretProblem, Secret } from '@app/providers';
import { type RelationalStore, type StoredCredential, StoreError } from '@app/store';
import type { CheckKey } from './create-check-key.ts';
import type { CredentialCipher } from './create-credential-cipher.ts';
import type { FindPlace, ProviderPlace } from './create-find-place.ts';
import {
  type CredentialActor,
  invalid,
  nameTaken,
  noCredential,
  refuseSharedChange,
  refuseTestKey,
  tooMany,
} from './credential-rules.ts';
import { type OpenCredentialDeps, openCredential } from './open-credential.ts';
import type { SecretRefs } from './secret-refs.ts';
import { showCredential } from './show-credential.ts';

export type CredentialsDeps = {
  credentials: Pick<
    RelationalStore['credentials'],
    | 'insertProviderCredential'
    | 'updateProviderCredential'
    | 'deleteProviderCredential'
    | 'findProviderCredential'
    | 'listProviderCredentials'
    | 'countProviderCredentials'
    | 'waitForAcknowledgement'
  >;
  cipher: CredentialCipher;
  findPlace: FindPlace;
  refs: SecretRefs;
  checkKey: CheckKey;
  /** How providers took a key in this process, where calls are made in it. */
  findHealth?: (id: string) => Readonly<KeyHealth> | undefined;
  /** Keys that the operator's file gives to every organization. */
  listFileKeys?: () => ProviderCredential[];
  newCredentialId: () => string;
  nowMs: () => number;
};

/** Whose keys: a project, with its organization. */
type Owner = { id: string; organizationId: string };

/** Providers' keys of projects and organizations. No answer ever holds a secret. */
export type Credentials = {
  list(owner: Owner, actor?: CredentialActor): Promise<ProviderCredentialList>;
  /** Throws a 4xx `GatewayError` for what cannot be. */
  create(owner: Owner, input: NewProviderCredential, actor?: CredentialActor): Promise<ProviderCredential>;
  change(
    owner: Owner,
    change: Named<ProviderCredentialChange>,
    actor?: CredentialActor,
  ): Promise<ProviderCredential>;
  remove(owner: Owner, named: Named<object>, actor?: CredentialActor): Promise<ProviderCredential>;
  /** Makes one cheap call with the key. */
  check(owner: Owner, named: Named<object>, actor?: CredentialActor): Promise<ProviderCredentialCheck>;
};

type Named<Fields> = Fields & { id: string };

/** A write answers once the live servers know of it, but waits for a server that hangs no longer than this. */
const ACKNOWLEDGE_MS = 2_000;
const CREDENTIALS_MAX = 1_000;
/** Of a shorter secret, four characters would give too much away. */
const SHOWN_FROM_CHARS = 16;

/** Without an actor it is the operator who acts, on the machine itself. */
export function createCredentials(deps: CredentialsDeps): Credentials {
  const { credentials } = deps;
  const show = (stored: StoredCredential) => {
    const usable = openCredential(stored, deps)();
    return showCredential(stored, { usable, health: deps.findHealth?.(stored.id) }, deps.nowMs());
  };
  const written = async (row: Written | undefined): Promise<ProviderCredential> => {
    if (row === undefined) throw noCredential();
    await credentials.waitForAcknowledgement(row.sequence, ACKNOWLEDGE_MS);
    return show(row.credential);
  };
  const find = async (owner: Owner, id: string) => {
    const found = await credentials.findProviderCredential(owner.organizationId, { id });
    const isVisible = found?.projectId === undefined || found.projectId === owner.id;
    if (found === undefined || !isVisible) throw noCredential();
    return found;
  };
  const findToChange = async (owner: Owner, id: string, actor: CredentialActor | undefined) => {
    refuseTestKey(actor);
    const found = await find(owner, id);
    refuseSharedChange(actor, found.projectId === undefined);
    return found;
  };

  return {
    list: async (owner, actor) => {
      refuseTestKey(actor);
      const rows = await credentials.listProviderCredentials(owner.organizationId, { projectId: owner.id });
      return { data: [...rows.map(show), ...(deps.listFileKeys?.() ?? [])] };
    },
    create: async (owner, input, actor) => {
      refuseTestKey(actor);
      refuseSharedChange(actor, input.shared === true);
      const row = rowOf(deps, owner, input);
      if ((await credentials.countProviderCredentials(owner.organizationId)) >= CREDENTIALS_MAX) {
        throw tooMany(CREDENTIALS_MAX);
      }
      const made = await credentials.insertProviderCredential(owner.organizationId, {
        ...row,
        createdBy: actor?.id,
      });
      if (made === undefined) throw nameTaken();
      return written(made);
    },
    change: async (owner, { id, ...change }, actor) => {
      const found = await findToChange(owner, id, actor);
      const { name, weight, enabled: isEnabled } = change;
      const secret = rotationOf(deps, found, change);
      const update = { id, name, weight, isEnabled, secret };
      return written(
        await credentials.updateProviderCredential(owner.organizationId, update).catch(asNameTaken),
      );
    },
    remove: async (owner, { id }, actor) => {
      const found = await findToChange(owner, id, actor);
      const gone = { id: found.id, deletedAtMs: deps.nowMs() };
      const row = await credentials.deleteProviderCredential(owner.organizationId, gone);
      if (row === undefined) throw noCredential();
      await credentials.waitForAcknowledgement(row.sequence, ACKNOWLEDGE_MS);
      return { ...show(found), status: 'disabled', enabled: false };
    },
    check: async (owner, { id }, actor) => {
      refuseTestKey(actor);
      const usable = openCredential(await find(owner, id), deps)();
      return usable.ok ? deps.checkKey(usable) : { ok: false, message: usable.problem };
    },
  };
}

type Written = { credential: StoredCredential; sequence: number };

/** The only row that a change can collide with is one of the same name. */
function asNameTaken(error: unknown): never {
  throw error instanceof StoreError && error.code === 'conflict' ? nameTaken() : error;
}

function rowOf(deps: CredentialsDeps, owner: Owner, input: NewProviderCredential) {
  const { provider: providerId, name = 'default', weight = 1, shared = false } = input;
  const { organizationId } = owner;
  const place = placeOf(deps, providerId);
  const id = deps.newCredentialId();
  const projectId = shared ? undefined : owner.id;
  const identity = { id, organizationId, projectId, providerId, origins: place.origins };
  const given = secretOf(deps, { ...identity, place }, input);
  if (given === undefined) {
    throw invalid(
      'secret',
      'Give the key itself as secret, or the name of a reference; one of the two is needed.',
    );
  }
  return {
    id,
    projectId,
    providerId,
    name,
    weight,
    origins: place.origins,
    ...given,
    createdAtMs: deps.nowMs(),
  };
}

function rotationOf(deps: CredentialsDeps, found: StoredCredential, change: ProviderCredentialChange) {
  if (change.secret === undefined && change.reference === undefined) return undefined;
  const place = placeOf(deps, found.providerId);
  const given = secretOf(deps, { ...found, origins: place.origins, place }, change);
  return given === undefined ? undefined : { ...given, origins: place.origins, rotatedAtMs: deps.nowMs() };
}

function placeOf({ findPlace }: CredentialsDeps, providerId: string): ProviderPlace {
  const found = findPlace(providerId);
  if (!found.ok) throw invalid('provider', found.problem);
  return found.place;
}

type Given = { secret?: string | undefined; reference?: string | undefined };
type Identity = OpenIdentity & { place: ProviderPlace };
type OpenIdentity = Parameters<CredentialCipher['seal']>[0];

/** The new secret as it is kept: sealed, or the name of where it is. Undefined when neither was given. */
function secretOf(
  { cipher, refs }: Pick<OpenCredentialDeps, 'refs'> & { cipher: CredentialCipher },
  to: Identity,
  given: Given,
) {
  const { place, providerId, organizationId } = to;
  if (given.secret !== undefined && given.reference !== undefined) {
    throw invalid('reference', 'Give a secret or a reference, not both.');
  }
  if (given.reference !== undefined) {
    if (refs.mayStore(given.reference, { providerId, organizationId })) return { reference: given.reference };
    const message = `There is no reference "${given.reference.slice(0, 64)}" for ${providerId} under secret_refs.`;
    throw invalid('reference', message);
  }
  if (given.secret === undefined) return undefined;
  const secret = new Secret(given.secret);
  const problem = findSecretProblem(place.row.auth, secret);
  if (problem !== undefined) throw invalid('secret', `secret ${problem}.`);
  return { sealed: cipher.seal(to, secret), lastFour: lastFourOf(place, given.secret) };
}

/** Only of a plain key: the end of a longer text would show nothing that anybody knows it by. */
function lastFourOf({ row }: ProviderPlace, text: string): string | undefined {
  const isPlain = row.auth.kind === 'bearer' || row.auth.kind === 'header';
  return isPlain && text.length >= SHOWN_FROM_CHARS ? text.slice(-4) : undefined;
}
