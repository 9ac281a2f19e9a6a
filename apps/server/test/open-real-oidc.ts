import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider from 'oidc-provider';

export type RealOidc = {
  issuer: string;
  /** Goes through its pages for log-in and consent, as a person would; where it sends the browser back to. */
  signIn(url: string, account: string): Promise<string>;
  close(): Promise<void>;
};

export type RealOidcClient = { clientId: string; clientSecret: string; redirectUri: string };

/** oidc-provider, a certified OpenID Connect server, on loopback; an account is an address that it vouches for. */
export async function openRealOidc(client: RealOidcClient): Promise<RealOidc> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const issuer = `http://127.0.0.1:${port}`;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: client.clientId,
        client_secret: client.clientSecret,
        redirect_uris: [client.redirectUri],
        response_types: ['code'],
        grant_types: ['authorization_code'],
      },
    ],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    cookies: { keys: ['only for tests'] },
    findAccount: (_: unknown, id: string) => ({
      accountId: id,
      claims: () => ({ sub: id, email: id, email_verified: true, name: 'Ada' }),
    }),
  });
  server.on('request', provider.callback());
  return {
    issuer,
    signIn: (url, account) => goThrough(url, { account, issuer }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const STEPS_MAX = 15;

/** Follows its redirects and fills in its forms until it sends the browser elsewhere. */
async function goThrough(
  url: string,
  { account, issuer }: { account: string; issuer: string },
): Promise<string> {
  const cookies = new Map<string, string>();
  let next: { url: string; form?: URLSearchParams } = { url };
  for (let step = 0; step < STEPS_MAX; step += 1) {
    const reply = await fetch(next.url, {
      redirect: 'manual',
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(next.form === undefined ? {} : { method: 'POST', body: next.form }),
    });
    for (const cookie of reply.headers.getSetCookie()) {
      const [name = '', value = ''] = (cookie.split(';', 1)[0] ?? '').split(/=(.*)/s);
      cookies.set(name, value);
    }
    const location = reply.headers.get('location');
    if (location !== null) {
      next = { url: new URL(location, next.url).href };
      if (!next.url.startsWith(issuer)) return next.url;
      continue;
    }
    next = formOf(await reply.text(), next.url, account);
  }
  throw new Error('The provider never sent the browser back.');
}

function formOf(page: string, at: string, account: string): { url: string; form: URLSearchParams } {
  const action = /<form[^>]*action="([^"]+)"/.exec(page)?.[1];
  const prompt = /name="prompt" value="(\w+)"/.exec(page)?.[1] ?? '';
  if (action === undefined) throw new Error(`The provider shows no form: ${page.slice(0, 500)}`);
  return {
    url: new URL(action, at).href,
    form: new URLSearchParams({ prompt, login: account, password: 'any' }),
  };
}
