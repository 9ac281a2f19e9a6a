import { useQuery } from '@tanstack/react-query';
import { accountQuery } from '../../api/account.ts';
import { Failed, Skeleton } from '../../ui/page-status.tsx';
import { PageTitle } from '../shell/page-title.tsx';
import { IdentityList } from './identity-list.tsx';
import { NameForm } from './name-form.tsx';
import { PasskeyList } from './passkey-list.tsx';
import { PasswordChange } from './password-change.tsx';
import { SessionList } from './session-list.tsx';
import { TwoFactor } from './two-factor.tsx';

/** Whoever is signed in: the ways in, and where they are open. */
export function AccountPage() {
  const account = useQuery(accountQuery);
  return (
    <div className="mx-auto flex max-w-3xl flex-col items-stretch gap-5">
      <PageTitle title="Account" />
      {account.isPending ? <Skeleton className="h-96 rounded-xl" /> : null}
      {account.isError && account.data === undefined ? (
        <Failed message={account.error.message} onRetry={() => account.refetch()} />
      ) : null}
      {account.data === undefined ? null : (
        <>
          <NameForm account={account.data} />
          {account.data.has_password ? <PasswordChange /> : null}
          {account.data.has_password ? <TwoFactor isOn={account.data.two_factor} /> : null}
          <PasskeyList passkeys={account.data.passkeys} />
          <IdentityList identities={account.data.identities} />
          <SessionList sessions={account.data.sessions} />
        </>
      )}
    </div>
  );
}
