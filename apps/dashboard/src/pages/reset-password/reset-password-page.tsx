import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { resetPassword } from '../../api/sign-in.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Gate } from '../shell/gate.tsx';
import { useFragmentToken } from '../shell/use-fragment-token.ts';

/** A new password, by the link that was mailed. */
export function ResetPasswordPage() {
  const token = useFragmentToken();
  const [password, setPassword] = useState('');
  const resetting = useMutation({ mutationFn: () => resetPassword(token, password) });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    resetting.mutate();
  };
  if (resetting.isSuccess) {
    return (
      <Gate title="Your password is new" lead="All your sessions ended. Sign in with the new password.">
        <ToSignIn />
      </Gate>
    );
  }
  if (token === '') {
    return (
      <Gate title="Link needed" lead="Open the whole link that you were sent, with the part after #.">
        <ToSignIn />
      </Gate>
    );
  }
  return (
    <Gate
      title="New password"
      lead="It takes the place of the one that you forgot, and ends all your sessions."
    >
      <form onSubmit={submit} className="flex flex-col gap-4">
        {resetting.error ? <Notice tone="bad">{resetting.error.message}</Notice> : null}
        <Field
          label="New password"
          type="password"
          autoComplete="new-password"
          required
          minLength={12}
          maxLength={72}
          hint="At least 12 characters."
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
        <Button type="submit" look="primary" isBusy={resetting.isPending} className="h-10">
          Set the password
        </Button>
      </form>
    </Gate>
  );
}

function ToSignIn() {
  return (
    <Link to="/sign-in" search={{}} className="font-medium text-accent text-sm underline underline-offset-4">
      Go to the sign-in
    </Link>
  );
}
