import { endpoints } from '@app/contract';
import type { IdentityProvider } from '../../../identity/providers/identity-provider.ts';
import type { RelyingParty } from '../../../identity/relying-party.ts';
import { type ApiRequest, publicOperation } from '../operation.ts';

export type SignInMethodsDeps = {
  providers: readonly Pick<IdentityProvider, 'id' | 'title' | 'kind'>[];
  allowsPasswords: boolean;
  sendsMail: boolean;
  findParty: (request: ApiRequest) => RelyingParty | undefined;
};

/** What the sign-in page offers; the same for everybody. */
export const getSignInMethods = ({ providers, allowsPasswords, sendsMail, findParty }: SignInMethodsDeps) =>
  publicOperation({
    endpoint: endpoints.getSignInMethods,
    permission: 'anyone',
    run: async ({ request }) => ({
      password: allowsPasswords,
      passkey: findParty(request) !== undefined,
      providers: providers.map(({ id, title, kind }) => ({ id, title, kind })),
      mail: sendsMail && allowsPasswords,
    }),
  });
