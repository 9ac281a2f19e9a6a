import { isObject, type Json, type JsonObject, parseJson } from '@app/protocol';
import { Secret } from '@app/providers';
import type { SecretRef } from '../../config/secret-ref-fields.ts';
import type { AskOnce } from '../../outbound/ask-once.ts';
import { readField } from './read-field.ts';
import { ReferenceFailure, unanswered } from './reference-failure.ts';

export type Vault = NonNullable<SecretRef['vault']>;

export type VaultDeps = {
  askOnce: AskOnce;
  readFile: (path: string) => Promise<string>;
  nowMs: () => number;
};

type Login = { token: Secret; refreshAtMs: number };

/** Asks Vault with a login; a body makes it a POST. A login that is refused is made anew the next time. */
export type AskVault = (
  vault: Vault,
  path: string,
  body?: JsonObject,
) => Promise<{ status: number; body: Json | undefined }>;

const NAME = 'HashiCorp Vault';
/** When this part of a login's life is over, it is made again. */
const REFRESH_AFTER = 0.8;
const LEASE_S_MAX = 86_400;

/**
 * Logs in as the settings say and keeps the login as long as it is good. Sources: HashiCorp, "AppRole auth method (API)",
 * "Kubernetes auth method (API)".
 */
export function createAskVault({ askOnce, readFile, nowMs }: VaultDeps): AskVault {
  const logins = new Map<string, Login>();

  const ask = async (vault: Vault, path: string, more: { token?: Secret; body?: JsonObject }) => {
    const { namespace } = vault;
    const url = new URL(`${vault.address.replace(/\/+$/, '')}/v1/${path}`);
    const answer = await askOnce({
      method: more.body === undefined ? 'GET' : 'POST',
      url,
      headers: {
        accept: 'application/json',
        'x-vault-request': 'true',
        ...(namespace === undefined ? {} : { 'x-vault-namespace': namespace }),
        ...(more.body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(more.token === undefined ? {} : { credential: { 'x-vault-token': more.token.reveal() } }),
      ...(more.body === undefined ? {} : { body: JSON.stringify(more.body) }),
    }).catch(unanswered(NAME));
    return { status: answer.status, body: parseJson(answer.body) };
  };

  const logIn = async (vault: Vault): Promise<Login> => {
    const { mount, body } = await loginOf(vault, readFile);
    const askedAtMs = nowMs();
    const { status, body: answer } = await ask(vault, `auth/${mount}/login`, { body });
    if (status !== 200) throw new ReferenceFailure(vaultRefusal(status, 'refused our login'));
    const auth = isObject(answer) && isObject(answer.auth) ? answer.auth : {};
    if (typeof auth.client_token !== 'string' || auth.client_token === '') {
      throw new ReferenceFailure(`${NAME} answered the login without a token.`);
    }
    const leaseS = typeof auth.lease_duration === 'number' ? Math.min(auth.lease_duration, LEASE_S_MAX) : 0;
    // A lease of zero never ends; it is asked for again all the same.
    const lifeMs = (leaseS <= 0 ? LEASE_S_MAX : leaseS) * 1_000 * REFRESH_AFTER;
    return { token: new Secret(auth.client_token), refreshAtMs: askedAtMs + lifeMs };
  };

  const findToken = async (vault: Vault): Promise<Secret> => {
    if (vault.token !== undefined) return new Secret(vault.token);
    if (vault.token_file !== undefined) return readField(await readFile(vault.token_file), undefined);
    const name = nameOf(vault);
    const known = logins.get(name);
    if (known !== undefined && nowMs() < known.refreshAtMs) return known.token;
    const login = await logIn(vault);
    logins.set(name, login);
    return login.token;
  };

  return async (vault, path, body) => {
    const token = await findToken(vault);
    const answer = await ask(vault, path, { token, ...(body !== undefined && { body }) });
    if (answer.status === 403) logins.delete(nameOf(vault));
    return answer;
  };
}

async function loginOf(
  { kubernetes, approle }: Vault,
  readFile: VaultDeps['readFile'],
): Promise<{ mount: string; body: JsonObject }> {
  if (approle !== undefined) {
    return { mount: approle.mount, body: { role_id: approle.role_id, secret_id: approle.secret_id } };
  }
  if (kubernetes === undefined) throw new ReferenceFailure(`No way to log in to ${NAME} is configured.`);
  const jwt = (await readFile(kubernetes.token_file)).trim();
  return { mount: kubernetes.mount, body: { role: kubernetes.role, jwt } };
}

/** One login serves every reference that logs in the same way. */
function nameOf({ address, namespace, kubernetes, approle }: Vault): string {
  return JSON.stringify([address, namespace, kubernetes, approle]);
}

/** What a status that is not 200 means. `what` says what was not done. */
export function vaultRefusal(status: number, what: string): string {
  if (status === 404) return `${NAME} has no such secret (404).`;
  if (status === 503) return `${NAME} is sealed or in maintenance (503).`;
  return `${NAME} ${what} (${status}).`;
}
