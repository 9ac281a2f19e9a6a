import { useMutation, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useRouter } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { sessionQuery, signIn } from '../../api/session.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Gate } from '../shell/gate.tsx';
import { localPath } from './local-path.ts';

const route = getRouteApi('/sign-in');

export function SignInPage() {
  const { next } = route.useSearch();
  const router = useRouter();
  const queries = useQueryClient();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const entering = useMutation({
    mutationFn: () => signIn(email.trim(), password),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: sessionQuery.queryKey });
      queries.removeQueries({ queryKey: sessionQuery.queryKey });
      router.history.push(localPath(next));
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    entering.mutate();
  };
  return (
    <Gate title="Sign in" lead="With the e-mail address and password of your account here.">
      <form onSubmit={submit} className="flex flex-col gap-4">
        {entering.error ? <Notice tone="bad">{entering.error.message}</Notice> : null}
        <Field
          label="E-mail"
          type="email"
          autoComplete="username"
          required
          value={email}
          onChange={(event) => setEmail(event.target.value)}
        />
        <Field
          label="Password"
          type="password"
          autoComplete="current-password"
          required
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
        <Button type="submit" look="primary" isBusy={entering.isPending} className="mt-1 h-10">
          Sign in
        </Button>
      </form>
    </Gate>
  );
}
