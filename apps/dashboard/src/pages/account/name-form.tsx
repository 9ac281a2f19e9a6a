import type { Account } from '@app/contract';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { accountQuery, updateAccount } from '../../api/account.ts';
import { sessionQuery } from '../../api/session.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { Notice } from '../../ui/notice.tsx';
import { AccountSection } from './account-section.tsx';

export function NameForm({ account }: { account: Account }) {
  const [name, setName] = useState(account.name);
  const queries = useQueryClient();
  const saving = useMutation({
    mutationFn: () => updateAccount(name.trim()),
    onSuccess: async (saved) => {
      queries.setQueryData(accountQuery.queryKey, saved);
      await queries.invalidateQueries({ queryKey: sessionQuery.queryKey });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    saving.mutate();
  };
  return (
    <AccountSection title="You" lead={account.email}>
      <form onSubmit={submit} className="flex flex-wrap items-end gap-3">
        <Field
          className="min-w-0 flex-1 basis-60"
          label="Name"
          autoComplete="name"
          required
          maxLength={100}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <Button
          type="submit"
          className="h-10"
          isBusy={saving.isPending}
          disabled={name.trim() === '' || name.trim() === account.name}
        >
          Save
        </Button>
      </form>
      {saving.error ? <Notice tone="bad">{saving.error.message}</Notice> : null}
    </AccountSection>
  );
}
