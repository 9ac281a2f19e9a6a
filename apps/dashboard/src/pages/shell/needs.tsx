import type { Session } from '@app/contract';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { findProviderAddress, signInMethodsQuery } from '../../api/sign-in.ts';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Empty } from '../../ui/page-status.tsx';

type Organization = NonNullable<Session['organizations']>[number];
export type Need = NonNullable<Organization['needs']>;

/** What stands in place of every page of an organization that asks for another way in. */
export function Needs({ name, needs }: { name: string; needs: Need }) {
  if (needs.kind === 'provider') return <NeedsProvider name={name} provider={needs.provider ?? ''} />;
  return (
    <Card className="mx-auto max-w-3xl">
      <Empty title={`${name} asks for a second factor`}>
        <p>
          Set up an app that shows codes, or add a passkey and sign in with it. Then everything is here again.
        </p>
        <Link
          to="/account"
          className="inline-flex h-9 items-center rounded-lg bg-accent px-3.5 font-medium text-on-accent text-sm hover:bg-accent-strong"
        >
          To your account
        </Link>
      </Empty>
    </Card>
  );
}

function NeedsProvider({ name, provider }: { name: string; provider: string }) {
  const { data: methods } = useQuery(signInMethodsQuery);
  const title = methods?.providers.find(({ id }) => id === provider)?.title ?? provider;
  const going = useMutation({
    mutationFn: () => findProviderAddress(provider, { to: '/', onError: '/sign-in' }),
    onSuccess: (address) => location.assign(address),
  });
  return (
    <Card className="mx-auto max-w-3xl">
      <Empty title={`${name} asks you to sign in by ${title}`}>
        {going.error ? <Notice tone="bad">{going.error.message}</Notice> : null}
        <p>You signed in another way. Nothing of this organization is shown until you come by {title}.</p>
        <Button look="primary" isBusy={going.isPending} onClick={() => going.mutate()}>
          Go on with {title}
        </Button>
      </Empty>
    </Card>
  );
}
