import type { Auth } from './create-auth.ts';
import { hashPassword } from './password.ts';

type NewAccount = { name: string; email: string; password: string };

export type Accounts = {
  /** Makes an account that can sign in, and answers with the user's id. */
  create(account: NewAccount): Promise<string>;
};

/** Accounts of the sign-in library, made by us because nobody can register over HTTP. */
export function createAccounts(auth: Auth): Accounts {
  return {
    create: async ({ name, email, password }) => {
      const hashed = await hashPassword(password);
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
  };
}
