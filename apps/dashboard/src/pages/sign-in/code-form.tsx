import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { sendCode } from '../../api/sign-in.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { Notice } from '../../ui/notice.tsx';

/** The second step of a sign-in with a password. */
export function CodeForm({ onDone, onBack }: { onDone: () => void; onBack: () => void }) {
  const [code, setCode] = useState('');
  const sending = useMutation({ mutationFn: () => sendCode(code.trim()), onSuccess: onDone });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    sending.mutate();
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      {sending.error ? <Notice tone="bad">{sending.error.message}</Notice> : null}
      <Field
        label="Code"
        autoComplete="one-time-code"
        // Nothing else can be done here.
        autoFocus
        required
        maxLength={20}
        value={code}
        onChange={(event) => setCode(event.target.value)}
      />
      <Button type="submit" look="primary" isBusy={sending.isPending} className="h-10">
        Go on
      </Button>
      <Button look="quiet" onClick={onBack}>
        Back
      </Button>
    </form>
  );
}
