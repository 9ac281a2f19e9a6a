import type { InvitationView } from '@app/contract';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { acceptInvitation } from '../../api/members.ts';
import { sessionQuery } from '../../api/session.ts';
import { signInMethodsQuery, signInWithPassword } from '../../api/sign-in.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { Notice } from '../../ui/notice.tsx';
import { OtherWays } from '../sign-in/other-ways.tsx';

type Props = { token: string; invitation: InvitationView };

/** For somebody who has no account here: a name and a password, or one of the providers. */
export function AcceptAsNew({ token, invitation }: Props) {
  const router = useRouter();
  const queries = useQueryClient();
  const { data: methods } = useQuery(signInMethodsQuery);
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const enter = () => {
    queries.removeQueries({ queryKey: sessionQuery.queryKey });
    router.history.replace('/');
  };
  const accepting = useMutation({
    mutationFn: async () => {
      await acceptInvitation(token, { name: name.trim(), password });
      // Who is in and cannot be signed in at once does it themselves.
      await signInWithPassword(invitation.email, password).catch(() => undefined);
    },
    onSuccess: enter,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    accepting.mutate();
  };
  const { required_provider: required } = invitation;
  const offered = methods && {
    ...methods,
    password: required === null && methods.password,
    passkey: false,
    providers: methods.providers.filter(({ id }) => required === null || id === required),
  };
  return (
    <>
      {offered?.password ? (
        <form onSubmit={submit} className="flex flex-col gap-4">
          {accepting.error ? <Notice tone="bad">{accepting.error.message}</Notice> : null}
          <Field
            label="Your name"
            autoComplete="name"
            required
            maxLength={100}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
          <Field
            label="Password"
            type="password"
            autoComplete="new-password"
            required
            minLength={12}
            maxLength={72}
            hint="At least 12 characters."
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
          <Button type="submit" look="primary" isBusy={accepting.isPending} className="h-10">
            Join
          </Button>
        </form>
      ) : null}
      {offered === undefined ? null : <OtherWays methods={offered} next="/" onDone={enter} />}
    </>
  );
}
