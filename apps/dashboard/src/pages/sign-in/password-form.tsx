import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { requestPasswordReset, signInWithPassword } from '../../api/sign-in.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { Notice } from '../../ui/notice.tsx';

type Props = {
  /** Whether a forgotten password can be reset by e-mail. */
  hasMail: boolean;
  onDone: () => void;
  /** A code of the second factor is asked for. */
  onCode: () => void;
};

export function PasswordForm({ hasMail, onDone, onCode }: Props) {
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const entering = useMutation({
    mutationFn: () => signInWithPassword(email.trim(), password),
    onSuccess: (asksCode) => (asksCode ? onCode() : onDone()),
  });
  const resetting = useMutation({ mutationFn: () => requestPasswordReset(email.trim()) });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    entering.mutate();
  };
  const problem = entering.error ?? resetting.error;
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      {problem ? <Notice tone="bad">{problem.message}</Notice> : null}
      {resetting.isSuccess ? (
        <Notice tone="good">If there is an account with this address, a link is on its way to it.</Notice>
      ) : null}
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
      {hasMail ? (
        <Button
          look="quiet"
          isBusy={resetting.isPending}
          disabled={!email.includes('@')}
          title={email.includes('@') ? undefined : 'Type your e-mail address first'}
          onClick={() => resetting.mutate()}
        >
          I forgot my password
        </Button>
      ) : null}
    </form>
  );
}
