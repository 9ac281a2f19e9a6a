import { generateRandomString } from 'better-auth/crypto';
import type { Auth } from './create-auth.ts';

type NewAccount = { name: string; email: string; password: string };

export type Accounts = {
  /** Makes an account that can sign in, and answers with the user's id. */
  create(account: NewAccount): Promise<string>;
  /** The same for an address that has no account, which is never touched; undefined when it has one. */
  createNew(account: NewAccount): Promise<string | undefined>;
  /** Begins a session for somebody who proved who they are, and answers with the cookies to set and the session's id. */
  openSession(session: {
    userId: string;
    method: string;
    twoFactor: boolean;
    /** Of the request, for the list of sessions. */
    headers: { [name: string]: string };
  }): Promise<{ id: string; setCookies: readonly string[] } | undefined>;
  /** The token of a link by which somebody can set another password, until then, once. */
  openReset(userId: string, expiresAtMs: number): Promise<string>;
};

/** Accounts of the sign-in library, made by us because nobody can register over HTTP with a password. */
export function createAccounts(auth: Auth): Accounts {
  const hash = async (password: string) => (await auth.$context).password.hash(password);
  return {
    create: async ({ name, email, password }) => {
      const hashed = await hash(password);
      const { internalAdapter } = await auth.$context;
      const found = await internalAdapter.findUserByEmail(email, { includeAccounts: true });
      const user =
        found?.user ??
        (await internalAdapter.createUser(
          { name, email, emailVerified: false },
          { method: 'email-password' },
        ));
      if (found?.accounts.some((account) => account.providerId === 'credential')) {
        // Left over from a set-up that was cut off before its user owned anything: whoever holds the link decides.
        await internalAdapter.updatePassword(user.id, hashed);
        return user.id;
      }
      await internalAdapter.createAccount({
        userId: user.id,
        providerId: 'credential',
        accountId: user.id,
        password: hashed,
      });
      return user.id;
    },
    createNew: async ({ name, email, password }) => {
      const hashed = await hash(password);
      const { internalAdapter } = await auth.$context;
      if ((await internalAdapter.findUserByEmail(email)) !== null) return undefined;
      const made = { name, email, emailVerified: false };
      const { id: userId } = await internalAdapter.createUser(made, { method: 'email-password' });
      const account = { userId, providerId: 'credential', accountId: userId, password: hashed };
      await internalAdapter.createAccount(account);
      return userId;
    },
    openSession: async ({ headers, ...session }) => {
      const { headers: answered, response } = await auth.api.openSession({
        body: session,
        headers: new Headers(headers),
        returnHeaders: true,
      });
      return response.id === undefined ? undefined : { id: response.id, setCookies: answered.getSetCookie() };
    },
    openReset: async (userId, expiresAtMs) => {
      const { internalAdapter } = await auth.$context;
      const token = generateRandomString(32);
      await internalAdapter.createVerificationValue({
        value: userId,
        identifier: `reset-password:${token}`,
        expiresAt: new Date(expiresAtMs),
      });
      return token;
    },
  };
}
