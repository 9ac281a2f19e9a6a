import type { Auth } from '../provider.ts';

/** The headers that carry a credential. The only place that reveals a provider's secret: call it where the request is written. */
export function authHeaders(auth: Auth): { [name: string]: string } {
  switch (auth.kind) {
    case 'bearer':
      return { authorization: `Bearer ${auth.secret.reveal()}` };
    case 'header':
      return { [auth.name]: auth.secret.reveal() };
    case 'none':
      return {};
  }
}
