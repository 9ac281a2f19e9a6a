import type { Budget } from '@app/contract';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { grantBudget } from '../../api/budgets.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { Modal } from '../../ui/modal.tsx';
import { Notice } from '../../ui/notice.tsx';
import { parseAmount } from './parse-amount.ts';

type Props = { project: string; budget: Budget; subject: string; onClose: () => void };

/** More money for the rest of the period, with the reason for those who ask later. */
export function GrantForm({ project, budget, subject, onClose }: Props) {
  const [amount, setAmount] = useState('');
  const [reason, setReason] = useState('');
  const queries = useQueryClient();
  const granting = useMutation({
    mutationFn: () =>
      grantBudget(project, budget.id, {
        amount_usd: parseAmount(amount).usd,
        subject,
        ...(reason.trim() === '' ? {} : { reason: reason.trim() }),
      }),
    onSuccess: async () => {
      await Promise.all(
        ['budgets', 'budget-notices'].map((name) => queries.invalidateQueries({ queryKey: [name, project] })),
      );
      onClose();
    },
  });
  const problem = amount === '' ? undefined : parseAmount(amount).problem;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    granting.mutate();
  };
  return (
    <Modal
      title={subject === '' ? `More for “${budget.name}”` : `More for ${subject}`}
      lead={`It holds until this ${budget.period} ends; the budget itself stays as it is.`}
      onClose={onClose}
    >
      <form onSubmit={submit} className="flex flex-col gap-5">
        {granting.error ? <Notice tone="bad">{granting.error.message}</Notice> : null}
        <Field
          label="Amount in US dollars"
          required
          inputMode="decimal"
          placeholder="50.00"
          value={amount}
          problem={problem}
          onChange={(event) => setAmount(event.target.value)}
        />
        <Field
          label="Reason"
          maxLength={500}
          placeholder="launch week"
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button
            type="submit"
            look="primary"
            isBusy={granting.isPending}
            disabled={amount === '' || problem !== undefined}
          >
            Give more
          </Button>
        </div>
      </form>
    </Modal>
  );
}
