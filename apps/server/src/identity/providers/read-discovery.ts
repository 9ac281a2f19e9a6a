import { asObject, asText, type JsonObject } from './ask-json.ts';

/** What of a discovery document is used. Source: OpenID Connect Discovery 1.0 §3. */
export type Discovery = {
  authorizationUrl: URL;
  tokenUrl: URL;
  userInfoUrl: URL | undefined;
  keysUrl: URL;
  /** With which the id token may be signed: what is asymmetric and known, never `none` and never a shared secret. */
  algorithms: string[];
  authentication: 'basic' | 'post';
};

/** Reads a discovery document. Throws when it is somebody else's or lacks what is needed. */
export function readDiscovery(document: unknown, issuer: string): Discovery {
  const found = asObject(document);
  // A document of another issuer would lend us its keys.
  if (found.issuer !== issuer) throw new Error('The discovery document is of another issuer.');
  const offered = textsOf(found.id_token_signing_alg_values_supported);
  const algorithms = ASYMMETRIC.filter((algorithm) => offered.includes(algorithm));
  if (algorithms.length === 0) throw new Error('The provider signs with nothing that can be checked.');
  const ways = textsOf(found.token_endpoint_auth_methods_supported);
  return {
    authorizationUrl: urlOf(found, 'authorization_endpoint'),
    tokenUrl: urlOf(found, 'token_endpoint'),
    userInfoUrl: found.userinfo_endpoint === undefined ? undefined : urlOf(found, 'userinfo_endpoint'),
    keysUrl: urlOf(found, 'jwks_uri'),
    algorithms,
    authentication:
      ways.includes('client_secret_post') && !ways.includes('client_secret_basic') ? 'post' : 'basic',
  };
}

const ASYMMETRIC = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];

function urlOf(document: JsonObject, name: string): URL {
  const url = URL.parse(asText(document[name]) ?? '');
  if (url !== null && (url.protocol === 'https:' || url.protocol === 'http:')) return url;
  throw new Error(`The discovery document has no ${name}.`);
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}
