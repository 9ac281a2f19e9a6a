import { endpoints } from '@app/contract';
import { clientAddressHeader } from '../../../identity/client-address-header.ts';
import type { Accounts } from '../../../identity/create-accounts.ts';
import type { Setup } from '../../../identity/create-setup.ts';
import { type ApiRequest, publicOperation } from '../operation.ts';

/** Makes the first user and signs them in. The token of the set-up link is the credential. */
export const completeSetup = (setup: Setup, sessions: Pick<Accounts, 'openSession'>) =>
  publicOperation({
    endpoint: endpoints.completeSetup,
    permission: 'anyone',
    audit: {
      action: 'setup.complete',
      // Who has no link is turned away before anything is written down: strangers fill no chain.
      before: ({ body }) => setup.checkLink(body.token),
      after: (_done, { body }) => ({ name: body.name, email: body.email }),
    },
    run: async ({ body, request, setCookie }) => {
      const { userId } = await setup.complete(body);
      // Where passwords are switched off this is the only way in, until a passkey or a provider is added.
      const session = await sessions.openSession(sessionOf(userId, request)).catch(() => undefined);
      for (const cookie of session?.setCookies ?? []) setCookie(cookie);
      return { needed: false };
    },
  });

function sessionOf(userId: string, { headers, ip }: ApiRequest) {
  const userAgent = String(headers['user-agent'] ?? '');
  return {
    ...{ userId, method: 'password', twoFactor: false },
    headers: { 'user-agent': userAgent, [clientAddressHeader]: ip },
  };
}
