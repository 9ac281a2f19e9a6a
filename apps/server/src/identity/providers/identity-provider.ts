import { Secret } from '@app/providers';
import type { SignInProvider } from '../../config/sign-in-fields.ts';

/** Where else people can sign in, with every default applied. */
export type IdentityProvider = {
  id: string;
  kind: 'github' | 'google' | 'oidc';
  title: string;
  clientId: string;
  clientSecret: Secret;
  scopes: readonly string[];
  /** Of GitHub: the address of the site. Of the others: who signs. */
  place: string;
  discoveryUrl: string;
  assumesEmailVerified: boolean;
  /** Whether it asks everybody for two factors. */
  isTwoFactor: boolean;
};

/** Reads one of the settings, which passed their checks. */
export function readIdentityProvider(entry: SignInProvider): IdentityProvider {
  const { id, kind } = entry;
  const place = trimmed(kind === 'github' ? (entry.base_url ?? GITHUB) : (entry.issuer ?? GOOGLE), kind);
  return {
    id,
    kind,
    title: entry.title ?? TITLES[kind] ?? id,
    clientId: entry.client_id,
    clientSecret: new Secret(entry.client_secret.trim()),
    scopes:
      entry.scopes ?? (kind === 'github' ? ['read:user', 'user:email'] : ['openid', 'email', 'profile']),
    place,
    discoveryUrl: entry.discovery_url ?? `${place.replace(/\/$/, '')}/.well-known/openid-configuration`,
    assumesEmailVerified: entry.assume_email_verified,
    isTwoFactor: entry.two_factor,
  };
}

const GITHUB = 'https://github.com';
const GOOGLE = 'https://accounts.google.com';
const TITLES: { readonly [kind: string]: string } = { github: 'GitHub', google: 'Google' };

/** An issuer is compared letter by letter; an address loses its final slash. */
function trimmed(place: string, kind: string): string {
  return kind === 'github' ? place.replace(/\/+$/, '') : place;
}
