import type { ServerResponse } from 'node:http';
import type { Script } from './fake-upstream.ts';
import type { SealingKey } from './sealing-key.ts';

export type FakeVault = {
  script: Script;
  /** Secrets by their path below `/v1`, for example `secret/data/llm/openai`. */
  secrets: Map<string, { [field: string]: unknown }>;
  /** Keys of the Transit engine by name. */
  keys: Map<string, SealingKey>;
  /** Tokens that may read; a login adds one. */
  tokens: Set<string>;
  seal(isSealed: boolean): void;
  /** How many logins were made. */
  logins(): number;
};

export type FakeVaultOptions = {
  approle?: { roleId: string; secretId: string };
  kubernetes?: { role: string; jwt: string };
  /** Seconds that a login lasts. */
  leaseS?: number;
  namespace?: string;
};

/**
 * Plays HashiCorp Vault: a KV engine of version 2, and two ways to log in. Source: HashiCorp, "KV secrets engine -
 * version 2 (API)", "AppRole auth method (API)", "Kubernetes auth method (API)", "Transit secrets engine
 * (API)".
 */
export function playsVault(options: FakeVaultOptions = {}): FakeVault {
  const secrets: FakeVault['secrets'] = new Map();
  const keys: FakeVault['keys'] = new Map();
  const tokens = new Set<string>();
  let isSealed = false;
  let logins = 0;

  const isRight = (place: string, json: { [field: string]: unknown }): boolean | undefined => {
    const { approle, kubernetes } = options;
    if (place === 'auth/approle/login') {
      return (
        json.role_id === approle?.roleId && json.secret_id === approle?.secretId && approle !== undefined
      );
    }
    if (place !== 'auth/kubernetes/login') return undefined;
    return json.role === kubernetes?.role && json.jwt === kubernetes?.jwt && kubernetes !== undefined;
  };
  const logIn = (response: ServerResponse): void => {
    logins += 1;
    const token = `hvs.canary-login-${logins}`;
    tokens.add(token);
    const lease = { client_token: token, lease_duration: options.leaseS ?? 3_600, renewable: true };
    answer(response, 200, { request_id: 'r', data: null, auth: lease });
  };
  const crypt = (response: ServerResponse, place: string, json: { [field: string]: unknown }) => {
    const [, verb, name = ''] = /^transit\/(encrypt|decrypt)\/([\w-]+)$/.exec(place) ?? [];
    const key = keys.get(name);
    if (key === undefined) return answer(response, 404, { errors: [] });
    if (verb === 'encrypt') {
      const ciphertext = `vault:v1:${key.seal(String(json.plaintext), name)}`;
      return answer(response, 200, { data: { ciphertext, key_version: 1 } });
    }
    const sealed = /^vault:v1:(.+)$/.exec(String(json.ciphertext))?.[1];
    const plaintext = sealed === undefined ? undefined : key.open(sealed, name);
    if (plaintext === undefined) return answer(response, 400, { errors: ['invalid ciphertext'] });
    answer(response, 200, { data: { plaintext } });
  };
  const script: Script = (response, { method, path, headers, json = {} }) => {
    if (isSealed) return answer(response, 503, { errors: ['Vault is sealed'] });
    if (headers['x-vault-namespace'] !== options.namespace) return answer(response, 404, { errors: [] });
    const place = path.replace('/v1/', '');
    const right = method === 'POST' ? isRight(place, json) : undefined;
    if (right === true) return logIn(response);
    if (right === false) return answer(response, 400, { errors: ['invalid role or secret ID'] });
    const token = headers['x-vault-token'];
    if (typeof token !== 'string' || !tokens.has(token)) {
      return answer(response, 403, { errors: ['permission denied'] });
    }
    if (method === 'POST') return crypt(response, place, json);
    const data = method === 'GET' ? secrets.get(place) : undefined;
    if (data === undefined) return answer(response, 404, { errors: [] });
    answer(response, 200, { request_id: 'r', data: { data, metadata: { version: 1, destroyed: false } } });
  };
  return {
    script,
    secrets,
    keys,
    tokens,
    seal: (sealed) => {
      isSealed = sealed;
    },
    logins: () => logins,
  };
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
