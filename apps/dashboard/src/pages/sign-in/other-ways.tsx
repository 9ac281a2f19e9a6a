import type { SignInMethods } from '@app/contract';
import { useMutation } from '@tanstack/react-query';
import { Fingerprint, LogIn } from 'lucide-react';
import { findProviderAddress, signInWithPasskey } from '../../api/sign-in.ts';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';

type Props = {
  methods: SignInMethods;
  /** The path of ours that follows. */
  next: string;
  onDone: () => void;
};

/** A passkey and the providers, as far as there are any. */
export function OtherWays({ methods, next, onDone }: Props) {
  const byPasskey = useMutation({ mutationFn: signInWithPasskey, onSuccess: onDone });
  const byProvider = useMutation({
    mutationFn: (id: string) => findProviderAddress(id, { to: next, onError: '/sign-in' }),
    onSuccess: (address) => location.assign(address),
  });
  if (!methods.passkey && methods.providers.length === 0) return null;
  const problem = byPasskey.error ?? byProvider.error;
  return (
    <div className="flex flex-col gap-2.5">
      {methods.password ? (
        <p className="flex items-center gap-3 text-faint text-xs before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line">
          or
        </p>
      ) : null}
      {problem ? <Notice tone="bad">{problem.message}</Notice> : null}
      {methods.providers.map(({ id, title }) => (
        <Button
          key={id}
          className="h-10"
          isBusy={byProvider.isPending && byProvider.variables === id}
          onClick={() => byProvider.mutate(id)}
        >
          <LogIn aria-hidden="true" className="size-4" /> Go on with {title}
        </Button>
      ))}
      {methods.passkey ? (
        <Button className="h-10" isBusy={byPasskey.isPending} onClick={() => byPasskey.mutate()}>
          <Fingerprint aria-hidden="true" className="size-4" /> Use a passkey
        </Button>
      ) : null}
    </div>
  );
}
