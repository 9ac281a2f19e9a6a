import { createAuthorizationURL, type OAuthProvider, verifyProviderIdToken } from 'better-auth/oauth2';
import { type AskJson, asObject, asText, type JsonObject } from './ask-json.ts';
import { checkFlowProvider } from './check-flow-provider.ts';
import { createKeySet } from './create-key-set.ts';
import { exchangeCode } from './exchange-code.ts';
import type { IdentityProvider } from './identity-provider.ts';
import { type Discovery, readDiscovery } from './read-discovery.ts';

const DISCOVERY_FRESH_MS = 3_600_000;

/**
 * An OpenID Connect provider: code flow with PKCE, state and nonce; who somebody is comes out of a signed id token that
 * was checked, never out of one that was only read. Source: OpenID Connect Core 1.0 §3.1. Asked for its addresses when
 * somebody wants to sign in there, so that one that is away keeps nobody else out.
 */
export function createOidcProvider(
  provider: IdentityProvider,
  { ask, nowMs }: { ask: AskJson; nowMs: () => number },
): OAuthProvider<JsonObject> {
  const { id, clientId, place: issuer } = provider;
  const discover = createDiscover(provider, ask, nowMs);
  const findKey = createKeySet(ask, async () => (await discover()).keysUrl, nowMs);
  const readClaims = async (token: string, nonce: string | undefined): Promise<JsonObject | undefined> => {
    const { algorithms } = await discover();
    const jwks = async (head: { kid?: string; alg?: string }) => ({ ...(await findKey(head)) });
    const verifyClaims = (claims: JsonObject) => isForUs(claims, clientId);
    const config = { jwks, issuer, audience: clientId, algorithms, verifyClaims };
    if (nonce === undefined || !(await verifyProviderIdToken({ id, idToken: config }, token, nonce)))
      return undefined;
    return asObject(JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')));
  };
  return {
    id,
    name: provider.title,
    issuer,
    requiresIdTokenNonce: true,
    accountSubject: ({ profile }) => asText(profile.sub, 255) ?? '',
    createAuthorizationURL: async ({ state, codeVerifier, redirectURI, idTokenNonce }) =>
      createAuthorizationURL({
        id,
        options: { clientId },
        authorizationEndpoint: (await discover()).authorizationUrl.href,
        state,
        codeVerifier,
        redirectURI,
        scopes: [...provider.scopes],
        ...(idTokenNonce === undefined ? {} : { nonce: idTokenNonce }),
      }),
    validateAuthorizationCode: async ({ code, codeVerifier, redirectURI: redirectUri }) => {
      await checkFlowProvider(id);
      if (codeVerifier === undefined) throw new Error('The flow has no code verifier.');
      const { tokenUrl: url, authentication } = await discover();
      return exchangeCode(ask, provider, { url, authentication, code, codeVerifier, redirectUri });
    },
    getUserInfo: async ({ accessToken, idToken, expectedIdTokenNonce }) => {
      const claims = idToken === undefined ? undefined : await readClaims(idToken, expectedIdTokenNonce);
      if (claims === undefined) return null;
      const profile = await withUserInfo(claims, { accessToken, discovery: await discover(), ask });
      return profile === undefined ? null : { user: userOf(profile, provider), data: profile };
    },
  };
}

/** The discovery document, kept for an hour; one that cannot be had is asked for again by the next who needs it. */
function createDiscover(
  { discoveryUrl, place: issuer }: IdentityProvider,
  ask: AskJson,
  nowMs: () => number,
): () => Promise<Discovery> {
  let known: { discovery: Promise<Discovery>; atMs: number } | undefined;
  return () => {
    if (known !== undefined && nowMs() - known.atMs < DISCOVERY_FRESH_MS) return known.discovery;
    const headers = { accept: 'application/json' };
    const discovery = ask({ method: 'GET', url: new URL(discoveryUrl), headers }).then((document) =>
      readDiscovery(document, issuer),
    );
    known = { discovery, atMs: nowMs() };
    discovery.catch(() => {
      if (known?.discovery === discovery) known = undefined;
    });
    return discovery;
  };
}

/** A token for several must say that it was made for us. Source: OpenID Connect Core 1.0 §3.1.3.7. */
function isForUs({ aud, azp }: JsonObject, clientId: string): boolean {
  if (azp !== undefined) return azp === clientId;
  return !Array.isArray(aud) || aud.length === 1;
}

type UserInfoSource = { accessToken: string | undefined; discovery: Discovery; ask: AskJson };

/** Some providers tell an address only where they are asked for it. Undefined when the answer is about somebody else. */
async function withUserInfo(
  claims: JsonObject,
  { accessToken, discovery, ask }: UserInfoSource,
): Promise<JsonObject | undefined> {
  const url = discovery.userInfoUrl;
  if (claims.email !== undefined || url === undefined || accessToken === undefined) return claims;
  const headers = { accept: 'application/json' };
  const told = asObject(
    await ask({ method: 'GET', url, headers, credential: { authorization: `Bearer ${accessToken}` } }),
  );
  if (told.sub !== claims.sub) return undefined;
  return { ...told, ...claims };
}

function userOf(profile: JsonObject, { assumesEmailVerified }: IdentityProvider) {
  const email = asText(profile.email, 254);
  const name = asText(profile.name, 100) ?? asText(profile.preferred_username, 100) ?? email;
  return {
    ...(email === undefined ? {} : { email }),
    ...(name === undefined ? {} : { name }),
    // Only a plain yes counts, which some write as text; a plain no is never overruled.
    emailVerified:
      profile.email_verified === true ||
      profile.email_verified === 'true' ||
      (profile.email_verified === undefined && assumesEmailVerified),
  };
}
