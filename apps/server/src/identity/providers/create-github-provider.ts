import { createAuthorizationURL, type OAuthProvider } from 'better-auth/oauth2';
import { type AskJson, asObject, asText, type JsonObject } from './ask-json.ts';
import { checkFlowProvider } from './check-flow-provider.ts';
import { exchangeCode } from './exchange-code.ts';
import type { IdentityProvider } from './identity-provider.ts';

/**
 * GitHub, or a GitHub Enterprise Server: plain OAuth with PKCE, without an id token; who somebody is comes from its API.
 * Source: GitHub Docs, "Authorizing OAuth apps", "REST API endpoints for emails".
 */
export function createGithubProvider(
  provider: IdentityProvider,
  { ask }: { ask: AskJson },
): OAuthProvider<JsonObject> {
  const { id, clientId, place } = provider;
  const api = place === 'https://github.com' ? 'https://api.github.com' : `${place}/api/v3`;
  const askApi = (path: string, accessToken: string) =>
    ask({
      method: 'GET',
      url: new URL(`${api}${path}`),
      headers: {
        accept: 'application/vnd.github+json',
        'user-agent': 'tokenrouter',
        'x-github-api-version': '2022-11-28',
      },
      credential: { authorization: `Bearer ${accessToken}` },
    });
  return {
    id,
    name: provider.title,
    // The number: a login can be given up and taken by somebody else.
    accountSubject: ({ profile }) => (Number.isSafeInteger(profile.id) ? String(profile.id) : ''),
    createAuthorizationURL: ({ state, codeVerifier, redirectURI }) =>
      createAuthorizationURL({
        id,
        options: { clientId },
        authorizationEndpoint: `${place}/login/oauth/authorize`,
        state,
        codeVerifier,
        redirectURI,
        scopes: [...provider.scopes],
      }),
    validateAuthorizationCode: async ({ code, codeVerifier, redirectURI: redirectUri }) => {
      await checkFlowProvider(id);
      if (codeVerifier === undefined) throw new Error('The flow has no code verifier.');
      const url = new URL(`${place}/login/oauth/access_token`);
      const { accessToken } = await exchangeCode(ask, provider, {
        ...{ url, code, codeVerifier, redirectUri },
        authentication: 'post',
      });
      return { accessToken };
    },
    getUserInfo: async ({ accessToken }) => {
      if (accessToken === undefined) return null;
      const profile = asObject(await askApi('/user', accessToken));
      // What stands in a profile is what somebody typed there; only the list says what was verified.
      const { email, isVerified } = primaryOf(await askApi('/user/emails', accessToken));
      const name = asText(profile.name, 100) ?? asText(profile.login, 100);
      const known = { ...(email === undefined ? {} : { email }), ...(name === undefined ? {} : { name }) };
      return { user: { ...known, emailVerified: isVerified }, data: profile };
    },
  };
}

function primaryOf(answer: unknown): { email: string | undefined; isVerified: boolean } {
  const listed = Array.isArray(answer) ? answer.slice(0, 200).map(asObject) : [];
  const primary = listed.find((each) => each.primary === true);
  return { email: asText(primary?.email, 254), isVerified: primary?.verified === true };
}
