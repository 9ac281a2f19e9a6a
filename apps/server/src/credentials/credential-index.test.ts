import { randomBytes } from 'node:crypto';
import type { TargetKeys } from '@app/gateway';
import { type Provider, providerRow, Secret } from '@app/providers';
import type { CredentialChange } from '@app/store';
import { expect, test } from 'vitest';
import { createCredentialCipher } from './create-credential-cipher.ts';
import { createCredentialIndex } from './create-credential-index.ts';
import { createFindPlace } from './create-find-place.ts';
import { openCredential } from './open-credential.ts';
import type { SecretRefs } from './secret-refs.ts';

const cipher = createCredentialCipher(randomBytes(32));
const home = providerRow({ id: 'home', dialect: 'openai-chat', baseUrl: 'https://llm.acme.example/v1' });
const refs: SecretRefs = {
  find: (name) => (name === 'vault' ? { secret: new Secret('sk-vault'), problem: undefined } : undefined),
  mayStore: (name, { providerId }) => name === 'vault' && providerId === 'openai',
};
const deps = { cipher, findPlace: createFindPlace({ configured: [home], withKnown: true }), refs };
let sequence = 0;

function change(id: string, changes: Partial<CredentialChange> = {}): CredentialChange {
  sequence += 1;
  const plain: CredentialChange = {
    id,
    organizationId: 'org_a',
    projectId: undefined,
    providerId: 'openai',
    name: id,
    sealed: undefined,
    reference: undefined,
    origins: ['https://api.openai.com'],
    lastFour: undefined,
    weight: 1,
    isEnabled: true,
    createdAtMs: sequence,
    createdBy: undefined,
    rotatedAtMs: undefined,
    sequence,
    isDeleted: false,
    ...changes,
  };
  const isBare = plain.reference === undefined && changes.sealed === undefined;
  return isBare ? { ...plain, sealed: cipher.seal(plain, new Secret(`sk-${id}`)) } : plain;
}

function lab(...changes: CredentialChange[]) {
  const clock = { ms: 1_000, nowMs: () => clock.ms };
  const index = createCredentialIndex({ ...deps, clock });
  for (const each of changes) index.apply(each);
  return { clock, index };
}

const tenant = { organizationId: 'org_a', projectId: 'proj_a' };
const openai = providerRow({ id: 'openai', secret: new Secret('sk-operator') });
const sent = (keys: TargetKeys | undefined, row: Provider = openai): string | undefined => {
  const auth = keys?.pick([], false)?.applyTo(row)?.auth;
  return auth?.kind === 'bearer' ? auth.secret.reveal() : undefined;
};

test('a sealed key opens for its own row alone', () => {
  const row = change('cred_1');
  const sealed = row.sealed ?? Buffer.alloc(0);
  expect(cipher.open(row, sealed)?.reveal()).toBe('sk-cred_1');
  expect(sealed.includes('sk-cred_1')).toBe(false);
  for (const other of [
    { id: 'cred_2' },
    { organizationId: 'org_b' },
    { projectId: 'proj_a' },
    { providerId: 'mistral' },
    { origins: ['https://elsewhere.example'] },
  ]) {
    expect(cipher.open({ ...row, ...other }, sealed), JSON.stringify(other)).toBeUndefined();
  }
  expect(createCredentialCipher(randomBytes(32)).open(row, sealed)).toBeUndefined();
});

test("an organization's key is its own, and a project's comes before it and is the project's alone", () => {
  const { index } = lab(change('cred_org'), change('cred_own', { projectId: 'proj_a' }));
  expect(sent(index.findKeys(tenant, 'openai'))).toBe('sk-cred_own');
  expect(sent(index.findKeys({ ...tenant, projectId: 'proj_b' }, 'openai'))).toBe('sk-cred_org');
  expect(index.findKeys({ organizationId: 'org_b', projectId: 'proj_a' }, 'openai')).toBeUndefined();
  expect(index.findKeys(tenant, 'mistral')).toBeUndefined();
  expect(index.providersOf({ organizationId: 'org_b', projectId: 'proj_a' })).toEqual([]);
  expect(index.providersOf(tenant)).toEqual(['openai']);
});

