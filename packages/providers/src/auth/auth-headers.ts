import type { Auth } from '../provider.ts';
import { type SignedRequest, signAws } from './sign-aws.ts';

/**
 * The headers that carry a credential. This folder is the only place that reveals a provider's secret: call it where
 * the request is written. A signature needs the `request` it covers; of a Google credential the token travels, as a
 * bearer.
 */
export function authHeaders(auth: Auth, request?: SignedRequest): { [name: string]: string } {
  switch (auth.kind) {
    case 'bearer':
      return { authorization: `Bearer ${auth.secret.reveal()}` };
    case 'header':
      return { [auth.name]: auth.secret.reveal() };
    case 'aws-sigv4':
      if (request === undefined) throw new Error('a signature needs the request that it covers');
      return signAws(auth, request);
    case 'google-oauth':
      throw new Error('a Google credential is exchanged for a token first');
    case 'none':
      return {};
  }
}
