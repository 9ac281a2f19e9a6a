import { randomBytes } from 'node:crypto';
import type { RelationalStore } from '@app/store';
import { NEXT_SUFFIX } from './data-keys.ts';
import { seal, unseal } from './seal.ts';

/**
 * Secrets that all servers of an installation share: what digests API keys, signs session cookies, seals stored replies,
 * seals the private halves of the keys to which callers encrypt, providers' keys and where messages go, and seals and signs the audit chains.
 */
const INSTALLATION_SECRETS = [
  'key-pepper',
  'session-secret',
  'response-key',
  'inline-keys',
  'credential-key',
  'destination-key',
  'audit-key',
  'receipt-key',
] as const;
type InstallationSecretName = (typeof INSTALLATION_SECRETS)[number];

type InstallationSecretValues = { [name in InstallationSecretName]: Buffer };

export type InstallationSecrets =
  | { ok: true; secrets: InstallationSecretValues }
  | { ok: false; problem: string };

export type InstallationSecretsOptions = {
  table: Pick<RelationalStore['secrets'], 'findInstallationSecret' | 'insertInstallationSecret'>;
  masterKey: Uint8Array;
  nowMs: number;
};

/** The shared secrets, 32 bytes each, made at the first start. Servers that start at once agree on the same. */
export async function loadInstallationSecrets(
  options: InstallationSecretsOptions,
): Promise<InstallationSecrets> {
  const secrets: Partial<InstallationSecretValues> = {};
  await Promise.all(
    INSTALLATION_SECRETS.map(async (name) => {
      const secret = await loadSecret(name, options);
      if (secret !== undefined) secrets[name] = secret;
    }),
  );
  if (isWhole(secrets)) return { ok: true, secrets };
  return {
    ok: false,
    problem:
      'The master key does not open the secrets kept in PostgreSQL: they were made with another master key. ' +
      'Start with the key that was used before, or with an empty database to begin anew.',
  };
}

function isWhole(secrets: Partial<InstallationSecretValues>): secrets is InstallationSecretValues {
  return INSTALLATION_SECRETS.every((name) => secrets[name] !== undefined);
}

/** Undefined when the master key does not open what is kept. */
async function loadSecret(
  name: InstallationSecretName,
  { table, masterKey, nowMs }: InstallationSecretsOptions,
): Promise<Buffer | undefined> {
  const identity = installationSecretIdentity(name);
  const find = (named: string) => table.findInstallationSecret({ name: named });
  const kept =
    (await find(name)) ??
    (await table.insertInstallationSecret({
      name,
      sealed: seal(masterKey, randomBytes(32), identity),
      updatedAtMs: nowMs,
    }));
  const opened = unseal(masterKey, kept, identity);
  if (opened !== undefined) return opened;
  // During a rotation of the master key both keys open it; one may have ended between the two looks.
  const next = (await find(name + NEXT_SUFFIX)) ?? (await find(name));
  return next && unseal(masterKey, next, identity);
}

/** What a shared secret is sealed as. */
export function installationSecretIdentity(name: string): string {
  return `installation-secret.${name}`;
}
