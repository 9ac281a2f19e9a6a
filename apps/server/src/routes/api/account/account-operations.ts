import { endpoints } from '@app/contract';
import type { AccountManagement } from '../../../identity/create-account-management.ts';
import type { SessionUser } from '../../../identity/create-find-session.ts';
import type { Passkeys } from '../../../identity/create-passkeys.ts';
import type { RelyingParty } from '../../../identity/relying-party.ts';
import { type ApiRequest, type Operation, userOperation } from '../operation.ts';
import { getPartyOf } from './get-party-of.ts';
import { getSignInMethods, type SignInMethodsDeps } from './get-sign-in-methods.ts';
import { type PasskeySignInDeps, passkeySignInOperations } from './passkey-sign-in-operations.ts';

export type AccountOperationDeps = PasskeySignInDeps &
  SignInMethodsDeps & {
    account: AccountManagement;
    passkeys: Passkeys;
    /** For whom passkeys of a request's address are; undefined where there are none. */
    findParty: (request: ApiRequest) => RelyingParty | undefined;
  };

/** The account of whoever is signed in, and the ways in. */
export function accountOperations(deps: AccountOperationDeps): Operation[] {
  return [
    getSignInMethods(deps),
    ...ownAccount(deps.account),
    ...ownPasskeys(deps),
    ...passkeySignInOperations(deps),
  ];
}

const target = ({ id, email }: SessionUser) => ({ kind: 'account', id, name: email });

function ownAccount(account: AccountManagement): Operation[] {
  return [
    userOperation({
      endpoint: endpoints.getAccount,
      permission: 'signed-in',
      run: ({ user }) => account.get(user),
    }),
    userOperation({
      endpoint: endpoints.updateAccount,
      permission: 'signed-in',
      audit: {
        action: 'account.change',
        target: ({ user }) => target(user),
        before: async ({ user }) => ({ name: user.name }),
        after: ({ name }) => ({ name }),
      },
      run: ({ user, body }) => account.rename(user, body.name),
    }),
    userOperation({
      endpoint: endpoints.endSession,
      permission: 'signed-in',
      audit: {
        action: 'session.revoke',
        target: ({ params }) => ({ kind: 'session', id: params.id, name: null }),
      },
      run: async ({ user, params }) => ({ ended: await account.endSession(user, params.id) }),
    }),
    userOperation({
      endpoint: endpoints.endOtherSessions,
      permission: 'signed-in',
      audit: { action: 'session.revoke', target: ({ user }) => target(user) },
      run: async ({ user }) => ({ ended: await account.endOtherSessions(user) }),
    }),
    userOperation({
      endpoint: endpoints.deleteIdentity,
      permission: 'signed-in',
      audit: {
        action: 'account.unlink_identity',
        target: ({ params }) => ({ kind: 'identity', id: params.id, name: null }),
        after: () => null,
      },
      run: ({ user, params }) => account.deleteIdentity(user, params.id),
    }),
  ];
}

function ownPasskeys({ account, passkeys, findParty }: AccountOperationDeps): Operation[] {
  const partyOf = getPartyOf(findParty);
  return [
    userOperation({
      endpoint: endpoints.beginPasskey,
      permission: 'signed-in',
      changesNothing: true,
      run: ({ user, request }) => passkeys.beginCreate(user, partyOf(request)),
    }),
    userOperation({
      endpoint: endpoints.createPasskey,
      permission: 'signed-in',
      audit: {
        action: 'account.add_passkey',
        target: (_, output) => output && { kind: 'passkey', id: output.id, name: output.name },
      },
      run: ({ user, request, body }) => passkeys.create(user, partyOf(request), body),
    }),
    userOperation({
      endpoint: endpoints.deletePasskey,
      permission: 'signed-in',
      audit: {
        action: 'account.remove_passkey',
        target: ({ params }, output) => ({ kind: 'passkey', id: params.id, name: output?.name ?? null }),
        after: () => null,
      },
      run: ({ user, params }) => account.deletePasskey(user, params.id),
    }),
  ];
}
