import { authFor } from './auth/auth-for.ts';
import { readAwsKey } from './auth/aws-key-text.ts';
import { findKnownAt, findKnownProvider } from './known-providers.ts';
import type { Auth, Provider } from './provider.ts';
import type { Secret } from './secret.ts';

/**
 * The same row with this secret in the place of its own, in all its ways. Only the credential changes: where the row is
 * and how the credential travels stay. Of a signed row (AWS) the secret is `access key id:secret access key`, with
 * `:session token` where there is one, or a Bedrock API key, which travels as a bearer; of Google's, the service account's
 * key file. Make it once and keep it: what is fetched for a credential is kept by the row it was made for.
 */
export function withSecret(provider: Provider, secret: Secret): Provider {
  return createSecretSwap(secret)(provider);
}

/** The same for rows that come again and again: a credential that was replaced once is replaced by the same one. */
export function createSecretSwap(secret: Secret): (provider: Provider) => Provider {
  const made = new WeakMap<Auth, Auth>();
  const replaced = (row: Provider): Provider => {
    // Ways that shared a credential share the new one, and with it whatever token is fetched for it.
    const auth = made.get(row.auth) ?? authWith(row, secret);
    if (row.auth.kind !== 'none') made.set(row.auth, auth);
    if (row.also === undefined) return { ...row, auth };
    return { ...row, auth, also: row.also.map((way) => ({ ...way, provider: replaced(way.provider) })) };
  };
  return replaced;
}

function authWith(row: Provider, secret: Secret): Auth {
  const { auth } = row;
  switch (auth.kind) {
    case 'bearer':
      return { kind: 'bearer', secret };
    case 'header':
      return { kind: 'header', name: auth.name, secret };
    case 'aws-sigv4': {
      const key = readAwsKey(secret);
      if (key === undefined) return { kind: 'bearer', secret };
      return { kind: 'aws-sigv4', region: auth.region, service: auth.service, ...key };
    }
    case 'google-oauth':
      return { kind: 'google-oauth', credentials: secret, scopes: auth.scopes };
    case 'none':
      return authFor(row.dialect, secret, findKnownProvider(row.kind ?? row.id) ?? findKnownAt(row.baseUrl));
  }
}
