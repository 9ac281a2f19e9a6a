import type { Account } from '@app/contract';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { accountQuery, deleteIdentity } from '../../api/account.ts';
import { findProviderAddress, signInMethodsQuery } from '../../api/sign-in.ts';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { When } from '../../ui/when.tsx';
import { providerProblem } from '../sign-in/provider-problem.ts';
import { AccountSection } from './account-section.tsx';

const route = getRouteApi('/shell/account');

/** Accounts elsewhere that lead here. */
export function IdentityList({ identities }: Pick<Account, 'identities'>) {
  const { error } = route.useSearch();
  const queries = useQueryClient();
  const { data: methods } = useQuery(signInMethodsQuery);
  const linking = useMutation({
    mutationFn: (id: string) => findProviderAddress(id, { to: '/account', onError: '/account' }, true),
    onSuccess: (address) => location.assign(address),
  });
  const unlinking = useMutation({
    mutationFn: deleteIdentity,
    onSuccess: (account) => queries.setQueryData(accountQuery.queryKey, account),
  });
  const linked = new Set(identities.map(({ provider }) => provider));
  const others = (methods?.providers ?? []).filter(({ id }) => !linked.has(id));
  if (identities.length === 0 && others.length === 0) return null;
  const problem = linking.error?.message ?? unlinking.error?.message ?? (error && providerProblem(error));
  return (
    <AccountSection title="Accounts elsewhere" lead="Sign in by an account that you have somewhere else.">
      {problem ? <Notice tone="bad">{problem}</Notice> : null}
      <ul className="divide-y divide-line">
        {identities.map(({ provider, title, linked_at }) => (
          <li key={provider} className="flex flex-wrap items-center gap-x-4 gap-y-1 py-2.5 text-sm">
            <span className="min-w-0 flex-1 font-medium wrap-anywhere">{title}</span>
            <span className="text-faint text-xs">
              linked <When iso={linked_at} />
            </span>
            <Button
              look="quiet"
              isBusy={unlinking.isPending && unlinking.variables === provider}
              onClick={() => unlinking.mutate(provider)}
              aria-label={`Unlink ${title}`}
            >
              Unlink
            </Button>
          </li>
        ))}
        {others.map(({ id, title }) => (
          <li key={id} className="flex flex-wrap items-center gap-x-4 gap-y-1 py-2.5 text-sm">
            <span className="min-w-0 flex-1 wrap-anywhere">{title}</span>
            <Button
              isBusy={linking.isPending && linking.variables === id}
              onClick={() => linking.mutate(id)}
              aria-label={`Link ${title}`}
            >
              Link
            </Button>
          </li>
        ))}
      </ul>
    </AccountSection>
  );
}
