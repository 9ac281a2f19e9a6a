import { type RelationalStore, type Store, toStoreError } from '@app/store';
import type { Accounts } from './create-accounts.ts';
import type { AuthOptions } from './create-auth.ts';
import type { FindSession } from './create-find-session.ts';

export type SignIn = {
  findSession: FindSession;
  accounts: Accounts;
  /** Answers the requests of the sign-in routes. */
  handler(request: Request): Promise<Response>;
  /** Loads the library and brings its tables up to date, unless that is done. Rejects when PostgreSQL does not answer. */
  load(): Promise<void>;
};

export type SignInDeps = AuthOptions &
  Pick<Store, 'withMigrationLock'> &
  Pick<RelationalStore['accounts'], 'touchSession'>;

/**
 * The ways in. Their library takes longer to load than the whole gateway, which needs none of it, so it is loaded
 * beside the first calls, or by the first request that needs it. A failure is tried again then.
 */
export function openSignIn(deps: SignInDeps): SignIn {
  let loading: Promise<Loaded> | undefined;
  const loaded = () => {
    loading ??= loadSignIn(deps).catch((error: unknown) => {
      loading = undefined;
      throw toStoreError(error);
    });
    return loading;
  };
  return {
    findSession: async (headers) =>
      headers.cookie === undefined ? undefined : (await loaded()).findSession(headers),
    accounts: {
      create: async (account) => (await loaded()).accounts.create(account),
      createNew: async (account) => (await loaded()).accounts.createNew(account),
      openSession: async (session) => (await loaded()).accounts.openSession(session),
      openReset: async (userId, expiresAtMs) => (await loaded()).accounts.openReset(userId, expiresAtMs),
    },
    handler: async (request) => (await loaded()).handler(request),
    load: async () => void (await loaded()),
  };
}

type Loaded = Omit<SignIn, 'load'>;

async function loadSignIn({ withMigrationLock, touchSession, ...options }: SignInDeps): Promise<Loaded> {
  const [{ createAuth, migrateAuth }, { createFindSession }, { createAccounts }] = await Promise.all([
    import('./create-auth.ts'),
    import('./create-find-session.ts'),
    import('./create-accounts.ts'),
  ]);
  const auth = createAuth(options);
  await withMigrationLock(() => migrateAuth(auth));
  return {
    findSession: createFindSession({ auth, touchSession, nowMs: options.nowMs }),
    accounts: createAccounts(auth),
    handler: (request) => auth.handler(request),
  };
}
