import type { InvitationView, Session } from '@app/contract';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import { acceptInvitation } from '../../api/members.ts';
import { sessionQuery, signOut } from '../../api/session.ts';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { CodeForm } from '../sign-in/code-form.tsx';
import { PasswordForm } from '../sign-in/password-form.tsx';

type Props = { token: string; invitation: InvitationView; user: Session['user'] | undefined };

/** For somebody who has an account: the one that was invited, and no other. */
export function AcceptAsMe({ token, invitation, user }: Props) {
  const router = useRouter();
  const queries = useQueryClient();
  const accepting = useMutation({
    mutationFn: () => acceptInvitation(token),
    onSuccess: () => {
      queries.clear();
      router.history.replace('/');
    },
  });
  const leaving = useMutation({
    mutationFn: signOut,
    onSuccess: () => queries.invalidateQueries({ queryKey: sessionQuery.queryKey }),
  });
  const { email } = invitation;
  if (user === undefined) return <SignInFirst email={email} />;
  if (user.email.toLowerCase() !== email.toLowerCase()) {
    return (
      <>
        <Notice tone="warn">{`You are signed in as ${user.email}, and the invitation is for ${email}.`}</Notice>
        {leaving.error ? <Notice tone="bad">{leaving.error.message}</Notice> : null}
        <Button isBusy={leaving.isPending} onClick={() => leaving.mutate()}>
          Sign out here
        </Button>
      </>
    );
  }
  return (
    <>
      {accepting.error ? <Notice tone="bad">{accepting.error.message}</Notice> : null}
      <Button look="primary" className="h-10" isBusy={accepting.isPending} onClick={() => accepting.mutate()}>
        Join as {user.name}
      </Button>
    </>
  );
}

/** On this page, because the token of the invitation is nowhere else. */
function SignInFirst({ email }: { email: string }) {
  const queries = useQueryClient();
  const [asksCode, setAsksCode] = useState(false);
  const enter = () => queries.invalidateQueries({ queryKey: sessionQuery.queryKey });
  if (asksCode) return <CodeForm onDone={enter} onBack={() => setAsksCode(false)} />;
  return (
    <>
      <p className="text-soft text-sm wrap-anywhere">{email} has an account here. Sign in with it first.</p>
      <PasswordForm hasMail={false} onDone={enter} onCode={() => setAsksCode(true)} />
    </>
  );
}
