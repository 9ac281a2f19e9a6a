import type { Postgres } from './open-postgres.ts';
import { consumePasskeyChallenge } from './queries/consume-passkey-challenge.ts';
import { countSignInAttempt } from './queries/count-sign-in-attempt.ts';
import { deleteExpiredSignIn } from './queries/delete-expired-sign-in.ts';
import { deleteIdentity } from './queries/delete-identity.ts';
import { deleteOtherSessions } from './queries/delete-other-sessions.ts';
import { deletePasskey } from './queries/delete-passkey.ts';
import { deleteUserSession } from './queries/delete-user-session.ts';
import { disableTwoFactor } from './queries/disable-two-factor.ts';
import { findAccount } from './queries/find-account.ts';
import { findPasskey } from './queries/find-passkey.ts';
import { findSignInPlace } from './queries/find-sign-in-place.ts';
import { insertPasskey } from './queries/insert-passkey.ts';
import { insertPasskeyChallenge } from './queries/insert-passkey-challenge.ts';
import { insertUsedCode } from './queries/insert-used-code.ts';
import { listPasskeys } from './queries/list-passkeys.ts';
import { listUserSessions } from './queries/list-user-sessions.ts';
import { listUsers } from './queries/list-users.ts';
import { releaseSignInAttempt } from './queries/release-sign-in-attempt.ts';
import { touchPasskey } from './queries/touch-passkey.ts';
import { touchSession } from './queries/touch-session.ts';
import { touchSignInPlace } from './queries/touch-sign-in-place.ts';
import { updateUserName } from './queries/update-user-name.ts';

/** How people sign in, and what belongs to their accounts. */
export function signInTables(postgres: Postgres) {
  return {
    signIn: {
      countSignInAttempt: countSignInAttempt(postgres),
      releaseSignInAttempt: releaseSignInAttempt(postgres),
      findSignInPlace: findSignInPlace(postgres),
      touchSignInPlace: touchSignInPlace(postgres),
      insertUsedCode: insertUsedCode(postgres),
      deleteExpiredSignIn: deleteExpiredSignIn(postgres),
    },
    passkeys: {
      insertPasskey: insertPasskey(postgres),
      listPasskeys: listPasskeys(postgres),
      findPasskey: findPasskey(postgres),
      touchPasskey: touchPasskey(postgres),
      deletePasskey: deletePasskey(postgres),
      insertPasskeyChallenge: insertPasskeyChallenge(postgres),
      consumePasskeyChallenge: consumePasskeyChallenge(postgres),
    },
    /** Of the sign-in library, whose tables must exist. */
    accounts: {
      findAccount: findAccount(postgres),
      updateUserName: updateUserName(postgres),
      deleteIdentity: deleteIdentity(postgres),
      disableTwoFactor: disableTwoFactor(postgres),
      listUsers: listUsers(postgres),
      listUserSessions: listUserSessions(postgres),
      deleteUserSession: deleteUserSession(postgres),
      deleteOtherSessions: deleteOtherSessions(postgres),
      touchSession: touchSession(postgres),
    },
  };
}
