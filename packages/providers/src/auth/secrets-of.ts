import type { Auth } from '../provider.ts';

/** The texts of a credential that nobody may see, to take them out of what a provider says. */
export function secretsOf(auth: Auth): string[] {
  switch (auth.kind) {
    case 'bearer':
    case 'header':
      return [auth.secret.reveal()];
    case 'aws-sigv4':
      return auth.sessionToken === undefined
        ? [auth.secret.reveal(), auth.accessKeyId]
        : [auth.secret.reveal(), auth.sessionToken.reveal(), auth.accessKeyId];
    // The key never travels; the token that does is a bearer.
    case 'google-oauth':
    case 'none':
      return [];
  }
}
