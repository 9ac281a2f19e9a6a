import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { accountQuery, changePassword } from '../../api/account.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { Modal } from '../../ui/modal.tsx';
import { Notice } from '../../ui/notice.tsx';
import { AccountSection } from './account-section.tsx';

export function PasswordChange() {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <AccountSection
      title="Password"
      lead="At least 12 characters. A change ends all your other sessions."
      action={<Button onClick={() => setIsOpen(true)}>Change password</Button>}
    >
      {isOpen ? <PasswordDialog onClose={() => setIsOpen(false)} /> : null}
    </AccountSection>
  );
}

function PasswordDialog({ onClose }: { onClose: () => void }) {
  const [current, setCurrent] = useState('');
  const [fresh, setFresh] = useState('');
  const queries = useQueryClient();
  const changing = useMutation({
    mutationFn: () => changePassword(current, fresh),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: accountQuery.queryKey });
      onClose();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    changing.mutate();
  };
  return (
    <Modal title="Change password" lead="All your other sessions end." onClose={onClose}>
      <form onSubmit={submit} className="flex flex-col gap-5">
        {changing.error ? <Notice tone="bad">{changing.error.message}</Notice> : null}
        <Field
          label="Password now"
          type="password"
          autoComplete="current-password"
          required
          value={current}
          onChange={(event) => setCurrent(event.target.value)}
        />
        <Field
          label="New password"
          type="password"
          autoComplete="new-password"
          required
          minLength={12}
          maxLength={72}
          hint="At least 12 characters."
          value={fresh}
          onChange={(event) => setFresh(event.target.value)}
        />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" isBusy={changing.isPending}>
            Change password
          </Button>
        </div>
      </form>
    </Modal>
  );
}
