import { createPrivateKey, createSign, type KeyObject } from 'node:crypto';
import type { GoogleAuth } from '../provider.ts';
import type { Secret } from '../secret.ts';

/** What a service account's key file says, less the key itself. */
type ServiceAccount = { email: string; keyId: string | undefined; tokenUri: string };

const TOKEN_URI = 'https://oauth2.googleapis.com/token';
const LIFETIME_S = 3_600;

/**
 * Checks a service account's key file. Throws an `Error` whose sentence is for the operator and says nothing of the
 * file's content.
 */
export function readServiceAccount(credentials: Secret): ServiceAccount {
  return parseKeyFile(credentials).account;
}

/**
 * The form that Google exchanges for an access token: an assertion in the service account's name, signed with its key,
 * good for an hour. Source: Google, "Using OAuth 2.0 for server to server applications"; RFC 7523.
 */
export function writeTokenRequest(auth: GoogleAuth, nowMs: number): { tokenUri: string; form: string } {
  const { account, key } = parseKeyFile(auth.credentials);
  const issuedAtS = Math.floor(nowMs / 1_000);
  const assertion = writeAssertion({ account, scopes: auth.scopes, issuedAtS }, key);
  const form = new URLSearchParams({
    grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
    assertion,
  });
  return { tokenUri: account.tokenUri, form: form.toString() };
}

type Claims = { account: ServiceAccount; scopes: readonly string[]; issuedAtS: number };

function writeAssertion({ account, scopes, issuedAtS }: Claims, key: KeyObject): string {
  const header = { alg: 'RS256', typ: 'JWT', ...(account.keyId === undefined ? {} : { kid: account.keyId }) };
  const claims = {
    iss: account.email,
    scope: scopes.join(' '),
    aud: account.tokenUri,
    iat: issuedAtS,
    exp: issuedAtS + LIFETIME_S,
  };
  const signed = `${base64url(header)}.${base64url(claims)}`;
  return `${signed}.${createSign('RSA-SHA256').update(signed).sign(key, 'base64url')}`;
}

function base64url(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function parseKeyFile(credentials: Secret): { account: ServiceAccount; key: KeyObject } {
  const file = parseObject(credentials.reveal());
  if (file.type !== 'service_account') {
    throw new Error('the Google credentials are not the JSON key of a service account');
  }
  const { client_email: email, private_key: pem, private_key_id: keyId, token_uri: tokenUri } = file;
  if (typeof email !== 'string' || typeof pem !== 'string') {
    throw new Error('the Google credentials lack client_email or private_key');
  }
  const account: ServiceAccount = {
    email,
    keyId: typeof keyId === 'string' ? keyId : undefined,
    tokenUri: typeof tokenUri === 'string' ? tokenUri : TOKEN_URI,
  };
  return { account, key: readKey(pem) };
}

function parseObject(text: string): { [field: string]: unknown } {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return { ...value };
  } catch {
    // What the parser says may quote the key.
  }
  throw new Error('the Google credentials are not JSON');
}

function readKey(pem: string): KeyObject {
  try {
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyType === 'rsa') return key;
  } catch {
    // The same answer, without OpenSSL's words.
  }
  throw new Error('the private_key of the Google credentials is not an RSA key in PEM');
}