test('a change counts from the next call on: another weight, a disabled, a rotated, a deleted key', () => {
  const { index } = lab(change('cred_1'), change('cred_2', { weight: 0 }));
  const keys = () => index.findKeys(tenant, 'openai');
  expect([sent(keys()), sent(keys())]).toEqual(['sk-cred_1', 'sk-cred_1']);
  index.apply(change('cred_1', { isEnabled: false }));
  expect(sent(keys())).toBe('sk-cred_2');
  const rotated = change('cred_2', { rotatedAtMs: 5 });
  index.apply({ ...rotated, sealed: cipher.seal(rotated, new Secret('sk-new')) });
  expect(sent(keys())).toBe('sk-new');
  index.apply(change('cred_2', { isDeleted: true }));
  expect(keys()).toBeUndefined();
  expect(index.size()).toBe(1);
});

test('a key goes on resting when something else of it changes, and begins anew with a new secret', () => {
  const { index } = lab(change('cred_1'));
  index.findKeys(tenant, 'openai')?.pick([], false)?.onRefused({ status: 401, retryAfterS: undefined });
  index.apply(change('cred_1', { name: 'renamed' }));
  expect(index.findKeys(tenant, 'openai')?.pick([], false)).toBeUndefined();
  expect(index.findHealth('cred_1')).toMatchObject({ refusedWith: 401 });
  index.apply(change('cred_1', { rotatedAtMs: 9 }));
  expect(sent(index.findKeys(tenant, 'openai'))).toBe('sk-cred_1');
  expect(index.findHealth('cred_1')).toMatchObject({ coolingUntilMs: 0 });
});

test('a key is sent to where it was bound when it was stored, and nowhere else', () => {
  const moved = change('cred_home', { providerId: 'home', origins: ['https://old.acme.example'] });
  const { index } = lab(moved, change('cred_1'));
  expect(index.findKeys(tenant, 'home')?.pick([], true)).toBeUndefined();
  expect(openCredential(moved, deps)()).toEqual({
    ok: false,
    problem:
      'The provider home is now at https://llm.acme.example, and this key was stored for https://old.acme.example. Store its secret again if it may go there.',
  });
  const elsewhere = { ...openai, baseUrl: 'https://api.openai.com.evil.example/v1' };
  expect(sent(index.findKeys(tenant, 'openai'), elsewhere)).toBeUndefined();
  expect(sent(index.findKeys(tenant, 'openai'))).toBe('sk-cred_1');
});

test('a reference is asked each time, for the providers that it is listed for', () => {
  const { index } = lab(change('cred_ref', { reference: 'vault' }));
  expect(sent(index.findKeys(tenant, 'openai'))).toBe('sk-vault');
  const stranger = change('cred_x', {
    reference: 'vault',
    providerId: 'mistral',
    origins: ['https://api.mistral.ai'],
  });
  expect(openCredential(stranger, deps)()).toEqual({
    ok: false,
    problem: 'The operator lists no reference "vault" for mistral any more.',
  });
});

test('a row that somebody changed in the database does not open', () => {
  const stolen = { ...change('cred_1'), organizationId: 'org_thief' };
  const { index } = lab(stolen);
  expect(
    index.findKeys({ organizationId: 'org_thief', projectId: 'p' }, 'openai')?.pick([], true),
  ).toBeUndefined();
  expect(openCredential(stolen, deps)()).toMatchObject({ ok: false });
});

test('a provider is found by the one name that it has here', () => {
  const mine = providerRow({ id: 'mine', kind: 'openai', secret: new Secret('x') });
  const findPlace = createFindPlace({ configured: [{ ...mine, kind: 'openai' }, home], withKnown: true });
  expect(findPlace('mine')).toMatchObject({ ok: true, place: { isConfigured: true } });
  expect(findPlace('openai')).toEqual({
    ok: false,
    problem: 'No key can be kept for the provider "openai": it is configured here as "mine".',
  });
  expect(findPlace('anthropic')).toMatchObject({
    ok: true,
    place: { isConfigured: false, origins: ['https://api.anthropic.com'] },
  });
  for (const id of ['ollama', 'sandbox', 'nobody', '__proto__']) expect(findPlace(id).ok, id).toBe(false);
  const strict = createFindPlace({ configured: [home], withKnown: false });
  expect([strict('home').ok, strict('anthropic').ok]).toEqual([true, false]);
});
