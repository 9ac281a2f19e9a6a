import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { Modal } from '../../ui/modal.tsx';
import { Notice } from '../../ui/notice.tsx';

type Props = {
  title: string;
  lead: string;
  action: string;
  isDanger?: boolean;
  run: (password: string) => Promise<unknown>;
  onClose: () => void;
};

/** Asks for the password before something that a session alone may not do. */
export function PasswordQuestion({ title, lead, action, isDanger = false, run, onClose }: Props) {
  const [password, setPassword] = useState('');
  const doing = useMutation({ mutationFn: () => run(password) });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    doing.mutate();
  };
  return (
    <Modal title={title} lead={lead} onClose={onClose}>
      <form onSubmit={submit} className="flex flex-col gap-5">
        {doing.error ? <Notice tone="bad">{doing.error.message}</Notice> : null}
        <Field
          label="Your password"
          type="password"
          autoComplete="current-password"
          required
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look={isDanger ? 'danger' : 'primary'} isBusy={doing.isPending}>
            {action}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
