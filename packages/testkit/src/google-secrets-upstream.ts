import { createVerify, generateKeyPairSync } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { Script } from './fake-upstream.ts';
import type { SealingKey } from './sealing-key.ts';

export type FakeGoogleSecrets = {
  script: Script;
  /** Texts by the full name of a version, for example `projects/p/secrets/s/versions/latest`. */
  secrets: Map<string, string>;
  /** Keys of Cloud KMS by their full names. */
  keys: Map<string, SealingKey>;
  /** The key file of the one service account that may read, for a token service at this address. */
  keyFile(url: string): string;
};

/**
 * Plays Google's token service and Secret Manager: an assertion is checked with the account's public key, and only the
 * token given for it opens secrets. Sources: Google, "Using OAuth 2.0 for server to server applications"; Secret Manager
 * REST reference, `projects.secrets.versions.access`;
 * KMS REST reference, `projects.locations.keyRings.cryptoKeys.encrypt` and `decrypt`.
 */
export function playsGoogleSecrets(): FakeGoogleSecrets {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const secrets = new Map<string, string>();
  const keys: FakeGoogleSecrets['keys'] = new Map();
  const tokens = new Set<string>();
  const crypt = (response: ServerResponse, { keyName, verb, json }: CryptRequest) => {
    const key = keys.get(keyName);
    if (key === undefined) return answer(response, 404, { error: { code: 404, status: 'NOT_FOUND' } });
    const context = String(json.additionalAuthenticatedData ?? '');
    if (verb === 'encrypt') {
      return answer(response, 200, {
        name: `${keyName}/cryptoKeyVersions/1`,
        ciphertext: key.seal(String(json.plaintext), context),
      });
    }
    const plaintext = key.open(String(json.ciphertext), context);
    if (plaintext === undefined)
      return answer(response, 400, { error: { code: 400, status: 'INVALID_ARGUMENT' } });
    answer(response, 200, { plaintext, usedPrimary: true });
  };
  const giveToken = (response: ServerResponse, body: string) => {
    const [header, claims, signature = ''] = (new URLSearchParams(body).get('assertion') ?? '').split('.');
    const check = createVerify('RSA-SHA256').update(`${header}.${claims}`);
    if (!check.verify(publicKey, signature, 'base64url'))
      return answer(response, 400, { error: 'invalid_grant' });
    const token = `ya29.canary-token-${tokens.size + 1}`;
    tokens.add(token);
    return answer(response, 200, { access_token: token, expires_in: 3_599, token_type: 'Bearer' });
  };
  const script: Script = (response, { method, path, headers, body, json = {} }) => {
    if (method === 'POST' && path === '/token') return giveToken(response, body);
    const token = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1] ?? '';
    if (!tokens.has(token)) return answer(response, 401, { error: { code: 401, status: 'UNAUTHENTICATED' } });
    const [, keyName, verb] = /^\/v1\/(.+\/cryptoKeys\/.+):(encrypt|decrypt)$/.exec(path) ?? [];
    if (keyName !== undefined && method === 'POST') return crypt(response, { keyName, verb, json });
    const name = /^\/v1\/(.+):access$/.exec(path)?.[1] ?? '';
    if (name.includes('forbidden'))
      return answer(response, 403, { error: { code: 403, status: 'PERMISSION_DENIED' } });
    const text = method === 'GET' ? secrets.get(name) : undefined;
    if (text === undefined) return answer(response, 404, { error: { code: 404, status: 'NOT_FOUND' } });
    answer(response, 200, { name, payload: { data: Buffer.from(text).toString('base64') } });
  };
  return {
    script,
    secrets,
    keys,
    keyFile: (url) =>
      JSON.stringify({
        type: 'service_account',
        client_email: 'reader@acme.iam.gserviceaccount.com',
        private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
        token_uri: `${url}/token`,
      }),
  };
}

type CryptRequest = { keyName: string; verb: string | undefined; json: { [field: string]: unknown } };

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
