import { type FakeGithub, type FakeOidc, openFakeUpstream, playsGithub, playsOidc } from '@app/testkit';
import type { Browser } from './browser.ts';

export const HUB = { clientId: 'of-hub', clientSecret: 'secret-of-hub' };
export const IDP = { clientId: 'of-idp', clientSecret: 'secret of/idp' };
export const EVIL = { clientId: 'of-evil', clientSecret: 'secret-of-evil' };

export type LoginServers = {
  hub: FakeGithub;
  idp: FakeOidc;
  evil: FakeOidc;
  /** Every path that the provider `idp` was asked for. */
  askedIdp: () => string[];
  /** `sign_in.providers` of the settings. */
  providers: object[];
  close(): Promise<void>;
};

/** A GitHub and two OpenID Connect providers on loopback, one of which somebody hostile runs. */
export async function openLoginServers(): Promise<LoginServers> {
  const [hubServer, idpServer, evilServer] = await Promise.all([
    openFakeUpstream(),
    openFakeUpstream(),
    openFakeUpstream(),
  ]);
  const hub = playsGithub({ ...HUB, person: { id: 1, login: 'ada', name: 'Ada', emails: [] } });
  const idp = playsOidc({ ...IDP, issuer: idpServer.url, claims: {} });
  const evil = playsOidc({ ...EVIL, issuer: evilServer.url, claims: {} });
  hubServer.play(hub.script);
  idpServer.play(idp.script);
  evilServer.play(evil.script);
  const oidc = (id: string, issuer: string, { clientId, clientSecret }: typeof IDP) => ({
    ...{ id, kind: 'oidc', issuer, client_id: clientId, client_secret: clientSecret },
  });
  return {
    ...{ hub, idp, evil },
    askedIdp: () => idpServer.requests.map(({ path }) => path),
    providers: [
      {
        ...{ id: 'hub', kind: 'github', base_url: hubServer.url },
        ...{ client_id: HUB.clientId, client_secret: HUB.clientSecret },
      },
      { ...oidc('idp', idpServer.url, IDP), title: 'Our IdP', two_factor: true },
      oidc('evil', evilServer.url, EVIL),
    ],
    close: async () => {
      await Promise.all([hubServer.close(), idpServer.close(), evilServer.close()]);
    },
  };
}

/** Where a browser is sent that wants to sign in, or to link, by a provider. */
export async function beginLogin(
  browser: Browser,
  provider: string,
  route = 'sign-in/social',
): Promise<string> {
  const reply = await browser.post(`/api/auth/${route}`, { provider, callbackURL: '/traces' });
  if (reply.statusCode !== 200) throw new Error(`not begun: ${reply.statusCode} ${reply.body}`);
  return reply.json().url;
}

/** Comes back from a provider; where the browser is sent next. */
export async function comeBack(browser: Browser, address: string): Promise<string> {
  const { pathname, search } = new URL(address);
  const reply = await browser.get(pathname + search);
  if (reply.statusCode !== 302) throw new Error(`not redirected: ${reply.statusCode} ${reply.body}`);
  return String(reply.headers.location);
}

export function errorOf(location: string): string | null {
  return new URL(location, 'http://here').searchParams.get('error');
}
