import type { InvitationView, Session } from '@app/contract';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useRouter } from '@tanstack/react-router';
import { acceptInvitation } from '../../api/members.ts';
import { sessionQuery, signOut } from '../../api/session.ts';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';

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
  if (user === undefined) {
    return (
      <>
        <p className="text-soft text-sm wrap-anywhere">
          {email} has an account here. Sign in with it, then open this link once more.
        </p>
        <Link
          to="/sign-in"
          search={{}}
          className="font-medium text-accent text-sm underline underline-offset-4"
        >
          Go to the sign-in
        </Link>
      </>
    );
  }
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
