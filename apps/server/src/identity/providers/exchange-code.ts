import { type AskJson, asObject, asText } from './ask-json.ts';
import type { IdentityProvider } from './identity-provider.ts';

export type CodeExchange = {
  url: URL;
  code: string;
  redirectUri: string;
  codeVerifier: string;
  /** How the client proves itself. Source: RFC 6749 §2.3.1. */
  authentication: 'basic' | 'post';
};

type ProviderTokens = { accessToken: string; idToken: string | undefined };

/** Turns a code into tokens. Source: RFC 6749 §4.1.3, RFC 7636 §4.5. Rejects when there are none. */
export async function exchangeCode(
  ask: AskJson,
  { clientId, clientSecret }: IdentityProvider,
  exchange: CodeExchange,
): Promise<ProviderTokens> {
  const { url, code, redirectUri, codeVerifier, authentication } = exchange;
  const form = new URLSearchParams({
    grant_type: 'authorization_code',
    code,
    redirect_uri: redirectUri,
    code_verifier: codeVerifier,
  });
  if (authentication === 'post') {
    form.set('client_id', clientId);
    form.set('client_secret', clientSecret.reveal());
  }
  const pair = [clientId, clientSecret.reveal()].map(encodeForm).join(':');
  const answer = await ask({
    method: 'POST',
    url,
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      accept: 'application/json',
      'user-agent': 'tokenrouter',
    },
    credential:
      authentication === 'basic' ? { authorization: `Basic ${Buffer.from(pair).toString('base64')}` } : {},
    body: form.toString(),
  });
  const { access_token, id_token } = asObject(answer);
  const accessToken = asText(access_token, 16_384);
  if (accessToken === undefined) throw new Error('The provider gave no token for the code.');
  return { accessToken, idToken: asText(id_token, 65_536) };
}

/** As forms are encoded, which RFC 6749 asks for before the two are joined. */
function encodeForm(text: string): string {
  return new URLSearchParams({ '': text }).toString().slice(1);
}
